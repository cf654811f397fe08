"""The test stand: the correct implementation of one case, into which faults are planted one after the other.

What a fault leaves unchanged is computed once for all of them: a call that reads nothing of what is wrong gives the
correct result again, and of a call that does, only what lies behind the wrong equation is computed anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from harness.language.evaluate import Bindings
from harness.language.mutate.domains import FaultySingle
from harness.language.packed import Packed
from harness.program.model import Program
from harness.program.mutants import computable
from harness.subjects.interrupt import Interrupted
from harness.subjects.planting import NOTHING, Planted
from harness.subjects.reference import Reference, RefusedByContract, answer, result
from harness.subjects.subject import Subject

Results = Mapping[str, Any]
Key = tuple[Any, ...]


@dataclass
class Run:
    """One call and what came of it."""

    function: str
    arguments: Mapping[str, Any]
    dimensions: Mapping[str, int]
    bindings: Bindings
    results: Results = field(default_factory=dict)
    error: BaseException | None = None

    def outcome(self) -> Results:
        """A copy: a subject that hands out one array twice is wrong in another way."""
        if self.error is not None:
            raise self.error
        return {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in self.results.items()}


class Stand:
    """The equations in float32; for functions that return what no equation says, the real subject, if there is one.

    `only`: the one function into which faults are planted, or "" for all of them.
    """

    def __init__(self, program: Program, real: Subject | None, only: str = "") -> None:
        self.program, self.real, self.only = program, real, only
        self.reference = Reference("", FaultySingle())
        self.correct: dict[Key, Run] = {}
        self.wrong: dict[tuple[int, Key], Run] = {}  # by the identity of what is planted
        self.tensors: dict[Any, Packed] = {}  # decoded once, whatever is asked of them

    def clear(self) -> None:
        """A new case begins."""
        self.correct.clear()
        self.wrong.clear()
        self.tensors.clear()

    def offers(self, function: str) -> bool:
        """Whether there is somebody to call."""
        return self.by_equations(function) or self.real is not None

    def by_equations(self, function: str) -> bool:
        """Whether equations say all that a function returns, and conditions all that it refuses."""
        returned = self.program.contract.subjects[function].returns.values()
        conditions = [part.when for part in self.program.refusals if part.subject == function]
        return all(part.text.strip() in self.program.equations for part in returned) and None not in conditions

    def call(
        self, planted: Planted, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Results:
        """What the function does with a fault planted."""
        key = (function, *((name, fingerprint(value)) for name, value in arguments.items()))
        if key not in self.correct:
            self.correct[key] = self._run(function, arguments, dimensions, NOTHING, {})
        if planted is NOTHING:
            return self.correct[key].outcome()
        return self._planted(planted, key).outcome()

    def changed(self, planted: Planted) -> bool:
        """Whether a fault changes anything that the correct implementation was asked for in this case."""
        return any(differ(self._planted(planted, key), run) for key, run in list(self.correct.items()))

    def _planted(self, planted: Planted, key: Key) -> Run:
        correct = self.correct[key]
        if self.only not in ("", correct.function) or not reads(planted, correct):
            return correct
        place = (id(planted), key)
        if place not in self.wrong:
            wrong = set(planted.equations)
            known = {} if planted.formats else {
                name: value for name, value in correct.bindings.known.items()
                if name not in wrong and not self.program.depends.get(name, frozenset()) & wrong
            }  # fmt: skip
            self.wrong[place] = self._run(correct.function, correct.arguments, correct.dimensions, planted, known)
        return self.wrong[place]

    def _run(
        self, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int], planted: Planted,
        known: Mapping[str, Any],
    ) -> Run:  # fmt: skip
        subject = self.program.scope.subjects[function]
        equations = {**self.program.equations, **planted.equations}
        bindings = Bindings(self.reference.domain, equations, self.program.depends, {})
        run = Run(function, arguments, dimensions, bindings)
        try:
            given = arguments if planted.formats else {name: self._read(value) for name, value in arguments.items()}
            bindings.given = self.reference.bind(self.program, subject, given, dimensions, planted.formats)
            bindings.known = dict(known)
            if self.by_equations(function):
                run.results = answer(self.program, function, bindings, planted.ignores)
            else:
                run.results = self._overlaid(function, bindings, arguments, dimensions)
        except Interrupted:
            raise
        except BaseException as error:  # whatever a subject raises is its answer
            run.error = error
        return run

    def _read(self, value: Any) -> Any:
        """A tensor as the equations have it; the same bytes are the same tensor."""
        if not isinstance(value, tuple) or value[0] not in self.program.formats or not isinstance(value[2], bytes):
            return value
        if value not in self.tensors:
            self.tensors[value] = Packed.of(self.program.formats[value[0]], value[1], value[2])
        return self.tensors[value]

    def _overlaid(
        self, function: str, bindings: Bindings, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Results:
        """The real subject's results; those that an equation stands for come from the equation."""
        assert self.real is not None, "offers() was asked"
        real = self.real.call(self.program, function, arguments, dimensions)
        declared = self.program.scope.subjects[function].returns
        sources = {
            name: source.text.strip() for name, source in self.program.contract.subjects[function].returns.items()
        }
        given = set(self.program.scope.subjects[function].arguments.values())
        known = {
            name: equation for name, equation in sources.items()
            if equation in self.program.equations and computable(self.program, equation, given)
        }  # fmt: skip
        return {**real, **{name: result(bindings.value(equation), declared[name]) for name, equation in known.items()}}


class PlantedSubject:
    """The stand with one fault, as a subject."""

    def __init__(self, stand: Stand, planted: Planted, name: str = "reference") -> None:
        self.stand, self.planted, self.name = stand, planted, name

    def claims(self) -> tuple[str, ...] | None:
        return None

    def missing(self, program: Program) -> list[str]:
        return [name for name in program.contract.subjects if not self.stand.offers(name)]

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Results:
        del program
        return self.stand.call(self.planted, function, arguments, dimensions)


def reads(planted: Planted, correct: Run) -> bool:
    """Whether a call reads what is wrong: evaluation is lazy, so what it has not asked for cannot matter."""
    if isinstance(correct.error, RefusedByContract) and correct.error.error in planted.ignores:
        return True
    return bool(planted.formats) or not planted.equations.keys().isdisjoint(correct.bindings.known)


def differ(left: Run, right: Run) -> bool:
    """Whether two runs end differently, in any bit."""
    if left is right:
        return False
    if left.error is not None or right.error is not None:
        return type(left.error) is not type(right.error) or str(left.error) != str(right.error)
    return any(fingerprint(left.results[name]) != fingerprint(value) for name, value in right.results.items())


def fingerprint(value: Any) -> Any:
    """Something equal exactly where every bit is, and fit for a dictionary."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, tuple) and len(value) == 3 and isinstance(value[2], bytes):  # a tensor in blocks
        return value
    return repr(value)
