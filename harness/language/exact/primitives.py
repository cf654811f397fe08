"""What ends a polynomial region: division, and what the rules of functions have in common (language/functions/).

Every rule bounds what any float32 implementation of that function may return for any input within the argument's
bound. `exp_ulps` is a relative error of 2 * exp_ulps * u. docs/bound.md has the derivations; tests/harness/language/
soundness holds each rule against emulated kernels.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from harness.language.exact.moments import MeanOf, SumOf, mean_entries, summed_for_mean
from harness.language.exact.nonfinite import no_number
from harness.language.exact.region import Bounded, Floats, multiply, stored_as


def leaf(x: Bounded, v: Floats, e: Floats, k: Floats | None = None, keep_key: bool = True) -> Bounded:
    """A new leaf off by e; entries with e == 0 stay exact, ties of x stay ties."""
    e = np.where(np.isnan(e), np.inf, e)
    if not np.any(e):
        result = Bounded(v, x.ar)
    else:
        result = Bounded(v, x.ar, e, x.key if keep_key and x.key is not None and x.key.shape == v.shape else None)
    if x.ar.condition:
        result.k = np.abs(v) if k is None else k
    return result


def of_entries(x: Bounded, v: Floats, e: Floats, k: Floats | None = None, keep_key: bool = True) -> Bounded:
    """A new leaf of a function of single entries, which leaves NaN as it is."""
    return leaf(x, v, np.where(no_number(x), 0.0, e) if x.form.wild else e, k, keep_key)


ROOM = 2.0**64  # of partial products with a reciprocal; beyond it a quotient is bounded by itself
FEW = 8  # terms; a numerator of more is a sum over an axis, which kernels divide when it is complete


def divide(x: Bounded, y: Bounded) -> Bounded:
    """x / y: x times the reciprocal of y, in the region of x, so that it may be distributed or taken in another order.

    Where the reciprocal is not within `ROOM`, or reciprocals are not allowed, x / y is bounded by itself. A quotient of
    more than a `FEW` terms ends its region: left open, a variance of n values would have n * n terms.
    """
    y = y.close()
    if entries := mean_entries(x, y):
        return _mean(x, y, entries)
    return _divided(x, y)


def _mean(x: Bounded, y: Bounded, entries: int) -> Bounded:
    """x / y of a sum by the number of its entries: as a quotient, or by updates of a mean."""
    origin = x.origin
    assert isinstance(origin, SumOf)
    mean = _divided(summed_for_mean(x, entries), y) if entries > 1 else _divided(x, y)
    of = origin.of()
    mean.origin = MeanOf(of, origin.axis) if of is not None and entries == origin.entries else None
    return mean


def _divided(x: Bounded, y: Bounded) -> Bounded:
    inverse = reciprocal(y)
    if inverse is None or not (y.form.pow2 or x.form.c * inverse.form.c < ROOM):
        return quotient(x.close(), y)
    q = multiply(x, inverse)
    if x.k is not None and y.k is not None:
        q.k = (x.k + np.abs(q.v) * y.k) / np.abs(y.v)
    return q if x.form.t <= FEW else q.close()


def reciprocal(y: Bounded) -> Bounded | None:
    """1 / y off by y's error and one rounding, exact for powers of two; None where it is not finite or not allowed.

    A quotient that a kernel divides by itself, without the reciprocal, is this number without its rounding.
    """
    least = 2.0**-126 if y.form.pow2 else 1 / ROOM
    if y.form.wild or not np.all((np.abs(y.v) - y.e >= least) & (np.abs(y.v) <= 2.0**126)):
        return None
    inverse = 1 / y.v
    if y.form.pow2:
        return Bounded(inverse, y.ar)
    if y.ar.division == 1:
        return None
    moved = np.abs(inverse) * y.e / (np.abs(y.v) - y.e)
    return Bounded(inverse, y.ar, moved + y.ar.u * (np.abs(inverse) + moved) + y.ar.smallest)


def quotient(x: Bounded, y: Bounded) -> Bounded:
    """x / y of two stored numbers: one rounding, or two where a kernel may multiply by the rounded reciprocal.

    Infinite where y's interval contains 0, or where the reciprocal may pass the largest number. The reciprocal of a
    large y may be subnormal, hence |x| * smallest.
    """
    ar = x.ar
    by_reciprocal = ar.division > 1
    with np.errstate(all="ignore"):
        q = x.v / y.v
        room = np.abs(y.v) - y.e
        e = (x.e + np.abs(q) * y.e) / room
        e = e + ar.division * ar.u * (np.abs(q) + e)
        e = e + ar.smallest * (1 + np.abs(x.v) + x.e if by_reciprocal else 1)
        defined = room * ar.largest > 1 if by_reciprocal else room > 0
        e = np.where(defined & (np.abs(q) + e < ar.largest), e, np.inf)
        e = np.where(_exact_quotient(x, y, q) & defined, 0.0, e)
        k = None if x.k is None else (x.k + np.abs(q) * y.k) / np.abs(y.v)
    return leaf(x, q, e, k, keep_key=False)


def _exact_quotient(x: Bounded, y: Bounded, q: Floats) -> Floats:
    """Where every kernel returns q itself: of zero, and where it rounds q once and q is a number it can store.

    x times the rounded reciprocal of y misses one in ten of the quotients that are small integers: 21 / 7 is one.
    """
    zero = (x.v == 0) & (x.e == 0)
    if x.ar.division > 1:
        return zero
    given = (x.e == 0) & (y.e == 0) & np.isfinite(x.v)
    return zero | (given & (q * y.v == x.v) & (stored_as(q, x.ar) == q) & (np.abs(q) >= x.ar.smallest))


def reach(v: Floats, e: Floats, axis: int | None, outwards: bool = False) -> tuple[Floats, Floats]:
    """How far the largest entry may lie above and below that of v, with the axis kept.

    The maximum grows with every entry, so it lies between the maxima of the lower and of the upper ends: an entry
    counts only where its interval reaches them. An exact infinity does not move. `outwards`: where the ends are no
    wider than float64 can tell, they are taken one number further out.
    """
    with np.errstate(invalid="ignore"):
        above, below = v + e, v - e
        if outwards:
            above = np.where(e > 0, np.nextafter(above, np.inf), above)
            below = np.where(e > 0, np.nextafter(below, -np.inf), below)
        top, highest, lowest = (np.max(part, axis=axis, keepdims=True) for part in (v, above, below))
        return np.where(highest == top, 0.0, highest - top), np.where(lowest == top, 0.0, top - lowest)


def with_own_error(rule: Callable[[Bounded], Bounded], x: Bounded) -> Bounded:
    """rule(x), where twice the unit does not by itself hold the error of an evaluator that computes in float64.

    It is what the rule says of the evaluator, whose argument is exact.
    """
    result = rule(x)
    if not x.ar.float64 or x.exact:
        return result
    widened = Bounded(result.v, x.ar, result.e + rule(Bounded(x.v, x.ar)).e, result.key)
    widened.k = result.k
    return widened


def logistic(x: Floats) -> Floats:
    """1 / (1 + exp(-x)) in float64, accurate at both ends."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small))


def exponent(x: Bounded) -> Bounded:
    """x, closed, as the argument of exp: where exp may be exp2 of x * log2(e), off by that constant and product too."""
    x = x.close()
    if not x.ar.folded:
        return x
    size = np.where(np.isfinite(x.v), np.abs(x.v) + x.e, 0.0)
    powers = Bounded(x.v, x.ar, x.e + 2 * x.ar.u * size, x.key)
    powers.k = x.k
    return powers


def by_ulps(
    x: Bounded,
    v: Floats,
    moved: Floats,
    k: Floats | None,
    more: int = 0,
    absolute: int = 0,
    beside: Floats = 0.0,
    exact: Floats | None = None,
) -> Bounded:
    """v, the value of a function of x that a kernel computes to within the declared ulps; a closed x.

    moved: how far the argument's error may carry the value. more: roundings beyond the declared ulps, in u of the
    value; absolute: an error that does not shrink with the value, in u of one; beside: any other error. exact: where
    every kernel returns v itself. Not judged where x has no bound or the value may overflow.
    """
    ar = x.ar
    if ar.float64:  # `moved` is the difference of two values that the evaluator rounded
        more += 2 * ar.exp_ulps + 4
    with np.errstate(all="ignore"):
        moved = np.where(np.isfinite(x.e), moved, np.inf)
        e = moved + (2 * ar.exp_ulps + more) * ar.u * (np.abs(v) + moved)
        e = e + absolute * ar.u + (ar.exp_ulps + 1) * ar.smallest
        if not isinstance(beside, float):
            e = e + beside
        e = np.where(np.abs(v) + e < ar.largest, e, np.inf)
        if exact is not None:
            e = np.where(exact, 0.0, e)
        return of_entries(x, v, e, k)


def certainly(x: Bounded, value: float) -> Floats:
    """Where a closed x is exactly that number."""
    return (x.v == value) & (np.asarray(x.e) == 0)
