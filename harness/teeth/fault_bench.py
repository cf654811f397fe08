"""The fault bench: the correct implementation of one case, into which faults are planted one after the other.

What a fault leaves unchanged is computed once for all of them. A call that reads nothing of the edited equations
returns the correct result again. Of any other call, only the equations that depend on the edited ones are evaluated
anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from harness.language.behind import both_ends
from harness.language.evaluate import Bindings
from harness.language.mutate.domains import FaultySingle
from harness.language.packed import Packed
from harness.language.syntax import names
from harness.program.arithmetic import single_of
from harness.program.model import Program, RefusalProgram
from harness.program.mutants import computable
from harness.subjects.interrupt import Interrupted
from harness.subjects.planting import NO_EDIT, Edit
from harness.subjects.reference import Reference, RefusedByContract, result_of, results_of
from harness.subjects.subject import Subject
from harness.subjects.updates import copied, delivered, gathered

Results = Mapping[str, Any]
CallKey = tuple[Any, ...]  # the function and its arguments, bit for bit


@dataclass
class Execution:
    """One call with its results, or the error that it raised."""

    function: str
    arguments: Mapping[str, Any]
    dimensions: Mapping[str, int]
    bindings: Bindings
    results: Results = field(default_factory=dict)
    error: BaseException | None = None

    def outcome(self) -> Results:
        """Copies of the results, or the error raised: a subject that returns one array twice has another fault."""
        if self.error is not None:
            raise self.error
        return {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in self.results.items()}


class FaultBench:
    """Evaluates the equations as the contract computes; functions whose results no equation says need a real subject.

    `only`: the one function into which faults are planted, or "" for all of them.
    """

    def __init__(self, program: Program, real: Subject | None, only: str = "") -> None:
        self.program, self.real, self.only = program, real, only
        self.reference = Reference("", single_of(program, FaultySingle()))
        # Of each refusal, every name that its condition depends on.
        self.conditions = [
            (refusal, read.union(*(program.depends.get(name, ()) for name in read)))
            for refusal in program.refusals if refusal.when is not None for read in (names(refusal.when),)
        ]  # fmt: skip
        self.correct: dict[CallKey, Execution] = {}
        # By the identity of the edit, which is kept with it: no other edit must get that.
        self.faulty: dict[tuple[int, CallKey], tuple[Edit, Execution]] = {}
        self.tensors: dict[Any, Packed] = {}  # each is decoded once for all calls

    def clear(self) -> None:
        """Forget everything: a new case begins."""
        self.correct.clear()
        self.faulty.clear()
        self.tensors.clear()

    def offers(self, function: str) -> bool:
        """Whether the function can be called: by its equations or in the real subject."""
        return self.by_equations(function) or self.real is not None

    def by_equations(self, function: str) -> bool:
        """Whether equations say all that a function returns, and conditions all that it refuses."""
        returned = self.program.contract.subjects[function].returns.values()
        conditions = [part.when for part in self.program.refusals if part.subject == function]
        return all(part.text.strip() in self.program.equations for part in returned) and None not in conditions

    def call(self, edit: Edit, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]) -> Results:
        """What the function returns or raises with a fault planted."""
        subject = self.program.scope.subjects[function]
        read = {name: value for name, value in arguments.items() if name not in subject.buffers}
        key = (function, *((name, exact_key(value)) for name, value in read.items()))
        if key not in self.correct:
            self.correct[key] = self._execute(function, copied(subject, arguments), dimensions, NO_EDIT, {})
        run = self.correct[key] if edit is NO_EDIT else self._with_fault(edit, key)
        written: Results = delivered(subject, arguments, run.outcome())
        return written

    def changed(self, edit: Edit) -> bool:
        """Whether a fault changes the outcome of any call that was made to the correct implementation in this case."""
        return any(executions_differ(self._with_fault(edit, key), run) for key, run in list(self.correct.items()))

    def _with_fault(self, edit: Edit, key: CallKey) -> Execution:
        correct = self.correct[key]
        if self.only not in ("", correct.function) or not reads(edit, correct):
            return correct
        faulty_key = (id(edit), key)
        if faulty_key not in self.faulty:
            edited = set(edit.equations)
            known = {} if edit.formats else {
                name: value for name, value in correct.bindings.known.items()
                if name not in edited and not self.program.depends.get(name, frozenset()) & edited
            }  # fmt: skip
            # A call that was not refused is refused only where a condition reads what was edited.
            refusals = self._reading(edited) if correct.error is None and not edit.formats else None
            run = self._execute(correct.function, correct.arguments, correct.dimensions, edit, known, refusals)
            self.faulty[faulty_key] = edit, run
        return self.faulty[faulty_key][1]

    def _reading(self, edited: set[str]) -> list[RefusalProgram]:
        """The refusals whose condition depends on one of these equations."""
        return [refusal for refusal, read in self.conditions if not edited.isdisjoint(read)]

    def _execute(
        self, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int], edit: Edit,
        known: Mapping[str, Any], refusals: Sequence[RefusalProgram] | None = None,
    ) -> Execution:  # fmt: skip
        subject = self.program.scope.subjects[function]
        equations = {**self.program.equations, **edit.equations}
        bindings = Bindings(self.reference.domain, equations, self.program.depends, {})
        run = Execution(function, arguments, dimensions, bindings)
        try:
            given = arguments if edit.formats else {name: self._decoded(value) for name, value in arguments.items()}
            bindings.given = self.reference.bind(self.program, subject, given, dimensions, edit.formats)
            bindings.known = dict(known)
            if self.by_equations(function):
                run.results = results_of(self.program, function, bindings, edit.ignores, refusals)
            else:
                run.results = self._real_results(function, bindings, arguments, dimensions)
        except Interrupted:
            raise
        except BaseException as error:  # whatever a subject raises is its outcome
            run.error = error
        return run

    def _decoded(self, value: Any) -> Any:
        """A tensor as the equations read it, one object for the same bytes; any other value as it is."""
        if not isinstance(value, tuple) or value[0] not in self.program.formats or not isinstance(value[2], bytes):
            return value
        if value not in self.tensors:
            self.tensors[value] = Packed.of(self.program.formats[value[0]], value[1], value[2])
        return self.tensors[value]

    def _real_results(
        self, function: str, bindings: Bindings, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Results:
        """The real subject's results, with those that an equation says replaced by the equation's value."""
        assert self.real is not None, "offers() was asked"
        subject = self.program.scope.subjects[function]
        passed = copied(subject, arguments)
        real = gathered(subject, passed, self.real.call(self.program, function, passed, dimensions))
        sources = {
            name: source.text.strip() for name, source in self.program.contract.subjects[function].returns.items()
        }
        given = set(subject.arguments.values())
        known = {
            name: equation for name, equation in sources.items()
            if computable(self.program, equation, given)
        }  # fmt: skip
        return {**real, **{name: result_of(subject, name, part, bindings) for name, part in known.items()}}


class FaultySubject:
    """The fault bench with one fault planted, as a subject."""

    def __init__(self, bench: FaultBench, edit: Edit, name: str = "reference") -> None:
        self.bench, self.edit, self.name = bench, edit, name

    def claims(self) -> tuple[str, ...] | None:
        return None

    def missing(self, program: Program) -> list[str]:
        return [name for name in program.contract.subjects if not self.bench.offers(name)]

    def errors(self) -> Mapping[str, tuple[str, ...]]:
        return {} if self.bench.real is None else self.bench.real.errors()

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Results:
        del program
        return self.bench.call(self.edit, function, arguments, dimensions)


def reads(edit: Edit, correct: Execution) -> bool:
    """Whether a call reads what a fault edits. Evaluation is lazy: what the call did not evaluate cannot matter."""
    if isinstance(correct.error, RefusedByContract) and correct.error.error in edit.ignores:
        return True
    return bool(edit.formats) or not edit.equations.keys().isdisjoint(correct.bindings.known)


def executions_differ(left: Execution, right: Execution) -> bool:
    """Whether two executions end differently, in any bit of a result or in their error."""
    if left is right:
        return False
    if left.error is not None or right.error is not None:
        return type(left.error) is not type(right.error) or str(left.error) != str(right.error)
    return any(exact_key(left.results[name]) != exact_key(value) for name, value in right.results.items())


def exact_key(value: Any) -> Any:
    """A hashable key of an argument or result, equal exactly where every bit is (of a large one, at its ends)."""
    if isinstance(value, np.ndarray):
        return str(value.dtype), value.shape, both_ends(value)  # types of ml_dtypes share one `dtype.str`
    if isinstance(value, tuple) and len(value) == 3 and isinstance(value[2], bytes):  # a tensor in blocks
        return value
    return repr(value)
