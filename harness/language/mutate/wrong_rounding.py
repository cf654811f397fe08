"""Wrong conversions to a number format, and sums that are rounded to one after every addition; all in float64."""

from __future__ import annotations

from functools import reduce

import numpy as np

from harness.language import rounding
from harness.language.dtypes import Dtype
from harness.language.rounding import CUT, UP, nearest


def cut(x: np.ndarray, dtype: Dtype) -> np.ndarray:
    """Digits that the format has no room for are cut off; of integers, what stands behind the point."""
    if not dtype.is_real:
        return np.clip(np.trunc(x), dtype.integers[0], dtype.integers[-1])
    return nearest(x, dtype.numbers, CUT)


def ties_away(x: np.ndarray, dtype: Dtype) -> np.ndarray:
    """To nearest; what lies in the middle between two numbers goes away from zero."""
    return np.copysign(nearest(np.abs(x), dtype.numbers, UP), x)


def flushed(x: np.ndarray, dtype: Dtype) -> np.ndarray:
    """To nearest; subnormal numbers of the format become zero."""
    stored = nearest(x, dtype.numbers)
    return np.where(np.abs(stored) < 2.0**dtype.numbers.emin, 0.0, stored)


def saturated(x: np.ndarray, dtype: Dtype) -> np.ndarray:
    """To nearest; what overflows becomes the largest number."""
    return written(nearest(x, dtype.numbers), dtype, saturates=True)


def overflown(x: np.ndarray, dtype: Dtype) -> np.ndarray:
    """To nearest; what overflows is no number (an infinity would be stored as the largest number after all)."""
    stored = nearest(x, dtype.numbers)
    return np.where(np.isinf(stored), np.nan, stored)


def wrapped(x: np.ndarray, dtype: Dtype) -> np.ndarray:
    """To the nearest integer, of which the low bits are kept."""
    whole = np.rint(x)
    first = dtype.integers[0]
    return np.where(np.isfinite(whole), (whole - first) % 2.0**dtype.bits + first, whole)


def written(x: np.ndarray, dtype: Dtype, saturates: bool) -> np.ndarray:
    """What is stored of rounded numbers: an infinity as the contract has it, where the fault is another one."""
    return np.asarray(rounding.written(x, dtype, saturates)) if dtype.is_real else x


def sum_in(x: np.ndarray, axis: int | None, dtype: Dtype) -> np.ndarray:
    """The sum over an axis, or of all entries, in order."""
    terms = x.reshape(-1) if axis is None else np.moveaxis(x, axis, 0)
    start = np.zeros(terms.shape[1:])
    return np.asarray(reduce(lambda total, term: nearest(total + term, dtype.numbers), terms, start))


def mean_in(x: np.ndarray, axis: int | None, dtype: Dtype) -> np.ndarray:
    """The same, divided by the number of entries."""
    return sum_in(x, axis, dtype) / (x.size if axis is None else x.shape[axis])


def product_in(left: np.ndarray, right: np.ndarray, dtype: Dtype) -> np.ndarray:
    """`left @ right`: each product is exact, and added in order."""
    if right.ndim > 2:
        return matvec_in(np.swapaxes(right, -1, -2)[..., None, :, :], left, dtype)
    columns = right if right.ndim > 1 else right[:, None]
    terms = (left[..., place, None] * columns[place] for place in range(len(columns)))
    start = np.zeros((*left.shape[:-1], columns.shape[1]))
    total = reduce(lambda total, term: nearest(total + term, dtype.numbers), terms, start)
    return np.asarray(total).reshape(*left.shape[:-1], *right.shape[1:])


def matvec_in(w: np.ndarray, x: np.ndarray, dtype: Dtype) -> np.ndarray:
    """`matvec(w, x)`: each product is exact, and added in order."""
    return sum_in(w * x[..., None, :], -1, dtype)
