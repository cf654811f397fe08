"""An error that nobody hears of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from harness.contract.program import Program
from harness.language import types as T
from harness.language.packed import NUMPY
from harness.search.calls import extent
from harness.teeth.saboteurs.refusal import SpoiledRefusal


class Swallowed(SpoiledRefusal):
    """Zeros where the function should have refused, as a fallback has it."""

    id = "SABOTEUR-SWALLOWED-ERROR"
    story = "what should be refused is answered with zeros"

    def instead(
        self, program: Program, function: str, dimensions: Mapping[str, int], error: Exception
    ) -> Mapping[str, Any]:
        del error
        returns = program.scope.subjects[function].returns
        return {field: nothing(kind, dimensions) for field, kind in returns.items()}


def nothing(kind: T.Type, dimensions: Mapping[str, int]) -> Any:
    """Zeros, false or an empty text of a declared kind."""
    if not isinstance(kind, T.Array):
        return [] if isinstance(kind, T.Words) else ""
    dtype = {"real": np.dtype(np.float32), "bool": np.dtype(bool)}.get(kind.kind) or NUMPY[kind.dtype or "i64"]
    return np.zeros(tuple(extent(size, dimensions) for size in kind.shape), dtype)
