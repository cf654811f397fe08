"""Whether any case distinguishes a mutant from the original: the exact values of both are compared, stage by stage.

A mutant that no falsifier kills is either equivalent (its values are the original's, or within their bound) or it shows
a gap in the contract. Every array that a subject returns is judged as `stagewise` does, given the arrays before it. The
mutant is computed exactly and rounded once, so no claim could notice more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from harness.judge import claims as J
from harness.language.evaluate import Bindings
from harness.language.exact.choice import Choice
from harness.language.exact.domain import Exact
from harness.language.exact.primitives import Undecided
from harness.language.exact.region import Bounded
from harness.language.mutate.domains import FaultyExact, FaultySingle
from harness.language.packed import NotFinite, Packed
from harness.language.syntax import Call
from harness.program.arithmetic import arithmetic_of
from harness.program.case import Case
from harness.program.model import FalsifierProgram, Program
from harness.program.mutants import computable
from harness.subjects.reference import result
from harness.teeth.cases import collect
from harness.teeth.fault import PlantedFault

NO_VALUE = (ArithmeticError, LookupError, TypeError, ValueError, NotFinite)  # an equation that has none in a case


@dataclass(frozen=True)
class Distinction:
    """The difference that some case shows, in words; else in how many cases there is none, and whether there are more.

    `exhausted`: these are all the cases there are.
    """

    difference: str = ""
    cases: int = 0
    exhausted: bool = False


def distinguish(program: Program, mutants: Sequence[PlantedFault], count: int) -> dict[str, Distinction]:
    """Each mutant, by id, compared on at most `count` cases of every function, with every kind of input."""
    found: dict[str, Distinction] = {}
    cases, exhausted = 0, True
    for function in program.contract.subjects:
        stages = [source.text.strip() for source in program.contract.subjects[function].returns.values()]
        given = set(program.scope.subjects[function].arguments.values())
        stages = [name for name in stages if name in program.equations and computable(program, name, given)]
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
            for mutant, stage in original.differences(open_):
                found[mutant.id] = Distinction(f"{stage} differs beyond its bound, as in {case.recipe}")
    return {mutant.id: found.get(mutant.id, Distinction("", cases, exhausted)) for mutant in mutants}


def unrestricted(program: Program, function: str) -> FalsifierProgram:
    """A falsifier without `given`, `where` or tables: only its cases are used."""
    some = program.falsifiers[0].source
    source = replace(some, id=f"every case of {function}", given={}, where=None, for_each={}, over=())
    return FalsifierProgram(source, Call(function, (), ()), None, program.scope, False)


class OriginalValues:
    """The original's values in one case, computed once for all mutants that are compared with them."""

    def __init__(self, program: Program, stages: Sequence[str], case: Case) -> None:
        self.program, self.stages, self.case = program, stages, case
        self.arithmetic = arithmetic_of(program)
        self.exact = Bindings(Exact(self.arithmetic), program.equations, program.depends, case.given())
        self.results: dict[str, Any] = {}
        single = Bindings(FaultySingle(), program.equations, program.depends, case.given())
        for name in stages:
            self.results[name] = result(single.value(name), program.scope.names[name])
        self.exact_values: dict[str, Any] = {}

    def differences(self, mutants: Sequence[PlantedFault]) -> Iterator[tuple[PlantedFault, str]]:
        """The mutants that differ from the original in this case, each with the first stage that differs."""
        for mutant in mutants:
            with np.errstate(all="ignore"):
                stage = self._difference(mutant)
            if stage:
                yield mutant, stage

    def _difference(self, mutant: PlantedFault) -> str:
        edit = mutant.edit
        edited, formats = set(edit.equations), edit.formats
        given = {
            name: Packed(formats[value.format.name], value.shape, value.raw, value.label)
            if isinstance(value, Packed) and value.format.name in formats else value
            for name, value in self.case.given().items()
        }  # fmt: skip
        equations = {**self.program.equations, **edit.equations}
        mutated = Bindings(FaultyExact(self.arithmetic), equations, self.program.depends, given)
        before: dict[str, Any] = {}
        for name in self.stages:
            if formats or name in edited or self.program.depends[name] & edited:
                try:
                    right = self._exact_value(name, before)
                    if differs(mutated.replaced(before).value(name), right):
                        return name
                except Undecided:
                    pass
                except NO_VALUE:
                    return name  # the mutant fails where the original has a value
            before[name] = self.results[name]
        return ""

    def _exact_value(self, name: str, before: Mapping[str, Any]) -> Any:
        if name not in self.exact_values:
            self.exact_values[name] = self.exact.replaced(before).value(name)
        return self.exact_values[name]


def differs(mutant: Any, right: Any) -> bool:
    """Whether the mutant's value is outside what the original's value and bound admit."""
    if isinstance(right, Choice):
        return bool(right.objection(mutant.index if isinstance(mutant, Choice) else np.asarray(mutant)))
    if isinstance(right, Bounded):
        value = mutant.v if isinstance(mutant, Bounded) else np.asarray(mutant)
        return J.close(np.asarray(value).astype(np.float32), right).holds is False
    return not np.array_equal(np.asarray(mutant), np.asarray(right))
