"""Kernels that return the same for every input: a contract that lets one pass shows nothing, whatever it waives.

Of each function that a claim asks for, two things must be seen in some case of some falsifier: that a kernel which
returns one number everywhere, and refuses nothing, is noticed; and that what the function is given is not one number
everywhere. The second is asked too, because results may depend on the sizes alone while all inputs are zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from harness.language import types as T
from harness.language.behind import both_ends
from harness.language.syntax import Call, walk
from harness.program.model import FalsifierProgram, Program
from harness.subjects.interrupt import Interrupted
from harness.subjects.subject import Subject
from harness.teeth.saboteurs.changes import is_list
from harness.teeth.saboteurs.refusals import zero_results
from harness.teeth.shown import VARIES, Shown
from harness.teeth.wrapped import WrappedSubject

PATIENCE = 12  # cases in which the results changed and nothing noticed: other falsifiers may


def functions_of(program: Program, falsifier: FalsifierProgram) -> list[str]:
    """The functions with arguments that a claim asks for, in the order of the contract."""
    asked = {part.name for part in walk(falsifier.claim) if isinstance(part, Call)}
    return [name for name, subject in program.scope.subjects.items() if name in asked and subject.arguments]


class ConstantKernel(WrappedSubject):
    """The working subject, but for one function: it returns one number everywhere, the first that it ever saw."""

    def __init__(self, subject: Subject, function: str) -> None:
        super().__init__(subject)
        self.function = function
        self.name = f"{subject.name} with {function} constant"
        self.shown = Shown()
        self.first: dict[Any, Any] = {}  # by result, the entry that is returned everywhere; by number format, too
        self.changed = False  # whether any result was another than the right one

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        if function != self.function:
            return super().call(program, function, arguments, dimensions)
        self.shown.add(Shown(given=dict(_values(arguments))))
        right: Any  # a subject may return whatever it likes
        try:
            right = self.results(program, function, arguments, dimensions)
        except Interrupted:
            raise
        except Exception:
            self.changed = True
            right = zero_results(program, function, arguments, dimensions)
        if not isinstance(right, Mapping):
            return right
        subject = program.scope.subjects[function]
        filled = {name: self._filled(name, subject.returns.get(name), value) for name, value in right.items()}
        fitting = {name: value for name, value in filled.items()  # arguments of a wrong shape are not refused
                   if name not in subject.updates or np.shape(arguments[name]) == np.shape(value)}  # fmt: skip
        ended: Mapping[str, Any] = self.ended(program, function, arguments, fitting)
        return ended

    def _filled(self, name: str, kind: T.Type | None, value: Any) -> Any:
        """The result with its first entry ever in the place of all entries."""
        if isinstance(value, np.ndarray):
            if not value.size:
                return value
            filled = np.full_like(value, self.first.setdefault((name, value.dtype), _number(value)))
            self.changed |= filled.tobytes() != value.tobytes()
            return filled
        entries = list(value) if isinstance(value, list | tuple) and kind is not None and is_list(kind) else [value]
        if not entries:
            return value
        first = self.first.setdefault(name, entries[0])
        self.changed |= any(entry != first for entry in entries)
        return [first] * len(entries) if isinstance(value, list | tuple) else first


def _number(value: np.ndarray) -> Any:
    """The first entry that is a number, or 0: NaN is refused by the checks of every result."""
    entries = value.reshape(-1)
    finite = entries[np.isfinite(entries)]
    return finite[0] if finite.size else 0


def _values(arguments: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The arguments that are more than sizes, each with its one value or VARIES; an empty one tells nothing."""
    for name, value in arguments.items():
        if isinstance(value, tuple) and len(value) == 3 and isinstance(value[0], str):  # a tensor in blocks
            told = _one(np.frombuffer(value[2], np.uint8))
        elif isinstance(value, np.ndarray) and value.ndim:
            told = _one(value)
        elif isinstance(value, list):
            told = _one_of(value)
        elif isinstance(value, float | np.floating):
            told = str(value)
        elif isinstance(value, int | np.integer | np.bool_ | np.ndarray | str):
            continue
        else:
            told = VARIES
        if told:
            yield name, told


def _one(value: np.ndarray) -> str:
    """The one number that every entry is, VARIES, or "" where there is none; of a large array, what its ends show."""
    entries = np.frombuffer(both_ends(value), value.dtype)
    if not entries.size:
        return ""
    return str(entries[0]) if (entries == entries[0]).all() else VARIES


def _one_of(value: list[Any]) -> str:
    return "" if not value else repr(value[0]) if all(entry == value[0] for entry in value) else VARIES


class ConstantKernels:
    """The constant kernels of one falsifier while its cases are tried: one for each function that its claim asks for.

    `correct`: the working subject; None where there is none, so that nothing can be tried.
    """

    def __init__(self, program: Program, falsifier: FalsifierProgram, correct: Subject | None) -> None:
        self.correct = correct
        names = functions_of(program, falsifier) if correct is not None else []
        self.kernels = [ConstantKernel(correct, name) for name in names if correct is not None]
        self.shown = {kernel.function: kernel.shown for kernel in self.kernels}
        self.unnoticed = dict.fromkeys(self.shown, 0)  # cases, by function

    @property
    def open(self) -> bool:
        """Whether another case may show more."""
        return bool(self.kernels)

    def attempt(self, notices: Callable[[Subject], bool]) -> None:
        """One more case; `notices`: whether its claim refuses a subject."""
        left = []
        for kernel in self.kernels:
            kernel.changed = False
            kernel.shown.noticed |= notices(kernel)
            self.unnoticed[kernel.function] += kernel.changed
            if not kernel.shown.complete and self.unnoticed[kernel.function] < PATIENCE:
                left.append(kernel)
        self.kernels = left
