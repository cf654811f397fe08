"""A failing case step by step: what the equations say, what the subject shows, and where the two part first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from harness.judge import claims as J
from harness.judge.claims import Judgement
from harness.language import types as T
from harness.language.arithmetic import Arithmetic
from harness.language.dtypes import BYTE
from harness.language.exact.choice import Choice
from harness.language.exact.primitives import Undecided
from harness.language.exact.region import Bounded
from harness.language.packed import NotFinite, Packed
from harness.language.syntax import Call, Node, ResultField, names, walk
from harness.program.case import Case
from harness.program.model import FalsifierProgram, Program
from harness.search.array_text import show, show_bytes
from harness.search.block_parts import block_parts
from harness.search.trial import Trial, judge_stage
from harness.subjects.calls import Falsified
from harness.subjects.subject import Subject

Index = tuple[int, ...] | None
WITHOUT_VALUE = (ArithmeticError, LookupError, TypeError, ValueError, NotFinite, Undecided)
NO_RESULT = (Falsified, *WITHOUT_VALUE)
BLOCKS = 2  # quantised weights told in parts


@dataclass
class Shown:
    """What the subject showed of an equation, and how it was judged from what it showed before."""

    function: str
    field: str
    equation: str
    got: np.ndarray
    judged: Judgement
    value: Any = None  # the exact value; None where it is open

    @property
    def verdict(self) -> str:
        """`tied`: another choice than the exact one, of values too close for rounding to tell apart."""
        if self.judged.holds and isinstance(self.value, Choice) and not np.array_equal(self.got, self.value.index):
            return "tied"
        return {True: "agrees", False: "parts", None: "open"}[self.judged.holds]


@dataclass
class Steps:
    """The parts of an argument, as data for a record."""

    steps: list[dict[str, Any]] = field(default_factory=list)
    stages: list[dict[str, Any]] = field(default_factory=list)
    blocks: list[dict[str, Any]] = field(default_factory=list)
    equation: str = ""


def steps(
    program: Program, falsifier: FalsifierProgram, case: Case, subject: Subject, arithmetic: Arithmetic, index: Index
) -> Steps:
    """Everything that can be shown of the case. `index`: the worst element of the result that the claim is about.

    Whatever goes wrong here, a falsification is never lost for want of an explanation: then there is none.
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
        strips = {name: list(_strip(trial, name)) for name in _functions(trial)}
        shown: dict[str, Shown] = {}
        for strip in strips.values():  # what the claim itself looks at comes first
            for part in strip:
                shown.setdefault(part.equation, part)
        equation = _equation(trial, shown)
        fullest = max(strips.values(), key=len, default=[])
        told = Steps(list(_told(trial, shown, equation, index)), equation=equation)
        if len(fullest) > 1:
            told.stages = [_stage(part) for part in fullest]
        if index is not None:
            told.blocks = list(_blocks(case, index))
    return told


def _functions(trial: Trial) -> Iterator[str]:
    """The functions that show values of this very case: those that the claim calls as they are, and the fullest."""
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
    """The equations of the results that an expression looks at."""
    subjects = trial.program.contract.subjects
    found = set()
    for part in walk(node):
        if isinstance(part, ResultField) and isinstance(part.call, Call) and part.call.name in subjects:
            found.add(subjects[part.call.name].returns[part.field].text.strip())
    return found & set(trial.program.equations)


def _strip(trial: Trial, function: str) -> Iterator[Shown]:
    """Each returned array against its equation, with everything shown before it given: so bounds stay sharp."""
    try:
        captured = trial.calls.results(Call(function, (), ()))
    except NO_RESULT:
        return
    given: dict[str, Any] = {}
    for name, source in trial.program.contract.subjects[function].returns.items():
        equation = source.text.strip()
        if equation not in trial.program.equations or not isinstance(captured[name], np.ndarray):
            continue
        value = None
        try:
            value = trial.bindings.replaced(given).value(equation)
            judged = judge_stage(trial.domain, captured[name], value)
        except NO_RESULT as doubt:
            judged = J.undecided(str(doubt))
        yield Shown(function, name, equation, captured[name], judged, value)
        given[equation] = captured[name]


def _equation(trial: Trial, shown: Mapping[str, Shown]) -> str:
    """The equation that the failing result was held against; "" where the claim names none, or several that agree."""
    returned = _returned(trial, trial.failing_part())
    parted = [name for name in shown if name in returned and shown[name].judged.holds is False]
    return parted[0] if parted else returned.pop() if len(returned) == 1 else ""


def _told(trial: Trial, shown: Mapping[str, Shown], equation: str, index: Index) -> Iterator[dict[str, Any]]:
    """The equations that the claim is about, in their order. A choice that the subject made is taken as given."""
    made = {
        name: part.got for name, part in shown.items() if isinstance(part.value, Choice) and part.judged.holds is True
    }
    bindings = trial.bindings.replaced(made)
    for name in _wanted(trial):
        part = shown.get(name)
        try:
            value = part.value if part is not None and part.value is not None else bindings.value(name)
        except WITHOUT_VALUE:
            continue  # a malformed or open case has no such value; the evidence says what happened
        array, printed = plain(value), show_bytes if _of_bytes(trial, name) else show
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


def _wanted(trial: Trial) -> list[str]:
    """The claim's equations and those below them, and those of the functions whose results it looks at."""
    program, claim = trial.program, trial.falsifier.claim
    refusing = (names(part) for part in walk(claim) if isinstance(part, Call) and part.name == "raises")
    without_result: set[str] = set().union(*refusing)
    wanted: set[str] = set()
    for name in names(claim):
        wanted |= {name} | program.depends.get(name, frozenset())
        if name in program.contract.subjects and name not in without_result:
            for source in program.contract.subjects[name].returns.values():
                wanted |= {source.text.strip()} | program.depends.get(source.text.strip(), frozenset())
    return [name for name in program.equations if name in wanted]


def _stage(part: Shown) -> dict[str, Any]:
    evidence, ratio = part.judged.evidence, part.judged.ratio
    return {
        "function": part.function, "name": part.field, "equation": part.equation, "shape": list(part.got.shape),
        "verdict": part.verdict, "ratio": ratio if np.isfinite(ratio) else None,
        "expected": "" if evidence is None else evidence.expected, "got": "" if evidence is None else evidence.got,
        "index": None if evidence is None or evidence.index is None else list(evidence.index),
    }  # fmt: skip


def _blocks(case: Case, index: tuple[int, ...]) -> Iterator[dict[str, Any]]:
    """Quantised weights at the worst element: the very one, or those of its row that meet something not zero."""
    for name, value in case.inputs.items():
        if isinstance(value, Packed):
            for element in _elements(case, value, index):
                yield {"input": name, "format": value.dtype, "element": list(element),
                       "fields": block_parts(value, element)}  # fmt: skip


def _elements(case: Case, packed: Packed, index: tuple[int, ...]) -> list[tuple[int, ...]]:
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
    """The numbers of a value, whatever is known of them beside."""
    return np.asarray(value.index if isinstance(value, Choice) else value.v if isinstance(value, Bounded) else value)


def number(value: Any) -> str:
    """One entry, with as many digits as tell float32 numbers apart."""
    return f"{float(value):.9g}" if np.asarray(value).dtype.kind == "f" else str(value)


def _worst(part: Shown) -> Index:
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


def _got(part: Shown | None, at: Index, printed: Callable[[np.ndarray], str]) -> str | None:
    if part is None:
        return None
    return number(part.got[at]) if at is not None and _inside(at, part.got) else printed(part.got)


def _of_bytes(trial: Trial, equation: str) -> bool:
    kind = trial.program.scope.names.get(equation)
    return isinstance(kind, T.Array) and kind.dtype == BYTE.name
