"""Rounding of float64 numbers to a number format, and the numbers of it that a value with a bound may be stored as.

A float64 number is rounded once, directly. Going through float32, as ml_dtypes does, rounds twice: 1 + 2**-8 + 2**-30
becomes 1 in bf16 by way of float32, and 1 + 2**-7 directly.

Numbers beyond the largest are plus or minus infinity here, whatever a format writes for them: so the order of the real
line is kept, and rounding never decreases (docs/bound.md, "Storage"). `stored` says what is written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from harness.language.dtypes import FLOAT32, INFINITY, LARGEST, NO_NUMBER, Dtype, Floating

Floats = Any  # np.ndarray of float64
EVEN, UP, DOWN, ANY = "even", "up", "down", "any"  # where a tie goes
SINGLE = FLOAT32.numbers  # which processors round float64 to, directly
CUT = "cut"  # no rounding to nearest: digits are cut off


def spacing(x: Floats, numbers: Floating) -> Floats:
    """The distance of neighbours of a format at |x|; below its normal numbers, their own."""
    _, exponent = np.frexp(np.where(np.isfinite(x), x, 1.0))
    return np.ldexp(1.0, np.maximum(exponent - 1, numbers.emin) - numbers.digits + 1)


def nearest(x: Floats, numbers: Floating, ties: str = EVEN) -> Floats:
    """The nearest number of a format, as float64; infinite beyond the largest. NaN and infinities stay."""
    x = np.asarray(x, np.float64)
    if numbers.digits >= 53:
        return x
    if numbers == SINGLE and ties == EVEN:
        with np.errstate(over="ignore"):
            return x.astype(np.float32).astype(np.float64)
    with np.errstate(invalid="ignore", over="ignore"):
        unit = spacing(x, numbers)
        rounded = _whole(x / unit, ties) * unit
        rounded = np.where(np.abs(rounded) > numbers.largest, np.copysign(np.inf, x), rounded)
    return np.where(np.isfinite(x), rounded, x)


def neighbours(x: Floats, numbers: Floating) -> tuple[Floats, Floats]:
    """The numbers of a format just below and just above numbers of it; infinite beyond the largest."""
    size = np.abs(np.asarray(x, np.float64))
    with np.errstate(invalid="ignore", over="ignore"):
        unit = np.where(size == 0, numbers.smallest, spacing(size, numbers))
        outward = np.where(size + unit > numbers.largest, np.inf, size + unit)
        power, _ = np.frexp(np.where(np.isfinite(size), size, 1.0))
        inward = size - np.where((power == 0.5) & (size > 2.0**numbers.emin), unit / 2, unit)
        inward = np.where(np.isinf(size), numbers.largest, inward)
    return np.where(x > 0, inward, -outward), np.where(x < 0, -inward, outward)


def _whole(x: Floats, ties: str) -> Floats:
    if ties == EVEN:
        return np.rint(x)
    if ties == CUT:
        return np.trunc(x)
    return np.floor(x + 0.5) if ties == UP else np.ceil(x - 0.5)


def stored(x: Floats, dtype: Dtype, saturates: bool = False) -> np.ndarray:
    """Real numbers as an array of a format: rounded once, ties to even; as integers, the nearest of the type.

    saturates: what lies beyond the largest number, infinities too, becomes that number.
    """
    rounded = nearest(x, dtype.numbers) if dtype.is_real else np.rint(x)
    with np.errstate(all="ignore"):
        return np.asarray(written(rounded, dtype, saturates)).astype(dtype.numpy)  # exact: a number of the format


def written(x: Floats, dtype: Dtype, saturates: bool = False) -> Floats:
    """Rounded numbers as a format has them: what overflows is infinite, NaN, or the largest number.

    That number is the end of every type of integers, and of a format that saturates by itself.
    """
    if not dtype.is_real:
        return np.clip(x, dtype.integers[0], dtype.integers[-1])
    numbers = dtype.numbers
    if saturates or numbers.overflow == LARGEST:
        return np.clip(x, -numbers.largest, numbers.largest)
    return x if numbers.overflow == INFINITY else np.where(np.isinf(x), np.nan, x)


@dataclass(frozen=True, eq=False)
class Interval:
    """The numbers from `low` to `high`, entry by entry: all of them, or those of a format that something is stored in.

    saturates: what lies beyond the largest number of the format is stored as that number.
    """

    low: Floats
    high: Floats
    dtype: Dtype | None = None
    saturates: bool = False

    def moved(self, move: Callable[[Floats], Floats]) -> Interval:
        """The same of entries at other places."""
        return replace(self, low=move(self.low), high=move(self.high))

    @property
    def ends_at_largest(self) -> bool:
        """Whether what lies beyond the largest number is stored as that number, as in every type of integers."""
        dtype = self.dtype
        return dtype is not None and (self.saturates or not dtype.is_real or dtype.numbers.overflow == LARGEST)

    @property
    def is_no_number(self) -> np.ndarray:
        """Where everything overflows on one side, in a format that writes NaN for it."""
        return np.asarray(np.isinf(self.low) & (self.low == self.high) & np.isnan(self.written(self.low)))

    def written(self, end: Floats) -> Floats:
        """An end as it is stored: what overflows is infinite, NaN, or the largest number."""
        return end if self.dtype is None else written(end, self.dtype, self.saturates)

    def admits(self, got: Floats) -> np.ndarray:
        """Which numbers, as float64, are among them.

        A NaN that is written for an overflow has no sign: it stands for either infinity.
        """
        low, high = (self.written(self.low), self.written(self.high)) if self.ends_at_largest else (self.low, self.high)
        with np.errstate(invalid="ignore"):
            inside = np.asarray((got >= low) & (got <= high))
            if self.dtype is None:
                return inside
            if not self.dtype.is_real:
                return np.asarray(inside & (np.floor(got) == got))
            inside = inside & (nearest(got, self.dtype.numbers) == got)
        if self.ends_at_largest or self.dtype.numbers.overflow != NO_NUMBER:
            return inside
        overflows = np.isposinf(self.high) | np.isneginf(self.low)
        return np.where(np.isnan(got), overflows, inside & np.isfinite(got))

    def stored_in(self, dtype: Dtype, *, flushes: bool = False, saturates: bool = False, ties: str = EVEN) -> Interval:
        """What these numbers are stored as: rounding never decreases, so the ends are rounded.

        flushes: numbers below the normal ones may be stored as zero, before or after rounding. ties: ANY where it is
        not known which way they go. Of integers it never is: kernels round halves to even, or away from zero.
        """
        if dtype == self.dtype:
            return self
        low, high = self.written(self.low), self.written(self.high)
        if not dtype.is_real:
            return Interval(np.ceil(low - 0.5), np.floor(high + 0.5), dtype)
        numbers = dtype.numbers
        down, up = (DOWN, UP) if ties == ANY else (ties, ties)
        first, last = nearest(low, numbers, down), nearest(high, numbers, up)
        if flushes:
            tiny = 2.0**numbers.emin
            first = np.where((low > 0) & (low < tiny), 0.0, first)
            last = np.where((high < 0) & (high > -tiny), 0.0, last)
        return Interval(
            np.where(np.isnan(first), -np.inf, first), np.where(np.isnan(last), np.inf, last), dtype, saturates
        )


def around(v: Floats, bound: Floats) -> Interval:
    """Every number within `bound` of v. A bound that is infinite or NaN gives the whole line, and so does a NaN."""
    with np.errstate(invalid="ignore", over="ignore"):
        low, high = v - bound, v + bound
        inexact = np.asarray(bound) != 0  # the ends were rounded to float64 themselves
        low = np.where(inexact, np.nextafter(low, -np.inf), low)
        high = np.where(inexact, np.nextafter(high, np.inf), high)
    unknown = np.isnan(bound) | np.isinf(bound) | np.isnan(v)
    return Interval(np.where(unknown, -np.inf, low), np.where(unknown, np.inf, high))
