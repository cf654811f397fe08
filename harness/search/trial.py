"""One trial: a claim, a case, a subject. The subject is called, the equations are evaluated, the claim is judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import islice, product
from typing import Any

import numpy as np

from harness.judge import claims as J
from harness.judge import refusals as judged_error
from harness.judge.claims import Evidence, Judgement
from harness.judge.shown import as_shown, rounded_from
from harness.language.arithmetic import Arithmetic
from harness.language.called import threaded
from harness.language.dtypes import is_real, of_array
from harness.language.evaluate import Bindings, StepBindings, as_given, evaluate
from harness.language.exact.choice import Choice
from harness.language.exact.domain import Exact, truth_of
from harness.language.exact.region import Bounded
from harness.language.packed import Packed
from harness.language.single import Single
from harness.language.syntax import Call, Logic, Node, ResultField, Threaded, spell
from harness.language.undecided import Undecided
from harness.printable import message_of, printable
from harness.program.arithmetic import single_of
from harness.program.case import Case
from harness.program.footprint import never_whole
from harness.program.model import FalsifierProgram, Program
from harness.search.array_text import show
from harness.search.refused_calls import RefusedCall, arguments_where_refused
from harness.search.rows_of_choices import follows_by_rows
from harness.subjects.calls import AFTER_REFUSED, Calls, Falsified, Malformed, OutOfMemory, call_of, content, step_of
from harness.subjects.errors import class_names, error_text
from harness.subjects.reference import Reference, Refusal, fires
from harness.subjects.subject import Subject

MOST_CHOICES = 24  # that one claim is judged by in one case
MORE_OF_ROWS, MOST_OF_ROWS = 3, 72  # besides, for each of many choices that are in doubt; at most
OF_ONE_RESULT = ("close", "accurate", "identical", "finite", "admissible")  # claims that judge their first argument
BY_ROWS = ("close", "accurate", "identical", "admissible")  # claims that say which element fails


class ContractMistake(Exception):
    """The claim has no meaning in this case: the contract has to be corrected, not the subject."""


class ClaimBindings(Bindings):
    """The values of a case's names and of its equations, and the results of the subject's calls.

    `probable`: the same in the arithmetic of `accurate` without units, once it is asked for.
    """

    calls: Calls
    probable: ClaimBindings | None = None

    def result(self, call: Node, field: str) -> Any:
        """What the subject returned; for an optional result that it left out, the value of its equation."""
        returned = self.calls.results(call)
        return returned[field] if field in returned else self.value(self.calls.equation_of(call, field))

    def in_domain(self, domain: Exact) -> ClaimBindings:
        """The same case in another domain; what is known does not depend on a choice that was in doubt till now."""
        new = ClaimBindings(domain, self.equations, self.depends, self.given, self.by_rows)
        new.calls = self.calls
        new.known = {
            name: value for name, value in self.known.items() if not (isinstance(value, Choice) and value.doubt)
        }
        return new


class Trial:
    """A claim on one case. Equations (`bindings`) and calls of the subject (`calls`) are evaluated at most once.

    disturb: other calls follow those of the claim, to notice a result in a buffer that the subject reuses.
    refused: calls that the contract refuses; with `disturb` they are made between good ones.
    bindings: those of an earlier trial of the same case, so that exact values are not computed again.
    """

    def __init__(
        self, program: Program, falsifier: FalsifierProgram, case: Case, subject: Subject, arithmetic: Arithmetic,
        disturb: bool = False, bindings: ClaimBindings | None = None, refused: tuple[RefusedCall, ...] = (),
    ) -> None:  # fmt: skip
        self.refused, self.subject = refused, subject
        self.program, self.falsifier, self.case, self.disturb = program, falsifier, case, disturb
        self.domain = Exact(arithmetic)
        self.bindings = bindings or ClaimBindings(
            self.domain, program.equations, program.depends, case.given(), program.by_rows
        )
        self.calls = self.bindings.calls = Calls(program, case, subject, self.value)
        self.refusals: dict[Node, Refusal] = {}

    def judge(self) -> Judgement:
        """The claim's verdict on this case."""
        try:
            judgement = self._claim()
            if self.disturb and judgement.holds is not False:
                self.calls.disturb()
                judgement = self._after_refused(judgement)
            self.calls.unchanged()
        except Falsified as falsified:
            return J.fails(falsified.evidence)
        return self._with_buffers(judgement)

    def _with_buffers(self, judgement: Judgement) -> Judgement:
        """The judgement; where it fails, with the output buffers that were not filled."""
        evidence = judgement.evidence
        if evidence is None or evidence.any_claim or not self.calls.not_filled:
            return judgement
        buffers = ", ".join(sorted(self.calls.not_filled))
        told = f"{evidence.reason} (entries of {buffers} still hold what they held before)"
        return replace(judgement, evidence=replace(evidence, reason=told, unwritten=True))

    def _after_refused(self, judgement: Judgement) -> Judgement:
        """The judgement of results that came after refused calls, where their bits differ from those before."""
        changed: dict[Node, dict[str, Any]] = {}
        asked: set[str] = set()
        for node, before in list(self.calls.done.items()):
            call = call_of(node)
            refused = [] if call.name in asked else self._refused_arguments(call.name)
            asked.add(call.name)
            if refused:
                after = self.calls.after(node, refused)
                if any(content(after[field]) != content(value) for field, value in before.items()):
                    changed[node] = after
        if not changed:
            return judgement
        self.calls.done.update(changed)  # other bits may be right, too, where none are promised
        later = self._claim()
        if later.evidence is None:
            return later
        return replace(later, evidence=replace(later.evidence, reason=f"{AFTER_REFUSED}: {later.evidence.reason}"))

    def _refused_arguments(self, function: str) -> list[dict[str, Any]]:
        """The arguments of the calls of a function that are refused in this case."""
        made = (
            arguments_where_refused(self.program, self.case, refused, self._arguments)
            for refused in self.refused
            if refused.call.name == function
        )
        return [arguments for arguments in made if arguments is not None]

    def _arguments(self, call: Call, row: Mapping[str, object]) -> dict[str, Any]:
        bindings = self.bindings.replaced(row)
        return self.calls.arguments(call, {name: evaluate(node, bindings) for name, node in call.keywords})

    def failing_part(self) -> Node:
        """The part of a claim of several parts that fails; the whole claim where none does by itself."""
        claim = self.falsifier.claim
        for part in claim.parts if isinstance(claim, Logic) and claim.op == "and" else ():
            try:
                if self._judge(part).holds is False:
                    return part
            except Falsified:
                return part
            except Undecided:
                continue
        return claim

    def _claim(self) -> Judgement:
        self.choices_left, self.granted = MOST_CHOICES, False
        with np.errstate(all="ignore"):  # infinite bounds are expected, and never compared
            judged = self._judged(self.falsifier.claim)
        if judged.holds and all(self._left_out(part) for part in conjuncts(self.falsifier.claim)):
            return J.undecided(f"{spell(self.falsifier.claim)} is about results that the subject leaves out")
        return judged

    def _left_out(self, part: Node) -> bool:
        """Whether a part of a claim judges an optional result that the subject did not return."""
        match part:
            case Call(name=name, arguments=(ResultField(call=call, field=field), *_)) if name in OF_ONE_RESULT:
                subject = self.program.scope.subjects[call_of(call).name]
                return field in subject.optional and field not in self.calls.results(call)
        return False

    def _judged(self, node: Node) -> Judgement:
        """The judgement of a part of the claim, or that it is undecided."""
        try:
            return self._judge(node)
        except Undecided as doubt:
            if isinstance(doubt.choice, Choice):
                return self._by_choices(node, doubt.choice)
            return J.undecided(str(doubt))

    def _by_choices(self, node: Node, choice: Choice) -> Judgement:
        """The judgement where a choice between scores is in doubt: by each choice that the bound admits.

        A kernel made one of them. What holds for one is what a right kernel may return; what fails for all is wrong.
        """
        if len(choice.doubts) > 1:
            self._grant(len(choice.doubts))
            if choice.scores.v.ndim == 2 and self._judges_by_rows(node):
                return self._row_by_row(node, choice)
        rows = list(choice.doubts)
        admitted = [islice(choice.admitted(row), MOST_CHOICES + 1) for row in rows]
        failed: Judgement | None = None
        for picked in product(*admitted) if len(rows) > 1 else ((ids,) for ids in choice.admitted(rows[0])):
            if not self.choices_left:
                return J.undecided(choice.doubt)
            made = choice
            for row, ids in zip(rows, picked, strict=True):
                made = replace(made, index=made.with_row(row, ids))
            judged = self._with_choice(node, choice, made.index)
            if judged.holds:
                return judged
            failed = failed or judged
            if judged.holds is None:
                return J.undecided(choice.doubt)
        return failed or J.undecided(choice.doubt)

    def _row_by_row(self, node: Node, choice: Choice) -> Judgement:
        """The same of many rows that do not depend on each other: the rows that fail take their next choices.

        What is shown of a row that fails with all of its choices is how it failed with the first, that of the scores.
        """
        admitted = {row: choice.admitted(row) for row in choice.doubts}
        first: dict[int, Judgement] = {}
        made = choice
        for row, ways in admitted.items():
            ids = next(ways, None)
            if ids is None:
                return J.undecided(choice.doubt)
            made = replace(made, index=made.with_row(row, ids))
        while self.choices_left:
            judged = self._with_choice(node, choice, made.index)
            if judged.holds:
                return judged
            rows = _failing_rows(judged)
            if judged.holds is None or not rows:
                return J.undecided(choice.doubt)
            for row in rows:
                first.setdefault(row, judged)
                ids = next(admitted.get(row, iter(())), None)
                if ids is None:
                    return first[row]
                made = replace(made, index=made.with_row(row, ids))
        return J.undecided(choice.doubt)

    def _with_choice(self, node: Node, choice: Choice, index: np.ndarray) -> Judgement:
        """The judgement with a choice that is taken for made."""
        self.choices_left -= 1
        domain, bindings = self.domain, self.bindings
        try:
            self.domain = domain.with_choice(choice, index)
            self.bindings = bindings.in_domain(self.domain)
            return self._judged(node)
        finally:
            self.domain, self.bindings = domain, bindings

    def _judges_by_rows(self, node: Node) -> bool:
        """Whether a part of a claim compares two arrays whose rows do not depend on each other's choices."""
        if not (isinstance(node, Call) and node.name in BY_ROWS and len(node.arguments) > 1):
            return False
        return follows_by_rows(self.program, self.falsifier.scope, node.arguments[1])

    def _grant(self, rows: int) -> None:
        """Of many choices some more may be looked at, once for a claim in a case."""
        self.choices_left += 0 if self.granted else min(MORE_OF_ROWS * rows, MOST_OF_ROWS)
        self.granted = True

    def value(self, node: Node, own: Mapping[str, Any] | None = None) -> Any:
        """The value of an expression; `own`: names that have a meaning in one step alone."""
        return evaluate(node, self.bindings if own is None else StepBindings(self.bindings, dict(own)))

    def _probable(self, node: Node) -> Bounded:
        """The value of an expression, off by what rounding errors probably add up to."""
        domain = Exact(replace(self.domain.ar, probable=True), self.domain.settled)
        if self.bindings.probable is None:
            self.bindings.probable = ClaimBindings(
                domain, self.bindings.equations, self.bindings.depends, self.bindings.given, self.bindings.by_rows
            )
        self.bindings.probable.calls = self.calls
        return domain.real(evaluate(node, self.bindings.probable))

    def _judge(self, node: Node) -> Judgement:
        if self._left_out(node):
            return J.HOLDS
        match node:
            case Logic(op="and", parts=parts):
                return self._all(parts)
            case Call(name="close", arguments=(result, value)):
                return J.close(self._numbers(result), self.domain.real(self.value(value))).of(spell(value))
            case Call(name="accurate", arguments=(result, value, units)):
                allowed = float(np.asarray(self._numbers(units)))
                exact = self.domain.real(self.value(value))
                return J.accurate(self._numbers(result), exact, allowed).of(spell(value))
            case Call(name="accurate", arguments=(result, value)):
                return J.probable(self._numbers(result), self._probable(value)).of(spell(value))
            case Call(name="identical", arguments=(result, value)):
                return J.identical(self.value(result), self.value(value))
            case Call(name="finite", arguments=(result,)):
                return J.finite(self._numbers(result))
            case Call(name="admissible", arguments=(ids, choice)):
                return J.admissible(self.value(ids), self.value(choice))
            case Call(name="raises", arguments=(Call() as call, *words)):
                return self._raises(call, [self.value(word) for word in words])
            case Call(name="says", arguments=(Call() as call, *words)):
                return self._says(call, [self.value(word) for word in words])
            case Call(name="raises_or", arguments=(Call() as call, claim)):
                return self._raises_or(call, claim)
            case Call(name="stagewise", arguments=(trace,)):
                return self._stagewise(trace)
            case Call(name="stagewise_rounded", arguments=(trace,)):
                return self._stagewise(trace, shown=rounded_from)
        return self._truth(node)

    def _all(self, parts: tuple[Node, ...]) -> Judgement:
        """Parts of a claim: the first that fails decides, an undecided one does not hide those after it."""
        whole = J.HOLDS
        for part in parts:
            whole = J.both(whole, self._judged(part))
            if whole.holds is False:
                break
        return whole

    def _truth(self, node: Node) -> Judgement:
        """The judgement of a claim that is a truth value, such as a comparison."""
        truth = truth_of(self.value(node))
        if truth.decided().all():
            return Judgement(True, None, 0.0, 1, 1)
        return J.fails(Evidence("the claim is false", "true", f"false; {self._sides(node)}"))

    def _sides(self, node: Node) -> str:
        """Both sides of a comparison with their values, as text."""
        inner = node.arguments[0] if isinstance(node, Call) and node.arguments else node
        sides = [side for side in (getattr(inner, "left", None), getattr(inner, "right", None)) if side is not None]
        shown = []
        for side in sides or [inner]:
            value = self.value(side)
            value = value.decided() if isinstance(value, Choice) else getattr(value, "v", value)
            shown.append(f"{spell(side)} = {_shown(value)}")
        return " ".join(", ".join(shown).split())

    def _numbers(self, node: Node) -> np.ndarray:
        """The value of a result or of a real expression of results, without its bound."""
        value = self.value(node)
        return value.v if isinstance(value, Bounded) else np.asarray(value)

    def _stagewise(self, trace: Node, shown: Callable[[np.ndarray, Arithmetic], Any] = as_shown) -> Judgement:
        """Each array by its equation, computed from the arrays returned before it, so that bounds stay small.

        `shown`: what an array that was returned says of the values that later ones were computed from.
        """
        captured = self.calls.results(trace)
        self.calls.in_order(trace)
        sequence = threaded(trace)
        if sequence is not None:
            return self._stagewise_in_turn(sequence, shown)
        return self._stages(call_of(trace), captured, self.bindings, shown)

    def _stagewise_in_turn(self, sequence: Threaded, shown: Callable[[np.ndarray, Arithmetic], Any]) -> Judgement:
        """Each of several calls by itself: what it was fed is what the call before it returned."""
        whole = J.HOLDS
        for number in range(len(self.calls.steps[sequence])):
            judged = self.judge_step(sequence, number, shown)
            if judged.evidence is not None:
                told = f"{step_of(sequence, number)}: {judged.evidence.reason}"
                judged = replace(judged, evidence=replace(judged.evidence, reason=told))
            whole = J.both(whole, judged)
            if whole.holds is False:
                break
        return whole

    def judge_step(
        self, sequence: Threaded, number: int, shown: Callable[[np.ndarray, Arithmetic], Any] = as_shown
    ) -> Judgement:
        """One of several calls in turn, stage by stage."""
        call, step = call_of(sequence), self.calls.steps[sequence][number]
        return self._stages(call, step.results, self.in_step(sequence, number, shown), shown)

    def in_step(
        self, sequence: Threaded, number: int, shown: Callable[[np.ndarray, Arithmetic], Any] = as_shown
    ) -> Bindings:
        """The names of the case with what one of several calls in turn was given and fed."""
        call, step = call_of(sequence), self.calls.steps[sequence][number]
        carried = self.program.scope.subjects[call.name].arguments
        given = {carried[name]: shown(array, self.domain.ar) for name, array in step.fed.items()}
        for name, value in step.given.items():
            known = self.bindings.given.get(carried[name])
            given[carried[name]] = as_given(value, known, self.domain)
        return self.bindings.replaced(given)

    def _stages(
        self, call: Call, captured: Mapping[str, Any], bindings: Bindings,
        shown: Callable[[np.ndarray, Arithmetic], Any],
    ) -> Judgement:  # fmt: skip
        whole = J.HOLDS
        for field, source in self.program.contract.subjects[call.name].returns.items():
            equation = source.text.strip()
            if field not in captured:
                continue
            try:
                value = bindings.value(equation)
                judged = judge_stage(self.domain, captured[field], value).of(equation)
            except Undecided as doubt:
                judged = J.undecided(f"stage {field}: {doubt}")
            if judged.evidence is not None:
                judged = replace(judged, evidence=judged.evidence.at(field))
            whole = J.both(whole, judged)
            if whole.holds is False:
                break
            bindings = bindings.replaced({equation: shown(captured[field], self.domain.ar)})
        return whole

    def _raises(self, call: Call, words: list[str]) -> Judgement:
        """Class and numbers as `refuses` says, or the class that is named, with a part of its message."""
        numbers: tuple[int, ...] = ()
        wanted, part, *_ = [*words, "", ""]
        if not words:
            refusal = self._refusal(call)
            wanted, numbers = refusal.error, refusal.numbers
        raised, result = self._error(call, wanted)
        if raised is None:
            return J.fails(Evidence("no error", wanted, result))
        errors = self.calls.subject.errors()
        told = error_text(raised, errors)
        return judged_error.raises(class_names(raised, errors), message_of(raised), told, wanted, numbers, part)

    def _says(self, call: Call, words: list[str]) -> Judgement:
        """The sentence of `refuses`, or the text that is given, in the message."""
        sentence = words[0] if words else self._refusal(call).sentence
        raised, result = self._error(call)
        if raised is None:
            return J.fails(Evidence("no error", f"...{sentence}...", result))
        return judged_error.says(message_of(raised), error_text(raised, self.calls.subject.errors()), sentence)

    def _error(self, call: Call, wanted: str = "") -> tuple[BaseException | None, str]:
        """What the call raised, `wanted` being the class that is claimed; else None and the result instead, as text."""
        try:
            returned = self.calls.results(call)
        except Malformed as malformed:  # where an error is claimed, a malformed result is as wrong as any other
            return None, f"a result; {malformed}: {malformed.evidence.got}"
        except OutOfMemory as lacking:
            if wanted != MemoryError.__name__:
                raise
            return lacking.__cause__, ""
        except Falsified as falsified:
            if falsified.__cause__ is None:
                raise
            return falsified.__cause__, ""
        shown = (f"{name} = {_briefly(value)}" for name, value in returned.items())
        return None, printable(f"a result: {', '.join(shown)}")

    def _raises_or(self, call: Call, claim: Node) -> Judgement:
        """Any error will do, a result must be as the claim says."""
        try:
            self.calls.results(call)
        except Malformed:
            raise
        except Falsified as falsified:
            if falsified.__cause__ is None:
                raise
            return Judgement(True, None, 0.0, 1, 1)
        return self._judge(claim)

    def _refusal(self, call: Call) -> Refusal:
        """What `refuses` says of this call."""
        if call not in self.refusals:
            self.refusals[call] = self._told(call)
        return self.refusals[call]

    def _told(self, call: Call) -> Refusal:
        subject = self.program.scope.subjects[call.name]
        given = Reference().bind(self.program, subject, self.calls.arguments(call), self.case.dimensions)
        bindings = Bindings(single_of(self.program, Single()), self.program.equations, self.program.depends, given)
        for refusal in self.program.refusals:
            if refusal.subject == call.name and fires(refusal, bindings):
                return Refusal.of(refusal, bindings)
        place = self.falsifier.source.claim.place_at(call.start)
        raise ContractMistake(
            f"{place}: nothing under `refuses` applies to {spell(call)} in a case with {numbers(self.case)}; "
            "name the error in the claim, or narrow `given` to cases that are refused"
        )


def conjuncts(claim: Node) -> tuple[Node, ...]:
    """The parts of a claim that all have to hold."""
    return claim.parts if isinstance(claim, Logic) and claim.op == "and" else (claim,)


def _failing_rows(judged: Judgement) -> list[int]:
    """The rows along the first axis in which a claim fails; none where it does not say."""
    if judged.wrong is not None and judged.wrong.ndim:
        return np.unique(np.nonzero(judged.wrong)[0]).tolist()
    place = judged.evidence.index if judged.evidence is not None else None
    return [place[0]] if place else []


def own_equations_hold(program: Program, falsifier: FalsifierProgram, case: Case, arithmetic: Arithmetic) -> bool:
    """Whether a case is one that the rule is about: the contract's own equations do not fail on it.

    Where something else than equations decides, or where whole results take too much, every case is taken for one.
    """
    if not program.has_reference or never_whole(program, falsifier, case):
        return True
    try:
        own = Trial(program, falsifier, case, Reference(), arithmetic).judge()
    except Exception:
        return False
    return own.holds is not False


def judge_stage(domain: Exact, captured: np.ndarray, expected: Any) -> Judgement:
    """A returned array judged by the exact value of its equation: a choice, a bounded or an exact value."""
    if isinstance(expected, Choice):
        return J.admissible(captured, expected)
    if isinstance(expected, Bounded | Packed):
        return J.close(captured, domain.real(expected))
    return J.identical(captured, expected)


def _shown(value: Any) -> str:
    if isinstance(value, str | list):
        return printable(repr(value))
    array = np.asarray(value)
    if is_real(array.dtype) and array.itemsize < 4:  # NumPy prints too few digits of the types of ml_dtypes
        array = array.astype(np.float64)
    return np.array2string(array, precision=9, threshold=16)


def _briefly(value: Any) -> str:
    numbers = isinstance(value, np.ndarray) and (of_array(value.dtype) is not None or value.dtype.kind == "b")
    return show(value) if numbers else repr(value)


def numbers(case: Case) -> str:
    """The dimensions of a case, in one line."""
    return ", ".join(f"{name} = {value}" for name, value in {**case.dimensions, **case.table}.items())
