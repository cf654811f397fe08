"""A loop that ends one too early."""

from __future__ import annotations

import numpy as np

from harness.language import types as T
from harness.teeth.saboteurs.results import is_array, is_truth
from harness.teeth.saboteurs.spoiled_result import SpoiledResult


class LastUnwritten(SpoiledResult):
    """The last element stays zero. The shape is right: a wrong one is noticed whatever is claimed."""

    id = "SABOTEUR-LAST-DROPPED"
    story = "the last element of a result is never written and stays zero"

    @staticmethod
    def fits(kind: T.Type) -> bool:
        return is_array(kind) and not is_truth(kind)

    @staticmethod
    def spoil(value: np.ndarray, number: int) -> np.ndarray:
        del number
        value.flat[-1] = 0
        return value
