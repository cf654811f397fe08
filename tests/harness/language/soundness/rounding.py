"""Rounding to a narrow format once, for emulated kernels: apart from the rounding that the bound uses."""

from __future__ import annotations

import numpy as np

from harness.language.dtypes import Floating

Array = np.ndarray


def rounded(x: Array, numbers: Floating, how: str = "even") -> Array:
    """Float64 numbers to the nearest of a format, ties to even; `zero`: cut off. Infinite beyond the largest."""
    x = np.asarray(x, np.float64)
    if numbers.digits == 53:
        return x
    mantissa, exponent = np.frexp(np.where(np.isfinite(x), x, 0.0))
    kept = np.minimum(numbers.digits, exponent - numbers.emin + numbers.digits - 1)
    scaled = np.ldexp(mantissa, kept)
    whole = np.rint(scaled) if how == "even" else np.trunc(scaled)
    result = np.ldexp(whole, exponent - kept)
    result = np.where(np.abs(result) > numbers.largest, np.copysign(np.inf, x), result)
    return np.where(np.isfinite(x), result, x)


def rounded_sum(x: Array, y: Array, numbers: Floating) -> Array:
    """x + y, rounded once: the sum in float64 is made odd where it is not exact."""
    sum_ = x + y
    if numbers.digits == 53:
        return sum_
    part = sum_ - x
    lost = (x - (sum_ - part)) + (y - part)
    even = (np.asarray(sum_).view(np.int64) & 1) == 0
    toward = np.where(lost > 0, np.inf, -np.inf)
    return rounded(np.where((lost != 0) & even & np.isfinite(sum_), np.nextafter(sum_, toward), sum_), numbers)
