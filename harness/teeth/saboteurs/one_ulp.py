"""The smallest error there is."""

from __future__ import annotations

import numpy as np

from harness.language import types as T
from harness.teeth.saboteurs.nudge import next_float
from harness.teeth.saboteurs.results import is_real
from harness.teeth.saboteurs.spoiled_result import SpoiledResult


class OneUlp(SpoiledResult):
    """One element of one result is the next float32."""

    id = "SABOTEUR-ONE-ULP"
    story = "one element of a result is the next float32 upwards"
    excuse = "a correct float32 result may differ by one unit in the last place: only a claim of identity can tell"

    @staticmethod
    def fits(kind: T.Type) -> bool:
        return is_real(kind)

    @staticmethod
    def spoil(value: np.ndarray, number: int) -> np.ndarray:
        return next_float(value, number)
