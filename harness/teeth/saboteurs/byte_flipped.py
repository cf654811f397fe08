"""One wrong byte in a file."""

from __future__ import annotations

import numpy as np

from harness.language import types as T
from harness.teeth.saboteurs.nudge import bit_flipped
from harness.teeth.saboteurs.results import is_bytes
from harness.teeth.saboteurs.spoiled_result import SpoiledResult


class ByteFlipped(SpoiledResult):
    """One bit of one byte is another."""

    id = "SABOTEUR-BYTE-FLIPPED"
    story = "one bit of one byte of a result is flipped"

    @staticmethod
    def fits(kind: T.Type) -> bool:
        return is_bytes(kind)

    @staticmethod
    def spoil(value: np.ndarray, number: int) -> np.ndarray:
        return bit_flipped(value, number)
