"""What an array that a subject shows says of the values that its next step was computed from.

A kernel that computes in float32 goes on with what it shows. One that keeps wider values (float64, or fused into the
next step) shows them rounded to float32 and goes on with the unrounded ones; docs/bound.md derives how far these are.
"""

from __future__ import annotations

import numpy as np

from harness.language.arithmetic import Arithmetic
from harness.language.dtypes import is_real, of_array
from harness.language.exact.region import Bounded, returned
from harness.language.rounding import spacing


def as_shown(array: np.ndarray, arithmetic: Arithmetic) -> np.ndarray | Bounded:
    """The very numbers; integers are shown as they are."""
    return returned(array.astype(np.float64), arithmetic) if is_real(array.dtype) else array


def rounded_from(array: np.ndarray, arithmetic: Arithmetic) -> np.ndarray | Bounded:
    """Numbers that round to these: off by at most half a unit in the last place. Integers are shown as they are."""
    dtype = of_array(array.dtype)
    if dtype is None or not dtype.is_real:
        return array
    v = array.astype(np.float64)
    half = spacing(v, dtype.numbers) / 2
    small = max(arithmetic.smallest, dtype.numbers.smallest)
    half = np.where(np.abs(v) < small, small, half)  # shown as 0: underflow, or flushed
    half = np.where(np.isfinite(v), half, np.inf)  # beyond the largest number everything is shown as infinite
    return Bounded(v, arithmetic, half)
