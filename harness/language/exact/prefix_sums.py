"""Sums of the first entries along an axis: each is a polynomial of its own, whatever a scan makes of the others.

A scan adds parts of the same terms, from the first to the last, in chunks, or by the trees of Hillis and Steele or of
Blelloch. So every prefix is bounded as a sum of so many terms is, and ends its region.
"""

from __future__ import annotations

import numpy as np

from harness.language.exact.nonfinite import no_number, sure
from harness.language.exact.region import OWN, Bounded, Floats, total


def prefix_sums(x: Bounded, axis: int) -> Bounded:
    """The sums of the first 1, 2, 3, ... entries along an axis, as stored numbers."""
    if x.ar.sums is not None or x.ar.probable:
        return _one_by_one(x, axis)
    with np.errstate(invalid="ignore"):
        v = np.cumsum(x.v, axis)
    bound = _bound(x, v, axis)
    leaf = Bounded(v, x.ar) if not np.any(bound) else Bounded(v, x.ar, bound, np.where(bound == 0, v, np.nan))
    leaf.k = None if x.k is None else np.cumsum(x.k, axis)
    return leaf


def _one_by_one(x: Bounded, axis: int) -> Bounded:
    """Each by the rule of `sum`: what an accumulator or its blocks lose depends on how many entries there are."""
    first = x.map(lambda part: np.moveaxis(part, axis, 0))
    sums = [total(first.map(lambda part, n=n: part[:n]), 0).close() for n in range(1, first.shape[0] + 1)]
    if not sums:
        return x.close()
    v, e = (np.stack([np.broadcast_to(part, x.shape[:axis] + x.shape[axis + 1 :]) for part in parts], axis)
            for parts in ([part.v for part in sums], [part.e for part in sums]))  # fmt: skip
    leaf = Bounded(v, x.ar) if not np.any(e) else Bounded(v, x.ar, e, np.where(e == 0, v, np.nan))
    leaf.k = None if x.k is None else np.cumsum(x.k, axis)
    return leaf


def _bound(x: Bounded, v: Floats, axis: int) -> Floats:
    """As `Bounded.bound` has it, with the terms of each prefix instead of those of the longest."""
    form, ar = x.form, x.ar
    entries = np.cumsum(x.a != 0, axis)
    roundings = np.where(entries > 0, entries * form.t - 1 + form.r, 0)
    gamma = roundings * ar.u / np.where(roundings * ar.u < 1, 1 - roundings * ar.u, 0.0)
    c = form.c * np.maximum(entries, 1)
    on_grid = x.exact and form.low >= ar.lowest
    with np.errstate(invalid="ignore", over="ignore"):
        a, e = np.cumsum(x.a, axis), _errors(x, v, axis)
        bound = e + np.where(a > 0, gamma * a, 0.0)
        if not on_grid:
            bound = bound + (form.m + 2) * ar.smallest * c
        most = 2.0 ** min(ar.digits + form.grid, 1000.0) if on_grid else 0.0
        if ar.float64:
            bound, most = bound * OWN, most / 2
        bound = np.where(a <= most, 0.0, bound)
        fits = c * (1 + gamma) < ar.largest
        judged = np.isfinite(v) & np.isfinite(bound) & (fits if form.m else a * (1 + gamma) < ar.largest)
    bound = np.where(judged, bound, np.inf)
    return np.where(~np.isfinite(v) & (e == 0) & fits, 0.0, bound) if form.wild else bound


def _errors(x: Bounded, v: Floats, axis: int) -> Floats:
    """What comes in with the leaves; none where a prefix is an infinity for sure, or has an entry that is NaN."""
    e = np.cumsum(np.broadcast_to(x.e, x.shape), axis)
    if not x.form.wild:
        return e
    infinite = np.isinf(v) & np.logical_and.accumulate(sure(x), axis)
    nan = np.logical_or.accumulate(no_number(x), axis)
    return np.where(infinite | nan, 0.0, np.where(np.isnan(v), np.inf, e))
