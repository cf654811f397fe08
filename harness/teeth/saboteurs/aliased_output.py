"""A result that lives in a buffer which the next call uses again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from harness.language import types as T
from harness.program.model import Program
from harness.subjects.subject import Subject
from harness.teeth.saboteurs.results import returns
from harness.teeth.saboteurs.saboteur import Sabotaged


class AliasedOutput(Sabotaged):
    """Arrays and lists are returned in place: the next call of the same shape overwrites them."""

    id = "SABOTEUR-ALIASED-OUTPUT"
    story = "a result is overwritten by the next call"
    engine = True
    excuse = "only another question shows it: a claim that asks once, of a function without arrays, cannot tell"

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.buffers: dict[object, Any] = {}

    @classmethod
    def applies(cls, program: Program) -> bool:
        return returns(program, lambda kind: isinstance(kind, T.Words | T.Array))

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        returned: Any = self.subject.call(program, function, arguments, dimensions)
        if not isinstance(returned, Mapping):
            return returned
        return {name: self._in_place((function, name), value) for name, value in returned.items()}

    def _in_place(self, owner: object, value: Any) -> Any:
        """The value, in the buffer of its function, name, type and shape."""
        if isinstance(value, np.ndarray):
            buffer = self.buffers.setdefault((owner, value.dtype.str, value.shape), np.empty_like(value))
            np.copyto(buffer, value)
            return buffer
        if isinstance(value, list):
            kept: list[Any] = self.buffers.setdefault((owner, "list"), [])
            kept[:] = value
            return kept
        return value
