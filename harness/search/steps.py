"""A failing case step by step: the equations' values, the subject's values, and where they first disagree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from harness.judge import claims as J
from harness.judge.claims import Judgement
from harness.language.arithmetic import Arithmetic
from harness.language.called import subject_call
from harness.language.claims import REFUSALS
from harness.language.evaluate import Bindings
from harness.language.exact.choice import Choice, Truth
from harness.language.exact.region import Bounded
from harness.language.packed import Packed
from harness.language.syntax import (
    Call,
    Name,
    NewAxis,
    Node,
    OtherAxes,
    ResultField,
    Scan,
    Slice,
    in_recurrences,
    names,
    spell,
    walk,
)  # fmt: skip
from harness.language.syntax import Index as IndexNode
from harness.language.undecided import Undecided
from harness.program.case import Case
from harness.program.footprint import never_whole
from harness.program.model import FalsifierProgram, Program
from harness.search.array_text import number, number_of_format, show, show_bytes
from harness.search.block_parts import block_parts
from harness.search.file_bytes import file_steps, given_files, is_of_bytes
from harness.search.trial import Trial, judge_stage
from harness.subjects.calls import Falsified
from harness.subjects.subject import Subject

Index = tuple[int, ...] | None
WITHOUT_VALUE = (ArithmeticError, LookupError, TypeError, ValueError, Undecided)
NO_RESULT = (Falsified, *WITHOUT_VALUE)
BLOCKS = 2  # quantised weights of one tensor that are shown with the fields of their block


@dataclass
class StageResult:
    """A returned array with the equation that it implements, judged from the arrays returned before it."""

    function: str
    field: str
    equation: str
    got: np.ndarray
    judged: Judgement
    value: Any = None  # the exact value; None where it is open

    @property
    def verdict(self) -> str:
        """`tied`: not the exact choice, but one among values too close for float32 to distinguish."""
        if self.judged.holds and isinstance(self.value, Choice) and not np.array_equal(self.got, self.value.index):
            return "tied"
        return {True: "agrees", False: "parts", None: "open"}[self.judged.holds]


@dataclass
class Steps:
    """What explains a counterexample, as data for the record; empty where it could not be computed."""

    steps: list[dict[str, Any]] = field(default_factory=list)
    stages: list[dict[str, Any]] = field(default_factory=list)
    blocks: list[dict[str, Any]] = field(default_factory=list)
    equation: str = ""


def steps(
    program: Program, falsifier: FalsifierProgram, case: Case, subject: Subject, arithmetic: Arithmetic, index: Index
) -> Steps:
    """The explanation of a failing case. `index`: the worst element of the result that the claim is about.

    An error here must not lose the falsification: then the explanation is empty.
    """
    try:
        return _steps(program, falsifier, case, subject, arithmetic, index)
    except Exception:
        return Steps()


def _steps(
    program: Program, falsifier: FalsifierProgram, case: Case, subject: Subject, arithmetic: Arithmetic, index: Index
) -> Steps:
    trial = Trial(program, falsifier, case, subject, arithmetic)
    trial.judge()
    with np.errstate(all="ignore"):
        results = {name: list(_stage_results(trial, name)) for name in _functions(trial)}
        shown: dict[str, StageResult] = {}
        for stages in results.values():  # the functions that the claim calls come first
            for part in stages:
                shown.setdefault(part.equation, part)
        equation = _equation(trial, shown)
        fullest = max(results.values(), key=len, default=[])
        explained = Steps(
            [
                *file_steps(trial),
                *_equation_steps(trial, shown, equation, index),
                *_row_steps(trial, index),
                *_first_wrong_step(trial),
            ],
            equation=equation,
        )
        if len(fullest) > 1:
            explained.stages = [_stage(part) for part in fullest]
        element = None if index is None else _in_the_whole(trial, index)
        if element is not None:
            explained.blocks = list(_blocks(case, element))
    return explained


def _functions(trial: Trial) -> Iterator[str]:
    """The functions whose results are of this case: those that the claim calls without changed arguments, and one more.

    That is the function that returns the most arrays, among them all that the claim is about.
    """
    for node in trial.calls.done:
        if isinstance(node, Call) and not node.keywords and node.name in trial.program.contract.subjects:
            yield node.name
    given = set(trial.case.given()) | set(trial.program.equations)
    returned = _returned(trial, trial.falsifier.claim)
    fit = [
        (len(subject.returns), name)
        for name, subject in trial.program.contract.subjects.items()
        if {source.text.strip() for source in subject.returns.values()} >= returned
        and {source.text.strip() for source in subject.arguments.values()} <= given
    ]
    if fit and returned:
        yield max(fit)[1]


def _returned(trial: Trial, node: Node) -> set[str]:
    """The equations of the results that an expression reads."""
    subjects = trial.program.contract.subjects
    found = set()
    for part in walk(node):
        if isinstance(part, ResultField) and isinstance(part.call, Call) and part.call.name in subjects:
            found.add(subjects[part.call.name].returns[part.field].text.strip())
    return found & set(trial.program.equations)


def _stage_results(trial: Trial, function: str) -> Iterator[StageResult]:
    """Each returned array judged by its equation, computed from the arrays returned before it: bounds stay small."""
    try:
        captured = trial.calls.results(Call(function, (), ()))
    except NO_RESULT:
        return
    yield from _judged(trial, function, captured, trial.bindings)


def _judged(trial: Trial, function: str, captured: Mapping[str, Any], bindings: Bindings) -> Iterator[StageResult]:
    """Arrays that a call returned, in the names that it was computed from."""
    given: dict[str, Any] = {}
    large = never_whole(trial.program, trial.falsifier, trial.case)
    for name, source in trial.program.contract.subjects[function].returns.items():
        equation = source.text.strip()
        if equation in large or equation not in trial.program.equations:
            continue
        if not isinstance(captured.get(name), np.ndarray):
            continue
        value = None
        try:
            value = bindings.replaced(given).value(equation)
            judged = judge_stage(trial.domain, captured[name], value)
        except NO_RESULT as doubt:
            judged = J.undecided(str(doubt))
        yield StageResult(function, name, equation, captured[name], judged, value)
        given[equation] = captured[name]


def _equation(trial: Trial, shown: Mapping[str, StageResult]) -> str:
    """The equation that the failing result was compared with; "" where the claim names none, or several that agree."""
    returned = _returned(trial, trial.failing_part())
    parted = [name for name in shown if name in returned and shown[name].judged.holds is False]
    return parted[0] if parted else returned.pop() if len(returned) == 1 else ""


def _equation_steps(
    trial: Trial, shown: Mapping[str, StageResult], equation: str, index: Index
) -> Iterator[dict[str, Any]]:
    """A step for each equation that the claim is about, in their order; choices that the subject made are kept."""
    made = {
        name: part.got for name, part in shown.items() if isinstance(part.value, Choice) and part.judged.holds is True
    }
    bindings = trial.bindings.replaced(made)
    for name in _wanted(trial):
        part = shown.get(name)
        try:
            value = part.value if part is not None and part.value is not None else bindings.value(name)
        except WITHOUT_VALUE:
            continue  # there is no value in a malformed or undecided case; the evidence says why
        array, printed = plain(value), show_bytes if is_of_bytes(trial.program, name) else show
        at = index if name == equation and index is not None and part is None else None
        if part is not None:
            at = _worst(part) if part.judged.holds is False else index if part.got.shape == array.shape else None
        at = at if at is not None and _inside(at, array) else None
        yield {
            "name": name, "text": " ".join(trial.program.contract.equations[name].text.split()),
            "shape": list(array.shape), "shown": printed(array), "at": None if at is None else number(array[at]),
            "bound": _bound(value, at), "got": _got(part, at, printed),
            "verdict": "unseen" if part is None else part.verdict,
        }  # fmt: skip
        if part is not None:
            yield from _first_state(name, trial.program.equations[name], part)


def _first_wrong_step(trial: Trial) -> Iterator[dict[str, Any]]:
    """Of calls in turn the first that parts from the equations, given what the call before it returned."""
    for sequence, steps in trial.calls.steps.items():
        call = subject_call(sequence)
        for place, step in enumerate(steps):
            stages = list(_judged(trial, call.name, step.results, trial.in_step(sequence, place)))
            if any(part.judged.holds is False for part in stages):
                at = f"({sequence.index} = {place})"
                told = {f"{name} {at}": (value, spell(dict(call.keywords)[name])) for name, value in step.given.items()}
                told |= {f"{name} {at}": (value, "what the call before returned") for name, value in step.fed.items()}
                yield from (_unseen(name, text, value) for name, (value, text) in told.items())
                yield from (_of_step(trial, part, at) for part in stages)
                break


def _unseen(name: str, text: str, value: Any) -> dict[str, Any]:
    """A value that the subject was given."""
    array = plain(value)
    return {"name": name, "text": text, "shape": list(array.shape), "shown": show(array), "at": None, "bound": None,
            "got": None, "verdict": "unseen"}  # fmt: skip


def _first_state(name: str, node: Node, part: StageResult) -> Iterator[dict[str, Any]]:
    """Of a recurrence whose states are returned, the first step whose state is beyond its bound."""
    if not isinstance(node, Scan) or part.judged.holds is not False or not isinstance(part.value, Bounded):
        return
    for step, state in enumerate(part.got):
        judged = J.close(state, part.value.map(lambda array, step=step: array[step]))
        if judged.holds is False:
            yield {
                **_unseen(f"{name} ({node.index} = {step})", "the first step that differs", part.value.v[step]),
                "got": show(state, stored=True), "verdict": "parts",
            }  # fmt: skip
            return


def _of_step(trial: Trial, part: StageResult, step: str) -> dict[str, Any]:
    """A result of one step with the value of its equation there."""
    array = part.got if part.value is None else plain(part.value)
    at = _worst(part) if part.judged.holds is False else None
    at = at if at is not None and _inside(at, array) else None
    text = " ".join(trial.program.contract.equations[part.equation].text.split())
    return {
        "name": f"{part.equation} {step}", "text": text,
        "shape": list(array.shape), "shown": show(array), "at": None if at is None else number(array[at]),
        "bound": _bound(part.value, at), "got": _got(part, at, show), "verdict": part.verdict,
    }  # fmt: skip


def _row_steps(trial: Trial, index: Index) -> Iterator[dict[str, Any]]:
    """A step for the rows that the claim takes of an equation, where all of it would be too large."""
    program, large = trial.program, never_whole(trial.program, trial.falsifier, trial.case)
    for part in dict.fromkeys(walk(trial.falsifier.claim)):
        if not isinstance(part, IndexNode) or not isinstance(part.value, Name) or part.value.id not in large:
            continue
        try:
            value = trial.value(part)
        except WITHOUT_VALUE:
            continue
        array = plain(value)
        at = index if index is not None and _inside(index, array) else None
        yield {
            "name": spell(part), "text": " ".join(program.contract.equations[part.value.id].text.split()),
            "shape": list(array.shape), "shown": show(array), "at": None if at is None else number(array[at]),
            "bound": _bound(value, at), "got": None, "verdict": "unseen",
        }  # fmt: skip


def _wanted(trial: Trial) -> list[str]:
    """The equations that the claim names or whose results it reads, and all that these depend on.

    Those that only write a file that a function gets are left out: of that file, `file_steps` shows what matters.
    """
    program, claim = trial.program, trial.falsifier.claim
    refusing = (names(part) for part in walk(claim) if isinstance(part, Call) and part.name in REFUSALS)
    without_result: set[str] = set().union(*refusing) | _only_in_turn(program, claim)
    wanted: set[str] = set()
    for name in _named(program, claim):
        wanted |= {name} | program.depends.get(name, frozenset())
        if name in program.contract.subjects and name not in without_result:
            for source in program.contract.subjects[name].returns.values():
                wanted |= {source.text.strip()} | program.depends.get(source.text.strip(), frozenset())
    wanted -= never_whole(program, trial.falsifier, trial.case)
    return [name for name in program.equations if name in wanted]


def _only_in_turn(program: Program, claim: Node) -> set[str]:
    """The subjects that are only called in turn: of their results the steps are told."""
    in_steps = in_recurrences(claim)
    called = [part for part in walk(claim) if isinstance(part, Call) and part.name in program.contract.subjects]
    return {part.name for part in called} - {part.name for part in called if id(part) not in in_steps}


def _named(program: Program, claim: Node) -> set[str]:
    """The names in a claim, but for those within the bytes of a file."""
    calls = [part for part in walk(claim) if isinstance(part, Call) and part.name in program.contract.subjects]
    files = [given for call in calls for _, given in given_files(program, call)]
    within = {id(part) for given in files for part in walk(given)}
    left = [part for part in walk(claim) if id(part) not in within]
    return {part.id if isinstance(part, Name) else part.name for part in left if isinstance(part, Name | Call)}


def _stage(part: StageResult) -> dict[str, Any]:
    evidence, ratio = part.judged.evidence, part.judged.ratio
    return {
        "function": part.function, "name": part.field, "equation": part.equation, "shape": list(part.got.shape),
        "verdict": part.verdict, "ratio": ratio if np.isfinite(ratio) else None,
        "expected": "" if evidence is None else evidence.expected, "got": "" if evidence is None else evidence.got,
        "index": None if evidence is None or evidence.index is None else list(evidence.index),
    }  # fmt: skip


def _in_the_whole(trial: Trial, index: tuple[int, ...]) -> Index:
    """The place of an element in the value that the claim takes entries of; None where the index says it otherwise."""
    part = trial.failing_part()
    value = part.arguments[1] if isinstance(part, Call) and len(part.arguments) > 1 else None
    if not isinstance(value, IndexNode):
        return index
    if len(value.items) > 1 or isinstance(value.items[0], NewAxis | OtherAxes | Slice):
        return None
    ids = np.asarray(trial.domain.whole(trial.value(value.items[0])))
    return int(ids[index[: ids.ndim]]), *index[ids.ndim :]


def _blocks(case: Case, index: tuple[int, ...]) -> Iterator[dict[str, Any]]:
    """The blocks of quantised weights at the worst element: of that weight, or of some that its row multiplies."""
    for name, value in case.inputs.items():
        if isinstance(value, Packed):
            for element in _elements(case, value, index):
                yield {"input": name, "format": value.dtype, "element": list(element),
                       "fields": block_parts(value, element)}  # fmt: skip


def _elements(case: Case, packed: Packed, index: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The weights that a worst element depends on: itself, or in its row those multiplied by something not zero."""
    shape = packed.shape
    if any(place >= size for place, size in zip(index, shape, strict=False)):
        return []
    if len(index) == len(shape):
        return [index]
    if len(index) + 1 != len(shape):
        return []
    vectors = [value for value in case.inputs.values() if isinstance(value, np.ndarray) and value.shape == shape[-1:]]
    columns = np.flatnonzero(vectors[0]) if len(vectors) == 1 else np.zeros(0, int)
    return [(*index, int(column)) for column in columns[:BLOCKS]]


def plain(value: Any) -> np.ndarray:
    """The numbers of an exact value, without its bound or its tolerance of ties."""
    return np.asarray(
        value.index if isinstance(value, Choice) else value.v if isinstance(value, Bounded | Truth) else value
    )


def _worst(part: StageResult) -> Index:
    return None if part.judged.evidence is None else part.judged.evidence.index


def _inside(index: tuple[int, ...], array: np.ndarray) -> bool:
    return len(index) == array.ndim and all(place < size for place, size in zip(index, array.shape, strict=True))


def _bound(value: Any, at: Index) -> float | None:
    if at is None or not isinstance(value, Bounded):
        return None
    with suppress(*WITHOUT_VALUE):
        bound = float(np.broadcast_to(np.asarray(value.bound()), value.v.shape)[at])
        return bound if np.isfinite(bound) else None
    return None


def _got(part: StageResult | None, at: Index, printed: Callable[[np.ndarray], str]) -> str | None:
    if part is None:
        return None
    if at is not None and _inside(at, part.got):
        return number_of_format(part.got[at])
    return printed(part.got) if printed is show_bytes else show(part.got, stored=True)
