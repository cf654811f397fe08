"""Rounding of float64 numbers to a number format, and the numbers of it that a value with a bound may be stored as.

A float64 number is rounded once, directly. Going through float32, as ml_dtypes does, rounds twice: 1 + 2**-8 + 2**-30
becomes 1 in bf16 by way of float32, and 1 + 2**-7 directly.

Numbers beyond the largest are plus or minus infinity here, whatever a format writes for them: so the order of the real
line is kept, and rounding never decreases (docs/bound.md, "Storage"). `stored` says what is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.language.dtypes import INFINITY, LARGEST, NO_NUMBER, Dtype, Floating

Floats = Any  # np.ndarray of float64
EVEN, UP, DOWN, ZERO = "even", "up", "down", "zero"  # where a tie goes; `zero`: cut off, no rounding to nearest at all


def spacing(x: Floats, numbers: Floating) -> Floats:
    """The distance of neighbours of a format at |x|; below its normal numbers, their own."""
    _, exponent = np.frexp(np.where(np.isfinite(x), x, 1.0))
    return np.ldexp(1.0, np.maximum(exponent - 1, numbers.emin) - numbers.digits + 1)


def nearest(x: Floats, numbers: Floating, ties: str = EVEN) -> Floats:
    """The nearest number of a format, as float64; infinite beyond the largest. NaN and infinities stay."""
    x = np.asarray(x, np.float64)
    if numbers.digits >= 53:
        return x
    with np.errstate(invalid="ignore", over="ignore"):
        unit = spacing(x, numbers)
        rounded = _whole(x / unit, ties) * unit
        rounded = np.where(np.abs(rounded) > numbers.largest, np.copysign(np.inf, x), rounded)
    return np.where(np.isfinite(x), rounded, x)


def _whole(x: Floats, ties: str) -> Floats:
    match ties:
        case "even":
            return np.rint(x)
        case "up":
            return np.floor(x + 0.5)
        case "down":
            return np.ceil(x - 0.5)
    return np.trunc(x)


def stored(x: Floats, dtype: Dtype, saturates: bool = False) -> np.ndarray:
    """Real numbers as an array of a format: rounded once, ties to even.

    saturates: what lies beyond the largest number, infinities too, becomes that number.
    """
    numbers = dtype.numbers
    values = nearest(x, numbers)
    beyond = np.isinf(values)
    if saturates or numbers.overflow == LARGEST:
        values = np.clip(values, -numbers.largest, numbers.largest)
    elif numbers.overflow == NO_NUMBER:
        values = np.where(beyond, np.nan, values)
    with np.errstate(all="ignore"):
        return np.asarray(values).astype(dtype.numpy)  # exact: each is a number of the format


@dataclass(frozen=True, eq=False)
class Interval:
    """The numbers of a format from `low` to `high`, entry by entry: what a value with its bound may be stored as."""

    low: Floats
    high: Floats
    dtype: Dtype
    saturates: bool = False

    def admits(self, got: Floats) -> np.ndarray:
        """Which stored numbers, as float64, are among them. What is written for an overflow stands for the infinity."""
        numbers = self.dtype.numbers
        with np.errstate(invalid="ignore"):
            if self.saturates or numbers.overflow == LARGEST:
                ends = (np.clip(end, -numbers.largest, numbers.largest) for end in (self.low, self.high))
                low, high = ends
                return np.asarray((got >= low) & (got <= high))
            if numbers.overflow == INFINITY:
                return np.asarray((got >= self.low) & (got <= self.high))
            overflows = np.isposinf(self.high) | np.isneginf(self.low)  # a NaN has no sign
            return np.where(np.isnan(got), overflows, (got >= self.low) & (got <= self.high) & np.isfinite(got))


def interval(
    v: Floats, bound: Floats, dtype: Dtype, *, flushes: bool = False, ties: str = EVEN, saturates: bool = False
) -> Interval:
    """What any number within `bound` of v may be stored as: rnd(v - bound) to rnd(v + bound), as rounding is monotone.

    flushes: numbers below the normal ones may be stored as zero, before or after rounding. ties: "any" where it is not
    known which way they go. An infinite or NaN bound gives the whole line.
    """
    numbers = dtype.numbers
    with np.errstate(invalid="ignore", over="ignore"):
        low, high = v - bound, v + bound
        inexact = np.asarray(bound) != 0  # the ends were rounded to float64 themselves
        low = np.where(inexact, np.nextafter(low, -np.inf), low)
        high = np.where(inexact, np.nextafter(high, np.inf), high)
    down, up = (DOWN, UP) if ties == "any" else (ties, ties)
    first, last = nearest(low, numbers, down), nearest(high, numbers, up)
    if flushes:
        tiny = 2.0**numbers.emin
        first = np.where((low > 0) & (low < tiny), 0.0, first)
        last = np.where((high < 0) & (high > -tiny), 0.0, last)
    unknown = ~np.isfinite(bound) | np.isnan(v)
    first, last = np.where(unknown, -np.inf, first), np.where(unknown, np.inf, last)
    return Interval(first, last, dtype, saturates)
