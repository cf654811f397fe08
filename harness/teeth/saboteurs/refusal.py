"""Saboteurs of errors: what a function refuses comes out in another way."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np

from harness.language import types as T
from harness.language.dtypes import result_type
from harness.language.syntax import Call, walk
from harness.program.model import Program
from harness.subjects.calls import extent
from harness.subjects.interrupt import Interrupted
from harness.teeth.saboteurs.saboteur import Sabotaged


def refusal_claims(program: Program) -> list[Call]:
    """Every `raises(...)` of a contract's claims."""
    parts = [part for falsifier in program.falsifiers for part in walk(falsifier.claim)]
    return [part for part in parts if isinstance(part, Call) and part.name == "raises"]


class SpoiledRefusal(Sabotaged):
    """Results are right; an error is turned into something else."""

    @classmethod
    def applies(cls, program: Program) -> bool:
        return bool(refusal_claims(program))

    @abstractmethod
    def instead(self, error: Exception) -> Exception | None:
        """Another error in place of one; None: a result of zeros."""

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        try:
            return self.subject.call(program, function, arguments, dimensions)
        except Interrupted:
            raise
        except Exception as error:
            raised = self.instead(error)
            if raised is not None:
                raise raised from None
            returns = program.scope.subjects[function].returns
            return {field: nothing(kind, dimensions) for field, kind in returns.items()}


def nothing(kind: T.Type, dimensions: Mapping[str, int]) -> Any:
    """Zeros, false or an empty text of a declared kind."""
    if not isinstance(kind, T.Array):
        return [] if isinstance(kind, T.Words) else ""
    return np.zeros(tuple(extent(size, dimensions) for size in kind.shape), result_type(kind.kind, kind.dtype))
