"""Right values in a wrong order."""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.language import types as T
from harness.teeth.saboteurs.results import is_array, is_list
from harness.teeth.saboteurs.spoiled_result import SpoiledResult


class TwoSwapped(SpoiledResult):
    """Two neighbours change places. What is single, or equal to its neighbour, stays."""

    id = "SABOTEUR-TWO-SWAPPED"
    story = "two neighbouring entries of a result change places"

    @staticmethod
    def fits(kind: T.Type) -> bool:
        return is_list(kind) or (is_array(kind) and bool(kind.shape))

    @staticmethod
    def spoil(value: Any, number: int) -> Any:
        entries = value.reshape(-1) if isinstance(value, np.ndarray) else value  # of a copy in C order: a view
        if len(entries) > 1:
            first = number % (len(entries) - 1)
            entries[first], entries[first + 1] = entries[first + 1], entries[first]
        return value
