"""Yes for no."""

from __future__ import annotations

import numpy as np

from harness.language import types as T
from harness.teeth.saboteurs.nudge import one_negated
from harness.teeth.saboteurs.results import is_truth
from harness.teeth.saboteurs.spoiled_result import SpoiledResult


class Negated(SpoiledResult):
    """One truth value is the other."""

    id = "SABOTEUR-NEGATED"
    story = "one returned truth value is the other"

    @staticmethod
    def fits(kind: T.Type) -> bool:
        return is_truth(kind)

    @staticmethod
    def spoil(value: np.ndarray, number: int) -> np.ndarray:
        return one_negated(value, number)
