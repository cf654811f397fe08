"""One trial: a claim, a case, a subject. The subject is called, the equations are evaluated, the claim is judged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from harness.contract.program import FalsifierProgram, Program
from harness.language import types as T
from harness.language.arithmetic import Arithmetic
from harness.language.claims import judge as J
from harness.language.claims.judge import Evidence, Judgement
from harness.language.evaluate import Bindings, evaluate
from harness.language.exact.choice import Choice, Truth
from harness.language.exact.domain import Exact
from harness.language.exact.primitives import Undecided
from harness.language.exact.region import Bounded
from harness.language.packed import Packed
from harness.language.single import Single
from harness.language.syntax import Call, Logic, Node, Text, parse, spell
from harness.search.case import Case
from harness.search.recipe import integer
from harness.search.reference import Reference, RefusedByContract, fires, render
from harness.search.subject import Subject, as_array


class Falsified(Exception):
    """The subject did something no claim allows: an unexpected error, a wrong shape, a changed input."""

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(evidence.reason)
        self.evidence = evidence


class ClaimBindings(Bindings):
    """Names of a case, and results of the subject."""

    trial: Trial

    def result(self, call: Node, field: str) -> np.ndarray:
        return self.trial.results(call)[field]


class Trial:
    """Calls are remembered within one trial: the same call twice in a claim is one execution, unless `again`."""

    def __init__(self, program: Program, falsifier: FalsifierProgram, case: Case, subject: Subject,
                 arithmetic: Arithmetic) -> None:  # fmt: skip
        self.program, self.falsifier, self.case, self.subject = program, falsifier, case, subject
        self.bindings = ClaimBindings(Exact(arithmetic), program.equations, program.depends, case.given())
        self.bindings.trial = self
        self.calls: dict[Node, dict[str, np.ndarray]] = {}
        self.kept: list[tuple[str, str, np.ndarray, np.ndarray]] = []

    def judge(self) -> Judgement:
        """The claim's verdict on this case."""
        try:
            with np.errstate(all="ignore"):  # infinite bounds are expected, and never compared
                judgement = self._judge(self.falsifier.claim)
            self._results_unchanged()
        except Undecided as doubt:
            return J.undecided(str(doubt))
        except Falsified as falsified:
            return J.fails(falsified.evidence)
        return judgement

    def value(self, node: Node) -> Any:
        return evaluate(node, self.bindings)

    # --- claims ------------------------------------------------------------------------------------------------

    def _judge(self, node: Node) -> Judgement:
        match node:
            case Logic(op="and", parts=parts):
                whole = J.HOLDS
                for part in parts:
                    try:
                        judged = self._judge(part)
                    except Undecided as doubt:
                        judged = J.undecided(str(doubt))
                    whole = J.both(whole, judged)
                    if whole.holds is False:
                        return whole
                return whole
            case Call(name="close", arguments=(result, value)):
                return J.close(self.numbers(result), self.real(value))
            case Call(name="accurate", arguments=(result, value, units)):
                return J.accurate(self.numbers(result), self.real(value), float(np.asarray(self._number(units))))
            case Call(name="identical", arguments=(result, value)):
                return J.identical(self.value(result), self.value(value))
            case Call(name="finite", arguments=(result,)):
                return J.finite(self.numbers(result))
            case Call(name="admissible", arguments=(ids, choice)):
                return J.admissible(self.value(ids), self.value(choice))
            case Call(name="raises", arguments=(Call() as call, *words)):
                return self._raises(call, [word.value for word in words if isinstance(word, Text)])
            case Call(name="stagewise", arguments=(trace,)):
                return self._stagewise(trace)
        truth = self.value(node)
        assert isinstance(truth, Truth)
        if truth.decided().all():
            return Judgement(True, None, 0.0, 1, 1)
        return J.fails(Evidence("the claim is false", "true", f"false; {self._sides(node)}"))

    def numbers(self, node: Node) -> np.ndarray:
        """A result, or a real expression of results: its value, without a bound."""
        value = self.value(node)
        return value.v if isinstance(value, Bounded) else np.asarray(value)

    def real(self, node: Node) -> Bounded:
        return self.bindings.domain.real(self.value(node))  # type: ignore[attr-defined, no-any-return]

    def _number(self, node: Node) -> Any:
        value = self.value(node)
        return value.v if isinstance(value, Bounded) else value

    def _sides(self, node: Node) -> str:
        """The values of a comparison's sides, for the reader."""
        shown = []
        for side in (getattr(node, "left", None), getattr(node, "right", None)):
            if side is not None:
                value = self._number(side)
                value = value.decided() if isinstance(value, Choice) else value
                shown.append(f"{spell(side)} = {np.array2string(np.asarray(value), precision=9, threshold=16)}")
        return ", ".join(shown)

    def _stagewise(self, trace: Node) -> Judgement:
        """Each array by its equation, with everything captured before it given: so bounds stay sharp."""
        call = trace.arguments[0] if isinstance(trace, Call) and trace.name == "again" else trace
        assert isinstance(call, Call)
        captured = self.results(trace)
        whole = J.HOLDS
        given: dict[str, Any] = {}
        for field, source in self.program.contract.subjects[call.name].returns.items():
            equation = source.text.strip()
            try:
                expected = self.bindings.replaced(given).value(equation)
                judged = self._stage(captured[field], expected)
            except Undecided as doubt:
                judged = J.undecided(f"stage {field}: {doubt}")
            if judged.evidence is not None:
                judged = J.Judgement(judged.holds, judged.evidence.at(field), judged.ratio, judged.judged, judged.entries)
            whole = J.both(whole, judged)
            if whole.holds is False:
                return whole
            given[equation] = captured[field]
        return whole

    def _stage(self, captured: np.ndarray, expected: Any) -> Judgement:
        if isinstance(expected, Choice):
            return J.admissible(captured, expected)
        if isinstance(expected, Bounded | Packed):
            return J.close(captured, self.bindings.domain.real(expected))  # type: ignore[attr-defined]
        return J.identical(captured, expected)

    def _raises(self, call: Call, words: list[str]) -> Judgement:
        wanted, text = (words + ["", ""])[:2]
        if not words:
            wanted, text = self._refusal(call)
        try:
            self.results(call)
        except Falsified as falsified:
            raised = falsified.__cause__
            if raised is None:
                raise
            classes = _classes(raised)
            expected = f"{wanted}: ...{text}..." if text else wanted
            if wanted not in classes:
                return J.fails(Evidence("another error", expected, f"{classes[0]}: {raised}"))
            if text not in str(raised):
                return J.fails(Evidence("another message", expected, f"{classes[0]}: {raised}"))
            return Judgement(True, None, 0.0, 1, 1)
        return J.fails(Evidence("no error", f"{wanted}: ...{text}..." if text else wanted, "a result"))

    def _refusal(self, call: Call) -> tuple[str, str]:
        """What `refuses` says of this very call: class and full message."""
        arguments = self._arguments(call)
        subject = self.program.scope.subjects[call.name]
        given = Reference().bind(self.program, subject, arguments, self.case.dimensions)
        bindings = Bindings(Single(), self.program.equations, self.program.depends, given)
        for refusal in self.program.refusals:
            if refusal.subject == call.name and fires(refusal, bindings):
                return refusal.error, render(refusal, bindings)
        raise LookupError(f"nothing under `refuses` applies to {spell(call)} in this case")

    # --- calls -------------------------------------------------------------------------------------------------

    def results(self, node: Node) -> dict[str, np.ndarray]:
        """What the subject returns, checked for names, types and shapes."""
        fresh = isinstance(node, Call) and node.name == "again"
        call = node.arguments[0] if isinstance(node, Call) and fresh else node
        assert isinstance(call, Call)
        if node not in self.calls:
            self.calls[node] = self._execute(call)
        return self.calls[node]

    def _arguments(self, call: Call) -> dict[str, Any]:
        subject = self.program.scope.subjects[call.name]
        replaced = dict(call.keywords)
        given = self.case.given()
        return {
            name: as_argument(self.value(replaced[name]) if name in replaced else given[carried], self._dtype(carried))
            for name, carried in subject.arguments.items()
        }

    def _dtype(self, carried: str) -> str:
        part = self.program.inputs.get(carried)
        return part.dtype if part is not None and not part.formats else ""

    def _execute(self, call: Call) -> dict[str, np.ndarray]:
        arguments = self._arguments(call)
        before = {name: value.copy() for name, value in arguments.items() if isinstance(value, np.ndarray)}
        try:
            returned = self.subject.call(self.program, call.name, arguments, self.case.dimensions)
        except Exception as error:
            name = _classes(error)[0]
            raise Falsified(Evidence(f"{spell(call)} raised an error", "a result", f"{name}: {error}")) from error
        for name, value in before.items():
            if value.tobytes() != arguments[name].tobytes():
                raise Falsified(Evidence(f"{spell(call)} changed its argument {name}", "arguments left alone", "changed"))
        return self._checked(call, returned)

    def _checked(self, call: Call, returned: Mapping[str, Any]) -> dict[str, np.ndarray]:
        """Copies of the returned arrays; the originals are looked at again at the end of the trial."""
        declared = self.program.scope.subjects[call.name].returns
        if not isinstance(returned, Mapping):
            raise Falsified(Evidence(f"{call.name} returned no mapping of names to arrays", "a mapping",
                                     type(returned).__name__))  # fmt: skip
        results = {}
        sizes = self._sizes()
        for field, kind in declared.items():
            if field not in returned:
                raise Falsified(Evidence(f"{call.name} returned no {field!r}", f"{field}: {kind}",
                                         f"only {', '.join(map(str, returned))}"))  # fmt: skip
            value = as_array(returned[field])
            fits(f"{call.name}().{field}", value, kind, sizes)
            results[field] = value.copy()
            self.kept.append((call.name, field, value, results[field]))
        return results

    def _sizes(self) -> dict[str, int]:
        return {name: int(value) for name, value in self.case.given().items() if isinstance(value, int)}

    def _results_unchanged(self) -> None:
        for name, field, original, copy in self.kept:
            if original.tobytes() != copy.tobytes():
                raise Falsified(Evidence(f"a later call changed an earlier result of {name}().{field}",
                                         "a result that stays", "changed"))  # fmt: skip


def as_argument(value: Any, dtype: str) -> Any:
    """A value as a subject gets it: float32, integers of the declared type, (dtype, shape, bytes)."""
    if isinstance(value, Packed):
        return value.for_subject()
    if isinstance(value, Bounded):
        with np.errstate(over="ignore"):
            return np.ascontiguousarray(value.v.astype(np.float32))
    if isinstance(value, Choice):
        return value.decided()
    if isinstance(value, np.ndarray):
        if dtype and dtype != "f32" and value.dtype.kind in "iu":
            from harness.language.packed import NUMPY

            return np.ascontiguousarray(value.astype(NUMPY[dtype]))
        return np.array(value, order="C")
    return value


def fits(what: str, value: np.ndarray, kind: T.Array, sizes: Mapping[str, int]) -> None:
    """The declared type: float32 or integers, the exact shape, indices in range."""
    if kind.kind == "real" and value.dtype != np.float32:
        raise Falsified(Evidence(f"{what} has another type", "float32", str(value.dtype)))
    if kind.kind == "int" and value.dtype.kind not in "iu":
        raise Falsified(Evidence(f"{what} has another type", "integers", str(value.dtype)))
    shape = tuple(_number(size, sizes) for size in kind.shape)
    if value.shape != shape:
        raise Falsified(Evidence(f"{what} has another shape", str(shape), str(value.shape)))
    if kind.below is not None and value.size:
        limit = _number(kind.below, sizes)
        if value.min() < 0 or value.max() >= limit:
            raise Falsified(Evidence(f"{what} leaves its range", f"0 to {limit - 1}", str(value.tolist())))


def _number(size: Any, sizes: Mapping[str, int]) -> int:
    total = 0
    for monomial, factor in size.terms:
        for name in monomial:
            # a quotient that is no polynomial is its own name, e.g. "(hidden // 3)"
            factor *= sizes[name] if name in sizes else integer(parse(name), sizes)
        total += factor
    return int(total)


def _classes(error: BaseException) -> list[str]:
    """The error's class name and those of its bases, most special first."""
    if isinstance(error, RefusedByContract):
        return [error.error]
    return [part.__name__ for part in type(error).__mro__]


