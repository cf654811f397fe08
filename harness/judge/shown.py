"""What an array that a subject shows says of the values that its next step was computed from.

A kernel that computes in float32 goes on with what it shows. One that keeps wider values (float64, or fused into the
next step) shows them rounded to float32 and goes on with the unrounded ones; docs/bound.md derives how far these are.
"""

from __future__ import annotations

import numpy as np

from harness.language.arithmetic import Arithmetic
from harness.language.exact.region import Bounded, returned


def as_shown(array: np.ndarray, arithmetic: Arithmetic) -> np.ndarray | Bounded:
    """The very numbers; integers are shown as they are."""
    return returned(array, arithmetic) if array.dtype.kind == "f" else array


def rounded_from(array: np.ndarray, arithmetic: Arithmetic) -> np.ndarray | Bounded:
    """Numbers that round to these: off by at most half a unit in the last place. Integers are shown as they are."""
    if array.dtype.kind != "f":
        return array
    size = np.abs(array)
    _, exponent = np.frexp(size.astype(np.float64))
    half = np.ldexp(1.0, np.maximum(exponent - 25, -150))  # 24 digits; the smallest number is 2**-149
    half = np.where(size < arithmetic.smallest, arithmetic.smallest, half)  # shown as 0: underflow, or flushed
    half = np.where(np.isfinite(array), half, np.inf)  # beyond the largest number everything is shown as infinite
    return Bounded(array, arithmetic, half)
