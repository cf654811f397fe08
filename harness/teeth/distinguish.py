"""Whether any case distinguishes a mutant from the original: the exact values of both are compared, stage by stage.

A mutant that no falsifier kills is either equivalent (its values are the original's, or within their bound) or it shows
a gap in the contract. Every array that a subject returns is judged as `stagewise` does, given the arrays before it. The
mutant is computed exactly and rounded once, so no claim could notice more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from harness.judge import claims as J
from harness.language import types as T
from harness.language.dtypes import DTYPES, FLOAT32, FLOAT64, of_array
from harness.language.evaluate import Bindings
from harness.language.exact.choice import Choice
from harness.language.exact.domain import Exact
from harness.language.exact.region import Bounded
from harness.language.mutate.domains import FaultyExact, FaultySingle
from harness.language.packed import Packed
from harness.language.syntax import Call
from harness.language.undecided import Undecided
from harness.program.arithmetic import arithmetic_of, single_of
from harness.program.case import Case
from harness.program.model import FalsifierProgram, Program
from harness.program.mutants import computable, computed
from harness.subjects.reference import result
from harness.teeth.cases import collect
from harness.teeth.fault import PlantedFault
from harness.teeth.hiding import Hiding, change_within, hiding

NO_VALUE = (ArithmeticError, LookupError, TypeError, ValueError)  # an equation that has none in a case


@dataclass(frozen=True)
class Distinction:
    """The difference that some case shows, in words; else in how many cases there is none, and whether there are more.

    `exhausted`: these are all the cases there are. `hidden`: what hides a change within the bound; None: in every case
    the values are the same.
    """

    difference: str = ""
    cases: int = 0
    exhausted: bool = False
    hidden: Hiding | None = None


def distinguish(program: Program, mutants: Sequence[PlantedFault], count: int) -> dict[str, Distinction]:
    """Each mutant, by id, compared on at most `count` cases of every function, with every kind of input."""
    found: dict[str, Distinction] = {}
    hidden: dict[str, Hiding] = {}
    cases, exhausted = 0, True
    for function in program.contract.subjects:
        stages = [source.text.strip() for source in program.contract.subjects[function].returns.values()]
        given = set(program.scope.subjects[function].arguments.values())
        stages = [name for name in stages if computable(program, name, given)]
        below = {name: computed(program, name, given) for name in stages}
        if not stages:
            continue
        collected = collect(program, unrestricted(program, function), count)
        exhausted = exhausted and collected.exhausted
        cases += len(collected.recipes)
        for case in collected.build():
            open_ = [mutant for mutant in mutants if mutant.id not in found]
            try:
                original = OriginalValues(program, function, below, case)
            except NO_VALUE:
                continue
            for mutant, change in original.changes(open_):
                if isinstance(change, str):
                    found[mutant.id] = Distinction(f"{change} differs beyond its bound, as in {case.recipe}")
                else:
                    hidden[mutant.id] = max(change, hidden.get(mutant.id, change), key=lambda part: part.share or 0.0)
    return {
        mutant.id: found.get(mutant.id, Distinction("", cases, exhausted, hidden.get(mutant.id))) for mutant in mutants
    }


def unrestricted(program: Program, function: str) -> FalsifierProgram:
    """A falsifier without `given`, `where` or tables: only its cases are used."""
    some = program.falsifiers[0].source
    source = replace(some, id=f"every case of {function}", given={}, where=None, for_each={}, over=())
    return FalsifierProgram(source, Call(function, (), ()), None, program.scope, False)


class OriginalValues:
    """The original's values in one case, computed once for all mutants that are compared with them.

    `below`: what a function returns, in order, each with the names that it has to compute for that.
    """

    def __init__(self, program: Program, function: str, below: Mapping[str, AbstractSet[str]], case: Case) -> None:
        self.program, self.below, self.case = program, below, case
        self.formats = returned_as(program, function, case)
        self.arithmetic = arithmetic_of(program)
        self.exact = Bindings(Exact(self.arithmetic), program.equations, program.depends, case.given())
        self.results: dict[str, Any] = {}
        single = Bindings(single_of(program, FaultySingle()), program.equations, program.depends, case.given())
        for name in below:
            self.results[name] = result(single.value(name), program.scope.names[name], self.formats[name])
        self.exact_values: dict[str, Any] = {}

    def changes(self, mutants: Sequence[PlantedFault]) -> Iterator[tuple[PlantedFault, str | Hiding]]:
        """The mutants that change something in this case: the first stage beyond its bound, else what hides it."""
        for mutant in mutants:
            with np.errstate(all="ignore"):
                change = self._change(mutant)
            if change:
                yield mutant, change

    def _change(self, mutant: PlantedFault) -> str | Hiding | None:
        edit, hidden = mutant.edit, None
        edited, formats = set(edit.equations), edit.formats
        given = {
            name: Packed(formats[value.format.name], value.shape, value.raw, value.label)
            if isinstance(value, Packed) and value.format.name in formats else value
            for name, value in self.case.given().items()
        }  # fmt: skip
        equations = {**self.program.equations, **edit.equations}
        mutated = Bindings(FaultyExact(self.arithmetic), equations, self.program.depends, given)
        before: dict[str, Any] = {}
        for name, below in self.below.items():
            if formats or below & edited:
                try:
                    right = self._exact_value(name, before)
                except (Undecided, *NO_VALUE):
                    before[name] = self.results[name]
                    continue
                try:
                    value = mutated.replaced(before).value(name)
                    if differs(value, right, self.formats[name]):
                        return name
                    hidden = hidden or self._hidden(name, value, right, before)
                except Undecided:
                    pass
                except NO_VALUE:
                    return name  # the mutant fails where the original has a value
            before[name] = self.results[name]
        return hidden

    def _hidden(self, stage: str, value: Any, right: Any, before: Mapping[str, Any]) -> Hiding | None:
        """What hides a change of this stage; None where there is none."""
        changed, share = change_within(value, right, DTYPES[self.formats[stage]] if self.formats[stage] else FLOAT32)
        if not changed:
            return None
        below = self.below[stage]
        on_the_way = [name for name in self.program.equations if name in below and name not in before]
        return hiding(self.exact.replaced(before), stage, share, on_the_way)

    def _exact_value(self, name: str, before: Mapping[str, Any]) -> Any:
        if name not in self.exact_values:
            self.exact_values[name] = self.exact.replaced(before).value(name)
        return self.exact_values[name]


def returned_as(program: Program, function: str, case: Case) -> dict[str, str]:
    """By equation, the number format in which a function returns it in this case; "" for that of its kind."""
    subject, formats = program.scope.subjects[function], dict[str, str]()
    for field, source in program.contract.subjects[function].returns.items():
        kind, like = subject.returns[field], case.inputs.get(subject.like.get(field, ""))
        found = of_array(like.dtype) if isinstance(like, np.ndarray) else None
        own = kind.dtype if isinstance(kind, T.Array) else ""
        formats.setdefault(source.text.strip(), found.name if found is not None else own)
    return formats


def differs(mutant: Any, right: Any, dtype: str = "") -> bool:
    """Whether the mutant's value, returned in a number format, is outside what the original's value and bound admit."""
    if isinstance(right, Choice):
        return bool(right.objection(mutant.index if isinstance(mutant, Choice) else np.asarray(mutant)))
    if isinstance(right, Bounded):
        value = mutant.v if isinstance(mutant, Bounded) else np.asarray(mutant)
        held = dtype or (FLOAT64 if right.ar.float64 else FLOAT32).name
        return J.close(result(value, T.Array("real"), held), right).holds is False
    return not np.array_equal(np.asarray(mutant), np.asarray(right))
