"""Numbers stored in a format: what a region's value may be rounded to, and with which error later regions read it.

A kernel holds some z within the region's bound of v. Rounding is monotone, so what it stores lies in the interval from
rnd(v - bound) to rnd(v + bound), and every number of the format in it may be what is stored (docs/bound.md, "Storage").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from harness.language.arithmetic import Arithmetic
from harness.language.dtypes import Dtype
from harness.language.exact.nonfinite import no_number
from harness.language.exact.probable import judged_within
from harness.language.exact.region import Bounded, Floats
from harness.language.rounding import Interval, around


@dataclass(frozen=True, eq=False)
class Storage:
    """A value before it is stored, its bound, and the formats of which a kernel may choose.

    `bound`: within which it is judged, infinite where it is not. `k`: its condition, where that is tracked.
    """

    v: Floats
    bound: Floats
    k: Floats | None
    dtypes: tuple[Dtype, ...]
    ar: Arithmetic

    def moved(self, move: Callable[[Floats], Floats]) -> Storage:
        """The same of entries at other places."""
        k = None if self.k is None else move(self.k)
        return replace(self, v=move(self.v), bound=move(self.bound), k=k)

    def options(self, bound: Floats) -> tuple[Interval, ...]:
        """By format, what a number within `bound` of the value is stored as."""
        held = around(self.v, bound)
        return tuple(held if self.is_wide(dtype) else in_format(held, dtype, self.ar) for dtype in self.dtypes)

    def is_wide(self, dtype: Dtype) -> bool:
        """Whether a format is at least as fine as that of the arithmetic, so that nothing more is rounded."""
        return dtype.is_real and dtype.numbers.digits >= self.ar.digits


def in_format(held: Interval, dtype: Dtype, ar: Arithmetic) -> Interval:
    """What is stored of numbers that are held, by the arithmetic of a contract."""
    return held.stored_in(dtype, flushes=ar.flushes, saturates=ar.saturates)


def hull(v: Floats, options: Sequence[Interval]) -> tuple[Floats, Floats]:
    """Centre and radius of what several intervals hold together.

    What is certain is exact: one number, an infinity, or the NaN of an overflow. The centre is v otherwise, as far as
    it lies between the ends; the radius is infinite where an overflow may have been written.
    """
    overflows = np.logical_and.reduce([option.is_no_number for option in options])
    low = np.minimum.reduce([option.written(option.low) for option in options])
    high = np.maximum.reduce([option.written(option.high) for option in options])
    with np.errstate(invalid="ignore"):
        centre = np.where(low == high, low, np.clip(v, low, high))
        radius = np.where(low == high, 0.0, np.maximum(high - centre, centre - low))
    middle = np.where(overflows, np.nan, np.where(np.isnan(centre), v, centre))
    return middle, np.where(overflows, 0.0, np.where(np.isnan(radius), np.inf, radius))


def stored(x: Bounded, dtypes: Sequence[Dtype]) -> Bounded:
    """x held in one of several formats: each kernel chooses, for each consumer and entry anew.

    Where that is one number it is exact. Several formats give the hull of what each admits: a kernel that keeps numbers
    wide for one consumer and rounds them for another is inside.
    """
    radius = np.broadcast_to(np.asarray(x.radius(), np.float64), x.v.shape)
    storage = Storage(x.v, judged_within(x) if x.ar.probable else radius, x.k, tuple(dtypes), x.ar)
    if all(storage.is_wide(dtype) for dtype in dtypes):
        return x.close()
    v, e = hull(x.v, storage.options(radius))
    if all(dtype.is_real for dtype in dtypes):  # an integer that a NaN becomes may be any
        e = np.where(no_number(x), 0.0, e)
    exact = e == 0
    keys = None if not exact.any() else np.where(exact, v, np.nan)
    leaf = Bounded(v, x.ar) if exact.all() else Bounded(v, x.ar, e, keys)
    leaf.k = None if x.k is None else x.k + e / x.ar.unit
    leaf.storage = storage
    return leaf
