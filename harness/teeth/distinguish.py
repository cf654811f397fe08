"""Whether a mutant can be told from the original at all: the exact values of both, stage by stage.

A mutant that nobody kills is either no fault (its values are the original's, or within their bound), or a gap in the
contract. Every array that a subject returns is judged as `stagewise` does, given the arrays before it; the mutant is
computed exactly and rounded once, so no claim could see more.
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
from harness.program.case import Case
from harness.program.model import FalsifierProgram, Program
from harness.program.mutants import computable
from harness.search.engine import arithmetic_of
from harness.subjects.reference import result
from harness.teeth.cases import built, gathered
from harness.teeth.fault import Fault

FAILS = (ArithmeticError, LookupError, TypeError, ValueError, NotFinite)


@dataclass(frozen=True)
class Told:
    """The difference that some case shows, in words; or how many cases show none, and whether there are no others."""

    difference: str = ""
    cases: int = 0
    exhausted: bool = False


def tell_apart(program: Program, mutants: Sequence[Fault], count: int) -> dict[str, Told]:
    """Each mutant on at most so many cases of every function, of every kind that the contract has."""
    told: dict[str, Told] = {}
    cases, exhausted = 0, True
    for function in program.contract.subjects:
        stages = [source.text.strip() for source in program.contract.subjects[function].returns.values()]
        given = set(program.scope.subjects[function].arguments.values())
        stages = [name for name in stages if name in program.equations and computable(program, name, given)]
        if not stages:
            continue
        gathering = gathered(program, anything(program, function), count)
        exhausted = exhausted and gathering.exhausted
        cases += len(gathering.found)
        for case in built(gathering):
            open_ = [mutant for mutant in mutants if mutant.id not in told]
            try:
                comparison = Comparison(program, stages, case)
            except FAILS:
                continue  # a case without a value teaches nothing
            for mutant, stage in comparison.differences(open_):
                told[mutant.id] = Told(f"{stage} differs beyond its bound, as in {case.recipe}")
    return {mutant.id: told.get(mutant.id, Told("", cases, exhausted)) for mutant in mutants}


def anything(program: Program, function: str) -> FalsifierProgram:
    """A falsifier that narrows nothing, for its cases alone."""
    some = program.falsifiers[0].source
    source = replace(some, id=f"every case of {function}", given={}, where=None, for_each={}, over=())
    return FalsifierProgram(source, Call(function, (), ()), None, program.scope, False)


class Comparison:
    """One case: the original's stages are computed once, each mutant's as far as they differ."""

    def __init__(self, program: Program, stages: Sequence[str], case: Case) -> None:
        self.program, self.stages, self.case = program, stages, case
        self.arithmetic = arithmetic_of(program)
        self.exact = Bindings(Exact(self.arithmetic), program.equations, program.depends, case.given())
        self.captured: dict[str, Any] = {}
        single = Bindings(FaultySingle(), program.equations, program.depends, case.given())
        for name in stages:
            self.captured[name] = result(single.value(name), program.scope.names[name])
        self.right: dict[str, Any] = {}

    def differences(self, mutants: Sequence[Fault]) -> Iterator[tuple[Fault, str]]:
        """Mutants that differ here, with the stage that shows it."""
        for mutant in mutants:
            with np.errstate(all="ignore"):
                stage = self._difference(mutant)
            if stage:
                yield mutant, stage

    def _difference(self, mutant: Fault) -> str:
        planted = mutant.planted
        wrong, formats = set(planted.equations), planted.formats
        given = {
            name: Packed(formats[value.format.name], value.shape, value.raw, value.label)
            if isinstance(value, Packed) and value.format.name in formats else value
            for name, value in self.case.given().items()
        }  # fmt: skip
        equations = {**self.program.equations, **planted.equations}
        mutated = Bindings(FaultyExact(self.arithmetic), equations, self.program.depends, given)
        before: dict[str, Any] = {}
        for name in self.stages:
            if formats or name in wrong or self.program.depends[name] & wrong:
                try:
                    right = self._right(name, before)
                    if apart(mutated.replaced(before).value(name), right):
                        return name
                except Undecided:
                    pass
                except FAILS:
                    return name  # the mutant fails where the original has a value
            before[name] = self.captured[name]
        return ""

    def _right(self, name: str, before: Mapping[str, Any]) -> Any:
        if name not in self.right:
            self.right[name] = self.exact.replaced(before).value(name)
        return self.right[name]


def apart(mutant: Any, right: Any) -> bool:
    """Whether the mutant's value is none that the original admits."""
    if isinstance(right, Choice):
        return bool(right.objection(mutant.index if isinstance(mutant, Choice) else np.asarray(mutant)))
    if isinstance(right, Bounded):
        value = mutant.v if isinstance(mutant, Bounded) else np.asarray(mutant)
        return J.close(np.asarray(value).astype(np.float32), right).holds is False
    return not np.array_equal(np.asarray(mutant), np.asarray(right))
