"""What may be stored, as sets: whether one version admits every number that the other does, and whether any is common.

A set is several intervals, one for each format that a kernel may choose, entry by entry (`rounding.Interval`): all
numbers between two ends, or those of a format. Only what is in a set counts, not its middle.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from harness.language.dtypes import Dtype
from harness.language.exact.region import Bounded, Floats
from harness.language.exact.storage import in_format
from harness.language.rounding import Interval, around, neighbours, spacing

Options = Sequence[Interval]


def unstored_bound(value: Bounded) -> Floats:
    """How far off a kernel may be, before it stores the value where that is stored."""
    return value.bound() if value.storage is None else value.storage.bound


def options_of(value: Bounded, bound: Floats, dtype: Dtype | None = None) -> Options:
    """What a kernel may store of numbers that are this far off; `dtype`: the narrow format of the result."""
    options = (around(value.v, bound),) if value.storage is None else value.storage.options(bound)
    return options if dtype is None else tuple(in_format(option, dtype, value.ar) for option in options)


def formats_of(value: Bounded, dtype: Dtype | None = None) -> frozenset[str]:
    """The formats of which a kernel may choose, before it stores the result in its own; those that round are named."""
    known = () if value.storage is None else value.storage.dtypes
    rounding = [part for part in known if not (value.storage and value.storage.is_wide(part)) and part is not dtype]
    return frozenset(part.name for part in rounding) | ({""} if len(rounding) < len(known) or not known else set())


def unjudged(options: Options) -> np.ndarray:
    """Where a result may be anything."""
    return np.asarray(np.logical_or.reduce([np.isneginf(part.low) & np.isposinf(part.high) for part in options]))


def covered(options: Options, others: Options) -> np.ndarray:
    """Where the others hold every number that `options` hold."""
    return np.asarray(np.logical_and.reduce([_covered(part, others) for part in options]))


def _covered(part: Interval, others: Options) -> np.ndarray:
    inside = [
        (other.low <= part.low) & (part.high <= other.high)
        for other in others if _is_subset(part.dtype, other.dtype)
    ]  # fmt: skip
    whole = np.logical_or.reduce(inside) if inside else np.zeros(part.low.shape, np.bool_)
    each = [np.logical_or.reduce([other.admits(part.written(end)) for other in others])
            for end in (part.low, part.high)]  # fmt: skip
    return np.asarray(whole | (_at_most_two(part) & each[0] & each[1]))


def _is_subset(dtype: Dtype | None, other: Dtype | None) -> bool:
    """Whether every number of a format is one of another; None has all numbers."""
    if other is None or dtype is other:
        return True
    if dtype is None or dtype.is_real != other.is_real:
        return False
    if not dtype.is_real:
        return dtype.integers[0] in other.integers and dtype.integers[-1] in other.integers
    mine, its = dtype.numbers, other.numbers
    return (mine.digits <= its.digits and mine.lowest >= its.lowest and mine.largest <= its.largest
            and mine.overflow == its.overflow)  # fmt: skip


def _at_most_two(part: Interval) -> np.ndarray:
    """Where there is no number between the ends."""
    if part.dtype is None:
        return np.asarray(part.low == part.high)
    if not part.dtype.is_real:
        return np.asarray(part.high - part.low <= 1)
    _, following = neighbours(part.low, part.dtype.numbers)
    return np.asarray((part.low == part.high) | (np.isfinite(part.low) & (following >= part.high)))


def meet(options: Options, others: Options) -> np.ndarray:
    """Where some number is held by both."""
    return np.asarray(np.logical_or.reduce([_meet(part, other) for part in options for other in others]))


def _meet(part: Interval, other: Interval) -> np.ndarray:
    low, high = np.maximum(part.low, other.low), np.minimum(part.high, other.high)
    unit = np.maximum(_unit(part.dtype, low), _unit(other.dtype, low))
    with np.errstate(all="ignore"):
        first = np.where((unit > 0) & np.isfinite(low), np.ceil(low / unit) * unit, low)
    return np.asarray((low <= high) & ((first <= high) | ((low <= 0) & (high >= 0))))


def _unit(dtype: Dtype | None, x: Floats) -> np.ndarray:
    """The distance of numbers of a format at x; where all numbers are held, 0."""
    if dtype is None:
        return np.zeros(np.shape(x))
    return spacing(np.abs(x), dtype.numbers) if dtype.is_real else np.ones(np.shape(x))


def width(options: Options) -> np.ndarray:
    """From the least to the greatest number."""
    low, high = _ends(options)
    with np.errstate(invalid="ignore"):
        return np.asarray(high - low)


def told(options: Options, place: tuple[int, ...]) -> str:
    """What is held at one place, for the reader."""
    low, high = (float(end[place]) for end in _ends(options))
    return f"{low:.9g}" if low == high else f"{low:.9g} to {high:.9g}"


def _ends(options: Options) -> tuple[np.ndarray, np.ndarray]:
    low = np.minimum.reduce([part.written(part.low) for part in options])
    return low, np.maximum.reduce([part.written(part.high) for part in options])
