"""Elements that are certainly not finite, in every evaluation: an exact infinity, or NaN. Both have an error of zero.

What such an element reaches has a class of its own, and nothing else is touched by it. NaN stays NaN in sums, and in
products with what is not zero. Zero times what is not finite may be NaN, an infinity or zero, for kernels skip zeros;
and infinities of opposite signs may cancel before they are made. Of these nothing is known: their bound is infinite
(docs/bound.md, "NaN and infinities").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from harness.language.exact.form import Form
    from harness.language.exact.region import Bounded

Floats = Any
LEAST_FACTOR, MOST_FACTORS = 2.0**-20, 6  # of an infinity: their product does not underflow, in whatever order


def sure(x: Bounded) -> Any:
    """Which entries are an exact infinity, or have a finite bound: what is not has a bound of its own."""
    return np.where(np.isinf(x.v), x.e == 0, np.isfinite(x.v) & np.isfinite(x.e))


def no_number(x: Bounded) -> Any:
    """Which entries are certainly NaN."""
    return np.isnan(x.v) & (x.e == 0)


def not_zero(x: Bounded) -> Any:
    """Which entries are certainly not zero; NaN is not."""
    with np.errstate(invalid="ignore"):
        return no_number(x) | (np.abs(x.v) > x.e)


def error_of_sum(x: Bounded, y: Bounded, v: Floats, e: Floats) -> Floats:
    """The error of x + y = v: none where it is an infinity for sure, or where a side is NaN."""
    return _of_class(np.isinf(v) & sure(x) & sure(y), no_number(x) | no_number(y), v, e)


def error_of_total(x: Bounded, axis: int | None, v: Floats, e: Floats) -> Floats:
    """The error of the sum of x along an axis: none where it is an infinity for sure, or where an entry is NaN."""
    return _of_class(np.isinf(v) & sure(x).all(axis), no_number(x).any(axis), v, e)


def _of_class(infinite: Any, nan: Any, v: Floats, e: Floats) -> Floats:
    return np.where(infinite | nan, 0.0, np.where(np.isnan(v), np.inf, e))


def error_of_product(x: Bounded, y: Bounded, v: Floats, e: Floats, form: Form) -> Floats:
    """The error of x * y = v: infinite where a factor may not be finite, but for what is known for sure."""
    infinite = form.m <= MOST_FACTORS and ((_infinite(x) & _factor(y)) | (_infinite(y) & _factor(x)))
    nan = (no_number(x) & not_zero(y)) | (no_number(y) & not_zero(x))
    return np.where(infinite | nan, 0.0, _of_finite(v, e))


def error_of_rows(w: Bounded, x: Bounded, v: Floats, e: Floats) -> Floats:
    """The error of rows of w times x: none where a term is NaN for sure."""
    nan = _some(no_number(w), not_zero(x)) | _some(not_zero(w), no_number(x))
    return np.where(nan, 0.0, _of_finite(v, e))


def _some(w: Any, x: Any) -> Any:
    """Whether the two meet in some term of a row: x is one vector, or one beside every matrix."""
    if not (np.any(w) and np.any(x)):
        return np.False_
    left, right = np.asarray(w, np.float32), np.asarray(x, np.float32)
    return (left @ right if right.ndim == 1 else (left @ right[..., None])[..., 0]) > 0


def _infinite(x: Bounded) -> Any:
    return np.isinf(x.v) & (x.e == 0)


def _factor(x: Bounded) -> Any:
    return np.isfinite(x.v) & (np.abs(x.v) - x.e >= LEAST_FACTOR) if x.is_leaf else np.False_


def _of_finite(v: Floats, e: Floats) -> Floats:
    """The errors of products, infinite where a factor may not be finite."""
    return np.where(np.isfinite(v) & ~np.isnan(e), e, np.inf)
