"""A result left over from the call before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from harness.program.model import Program
from harness.subjects.subject import Subject
from harness.teeth.saboteurs.saboteur import Sabotaged


class Stale(Sabotaged):
    """A function answers with what it computed the last time, wherever that has the shape that is asked for."""

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
        returned: Any = self.subject.call(program, function, arguments, dimensions)
        if not isinstance(returned, Mapping):
            return returned
        kept = {name: _copy(value) for name, value in returned.items()}
        key = (function, tuple((name, _outline(value)) for name, value in kept.items()))
        previous = self.last.get(key, returned)
        self.last[key] = kept
        return previous


def _copy(value: Any) -> Any:
    """An array or list of its own: a shared one would be noticed as such."""
    if isinstance(value, np.ndarray):
        return np.array(value)
    return list(value) if isinstance(value, list) else value


def _outline(value: Any) -> object:
    """Type and shape."""
    return (value.dtype.str, value.shape) if isinstance(value, np.ndarray) else type(value).__name__
