"""One poisoned element."""

from __future__ import annotations

import numpy as np

from harness.language import types as T
from harness.teeth.saboteurs.results import is_real
from harness.teeth.saboteurs.spoiled_result import SpoiledResult


class NotANumber(SpoiledResult):
    """One element of one result is NaN: what comparisons written the wrong way round do not see."""

    id = "SABOTEUR-NAN"
    story = "one element of a result is NaN"

    @staticmethod
    def fits(kind: T.Type) -> bool:
        return is_real(kind)

    @staticmethod
    def spoil(value: np.ndarray, number: int) -> np.ndarray:
        value.flat[number % value.size] = np.nan
        return value
