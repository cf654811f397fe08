"""What ends a polynomial region: division, and what the rules of functions have in common (language/functions/).

Every rule bounds what any float32 implementation of that function may return for any input within the argument's
bound. `exp_ulps` is a relative error of 2 * exp_ulps * u. docs/bound.md has the derivations; tests/harness/language/
soundness holds each rule against emulated kernels.
"""

from __future__ import annotations

import numpy as np

from harness.language.exact.region import Bounded, Floats


class Undecided(Exception):
    """The bound does not decide a jump (a choice, a comparison), so the case is not judged."""


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


def divide(x: Bounded, y: Bounded) -> Bounded:
    """x / y, correctly rounded or as a product with the rounded reciprocal (2 u).

    Infinite where y's interval contains 0 or where 1/y may pass the largest number. The reciprocal of a large y may be
    subnormal, hence |x| * smallest.
    """
    x, y = x.close(), y.close()
    ar = x.ar
    with np.errstate(all="ignore"):
        q = x.v / y.v
        room = np.abs(y.v) - y.e
        e = (x.e + np.abs(q) * y.e) / room
        e = e + 2 * ar.u * (np.abs(q) + e) + ar.smallest * (1 + np.abs(x.v) + x.e)
        e = np.where((room * ar.largest > 1) & (np.abs(q) + e < ar.largest), e, np.inf)
        e = np.where((x.v == 0) & (np.asarray(x.e) == 0) & (room * ar.largest > 1), 0.0, e)
        k = None if x.k is None else (x.k + np.abs(q) * y.k) / np.abs(y.v)
    return leaf(x, q, e, k, keep_key=False)


def logistic(x: Floats) -> Floats:
    """1 / (1 + exp(-x)) in float64, accurate at both ends."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small))


def by_ulps(x: Bounded, v: Floats, moved: Floats, k: Floats | None, more: int = 0, absolute: int = 0) -> Bounded:
    """v, the value of a function of x that a kernel computes to within the declared ulps; a closed x.

    moved: how far the argument's error may carry the value. more: roundings beyond the declared ulps, in u of the
    value; absolute: an error that does not shrink with the value, in u of one. Not judged where x has no bound or the
    value may overflow.
    """
    ar = x.ar
    with np.errstate(all="ignore"):
        moved = np.where(np.isfinite(x.e), moved, np.inf)
        e = moved + (2 * ar.exp_ulps + more) * ar.u * (np.abs(v) + moved)
        e = e + absolute * ar.u + (ar.exp_ulps + 1) * ar.smallest
        return leaf(x, v, np.where(np.abs(v) + e < ar.largest, e, np.inf), k)
