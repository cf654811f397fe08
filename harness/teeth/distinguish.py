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
from harness.language.dtypes import FLOAT32
from harness.language.evaluate import Bindings
from harness.language.exact.choice import Choice
from harness.language.exact.domain import Exact
from harness.language.exact.region import Bounded
from harness.language.infer import SubjectType
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
        stages = stages_of(program, function)
        if not stages:
            continue
        collected = collect(program, unrestricted(program, function), count)
        exhausted = exhausted and collected.exhausted
        cases += len(collected.recipes)
        for case in collected.build():
            open_ = [mutant for mutant in mutants if mutant.id not in found]
            try:
                original = OriginalValues(program, stages, case)
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


@dataclass(frozen=True)
class Stage:
    """One result of a function: the field, its equation, and the names that the function has to compute for it.

    `subject`: the function, which says the type of what it returns.
    """

    field: str
    equation: str
    below: AbstractSet[str]
    subject: SubjectType

    def returned(self, value: Any, case: Case, saturates: bool = False) -> np.ndarray:
        """A value as the function returns it in a case; saturates: beyond the largest number it is that number."""
        return result(
            value, self.subject.returns[self.field], self.subject.format_of(self.field, case.inputs), saturates
        )


def stages_of(program: Program, function: str) -> list[Stage]:
    """What a function returns by an equation that can be computed from what it is given, in order."""
    subject = program.scope.subjects[function]
    given = set(subject.arguments.values())
    sources = {field: source.text.strip() for field, source in program.contract.subjects[function].returns.items()}
    return [
        Stage(field, name, computed(program, name, given), subject)
        for field, name in sources.items()
        if computable(program, name, given)
    ]


class OriginalValues:
    """The original's values in one case, computed once for all mutants that are compared with them.

    `stages`: what a function returns, in order.
    """

    def __init__(self, program: Program, stages: Sequence[Stage], case: Case) -> None:
        self.program, self.stages, self.case = program, stages, case
        self.arithmetic = arithmetic_of(program)
        self.exact = Bindings(Exact(self.arithmetic), program.equations, program.depends, case.given())
        single = Bindings(single_of(program, FaultySingle()), program.equations, program.depends, case.given())
        self.results = {stage.field: self._returned(stage, single.value(stage.equation)) for stage in stages}
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
        for stage in self.stages:
            name = stage.equation
            others = {known: value for known, value in before.items() if known != name}
            if formats or stage.below & edited:
                try:
                    right = self._exact_value(name, others)
                except (Undecided, *NO_VALUE):
                    before[name] = self.results[stage.field]
                    continue
                try:
                    value = self._as_returned(stage, mutated.replaced(others).value(name))
                    if differs(value, right):
                        return name
                    hidden = hidden or self._hidden(stage, value, right, others)
                except Undecided:
                    pass
                except NO_VALUE:
                    return name  # the mutant fails where the original has a value
            before[name] = self.results[stage.field]
        return hidden

    def _as_returned(self, stage: Stage, value: Any) -> Any:
        """A value as it is returned, where that is not float32: of what is stored nothing else is seen."""
        if isinstance(value, Choice) or not self._is_converted(stage):
            return value
        return self._returned(stage, value.v if isinstance(value, Bounded) else value)

    def _returned(self, stage: Stage, value: Any) -> np.ndarray:
        return stage.returned(value, self.case, self.arithmetic.saturates)

    def _is_converted(self, stage: Stage) -> bool:
        """Whether a stage of real numbers is returned in another format than float32 in this case."""
        kind = self.program.scope.names[stage.equation]
        real = isinstance(kind, T.Array) and kind.kind == "real"
        return real and self.results[stage.field].dtype != FLOAT32.numpy

    def _hidden(self, stage: Stage, value: Any, right: Any, before: Mapping[str, Any]) -> Hiding | None:
        """What hides a change of this stage; None where there is none."""
        changed, share = change_within(value, right)
        if isinstance(right, Bounded) and self._is_converted(stage):
            original = self._returned(stage, right.v).astype(np.float64)
            changed = not np.array_equal(value.astype(np.float64), original, equal_nan=True)
            share = J.close(value, right).ratio
        if not changed:
            return None
        on_the_way = [name for name in self.program.equations if name in stage.below and name not in before]
        return hiding(self.exact.replaced(before), stage.equation, share, on_the_way)

    def _exact_value(self, name: str, before: Mapping[str, Any]) -> Any:
        if name not in self.exact_values:
            self.exact_values[name] = self.exact.replaced(before).value(name)
        return self.exact_values[name]


def differs(mutant: Any, right: Any) -> bool:
    """Whether the mutant's value is outside what the original's value and bound admit."""
    if isinstance(right, Choice):
        return bool(right.objection(mutant.index if isinstance(mutant, Choice) else np.asarray(mutant)))
    if isinstance(right, Bounded):
        held = np.float64 if right.ar.float64 else np.float32
        value = np.asarray(mutant.v).astype(held) if isinstance(mutant, Bounded) else np.asarray(mutant)
        return J.close(value, right).holds is False
    return not np.array_equal(np.asarray(mutant), np.asarray(right))
