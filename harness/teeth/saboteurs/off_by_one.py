"""Integers that are one beside the right ones."""

from __future__ import annotations

import numpy as np

from harness.language import types as T
from harness.teeth.saboteurs.nudge import one_beside
from harness.teeth.saboteurs.results import is_integer
from harness.teeth.saboteurs.spoiled_result import SpoiledResult


class OffByOne(SpoiledResult):
    """One integer is one too low, zero one too high: an index stays inside its range where that has two entries."""

    id = "SABOTEUR-OFF-BY-ONE"
    story = "one integer of a result is off by one"

    @staticmethod
    def fits(kind: T.Type) -> bool:
        return is_integer(kind)

    @staticmethod
    def spoil(value: np.ndarray, number: int) -> np.ndarray:
        return one_beside(value, number)
