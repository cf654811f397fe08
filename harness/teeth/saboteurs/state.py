"""Saboteurs of memory and state: results that depend on other calls, on a shared buffer or on the number of threads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from harness.language import types as T
from harness.program.model import Program
from harness.subjects.subject import Subject
from harness.teeth.saboteurs.changes import with_smallest_change
from harness.teeth.saboteurs.saboteur import SabotagedSubject, position

THREADS = "threads"  # the argument, or the dimension that it carries


class Stale(SabotagedSubject):
    """A result left over from the call before, where it has the shapes of the right one."""

    id = "SABOTEUR-STALE"
    story = "a call returns the result of the call before, where the shapes agree"

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.last: dict[tuple[str, object], Mapping[str, Any]] = {}

    @classmethod
    def applies(cls, program: Program) -> bool:
        return bool(program.scope.subjects)

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        returned = self.results(program, function, arguments, dimensions)
        if not isinstance(returned, Mapping):
            return returned
        kept = {name: _copied(value) for name, value in returned.items()}
        key = (function, tuple((name, _type_and_shape(value)) for name, value in kept.items()))
        previous = self.last.get(key, returned)
        self.last[key] = kept
        ended: Mapping[str, Any] = self.ended(program, function, arguments, previous)
        return ended


def _copied(value: Any) -> Any:
    """A copy of an array or list: a shared one would be noticed by the check for aliased results."""
    if isinstance(value, np.ndarray):
        return np.array(value)
    return list(value) if isinstance(value, list) else value


def _type_and_shape(value: Any) -> object:
    """What two results must have in common for one to be returned in place of the other."""
    return (str(value.dtype), value.shape) if isinstance(value, np.ndarray) else type(value).__name__


class CallCount(SabotagedSubject):
    """A result that depends on earlier calls: every second call is wrong, as with uninitialised memory."""

    id = "SABOTEUR-CALL-COUNT"
    story = "every second call of a function gives a result that differs in its last bit"
    excuse = "a contract that does not promise repeatable bits admits it where the change is within the bound"

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.calls: Counter[str] = Counter()

    @classmethod
    def applies(cls, program: Program) -> bool:
        return bool(program.scope.subjects)

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        number = position(function, arguments)
        results = self.results(program, function, arguments, dimensions)
        self.calls[function] += 1
        if self.calls[function] % 2 == 0:
            results = with_smallest_change(program, function, results, number)
        ended: Mapping[str, Any] = self.ended(program, function, arguments, results)
        return ended


class ThreadCount(SabotagedSubject):
    """A result that depends on the number of threads, as partial sums in another order do."""

    id = "SABOTEUR-THREAD-COUNT"
    story = "more than one thread gives a result that differs in its last bit"
    excuse = "a contract that does not promise the same bits for every number of threads admits another order of sums"

    @classmethod
    def applies(cls, program: Program) -> bool:
        return any(_thread_arguments(program, function) for function in program.scope.subjects)

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        number = position(function, arguments)
        results = self.results(program, function, arguments, dimensions)
        if any(arguments[name] > 1 for name in _thread_arguments(program, function)):
            results = with_smallest_change(program, function, results, number)
        ended: Mapping[str, Any] = self.ended(program, function, arguments, results)
        return ended


def _thread_arguments(program: Program, function: str) -> list[str]:
    """The arguments of a function that say how many threads it uses."""
    carried = program.scope.subjects[function].arguments
    return [name for name, source in carried.items() if THREADS in (name, source)]


class AliasedOutput(SabotagedSubject):
    """Arrays and lists are returned in a buffer that the next call with the same shapes uses again."""

    id = "SABOTEUR-ALIASED-OUTPUT"
    story = "a result is overwritten by the next call"
    engine = True
    excuse = "only another question shows it: a claim that asks once, of a function without arrays, cannot tell"

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.buffers: dict[object, Any] = {}

    @classmethod
    def applies(cls, program: Program) -> bool:
        return any(
            isinstance(kind, T.Words | T.Array) and name not in subject.updates
            for subject in program.scope.subjects.values()
            for name, kind in subject.returns.items()
        )

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        returned: Any = self.subject.call(program, function, arguments, dimensions)
        if not isinstance(returned, Mapping):
            return returned
        return {name: self._in_buffer((function, name), value) for name, value in returned.items()}

    def _in_buffer(self, owner: object, value: Any) -> Any:
        """The value in the buffer that belongs to its function, name, type and shape."""
        if isinstance(value, np.ndarray):
            buffer = self.buffers.setdefault((owner, str(value.dtype), value.shape), np.empty_like(value))
            np.copyto(buffer, value)
            return buffer
        if isinstance(value, list):
            kept: list[Any] = self.buffers.setdefault((owner, "list"), [])
            kept[:] = value
            return kept
        return value
