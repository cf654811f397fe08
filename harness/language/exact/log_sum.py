"""log(sum(exp(x))): finite where exp(x) is not, because kernels take the maximum away before and add it after.

The value is computed so as well. The bound covers kernels that do it, and those that do not, as long as nothing they
compute overflows or vanishes (docs/bound.md).
"""

from __future__ import annotations

import numpy as np

from harness.language.exact import primitives, running_sums
from harness.language.exact.moments import SumOf
from harness.language.exact.region import Bounded, Floats, add


def log_of_sum(x: Bounded) -> Bounded | None:
    """log x, where x is a sum of powers of e; None where it is another number."""
    origin = x.origin
    if not isinstance(origin, SumOf) or origin.exponents is None:
        return None
    result = log_sum_exp(origin.exponents, origin.axis)
    for move in origin.moves:
        result = result.map(move)
    return result


def log_sum_exp(x: Bounded, axis: int | None) -> Bounded:
    """The logarithm of the sum of e to the x along an axis, or of all; x is one stored number per entry.

    A sum of two terms, the maximum and a logarithm: a kernel may take them away from something one after the other.
    """
    ar, xe = x.ar, np.broadcast_to(x.e, x.v.shape)
    excluded = np.isneginf(x.v) & (xe == 0)
    off = 2 * ar.exp_ulps * ar.u
    with np.errstate(all="ignore"):
        top = np.max(x.v, axis=axis, keepdims=True)
        z = np.where(excluded, -np.inf, x.v - top)
        above, under = primitives.reach(x.v, xe, axis, ar.float64)
        # of x - max, rounded, and of its product with log2(e) for exp2
        wide = np.maximum(above, under)
        d = xe + 3 * ar.u * (np.abs(z) + xe + wide)
        entries: Floats = np.count_nonzero(~excluded, axis=axis)
        steps, lagging = entries, 0.0
        if (loss := running_sums.loss(x, xe, z, wide, axis)) is not None:
            d = d + loss.exponent - np.log1p(-np.minimum(loss.factor, 1))
            d = np.where(loss.overflows, np.inf, d)
            steps, lagging = np.sum(np.where(excluded, 0.0, loss.steps), axis), loss.logarithm
        d = np.where(excluded, 0.0, d)
        v, highest, lowest = (_log_sum(part, axis) for part in (z, z + d, z - d))
        moved = np.maximum(highest - v, v - lowest)
        # A power that underflows is off by the ulps, and lost when it is added: beside a largest power of 1, or beside
        # the sum itself where the maximum is not taken away. Such a kernel is right while its sum does not vanish.
        lost = 2 * (ar.exp_ulps + 1) * steps * ar.smallest
        log, v = v, np.squeeze(top, axis) + v
        by_itself = lost / np.exp(np.minimum(v, 0.0))
        relative = off + _gamma(ar.u, entries) * (1 + off) + np.where(by_itself < 1 / 2, by_itself, lost)
        moved = moved - np.log1p(-np.minimum(relative, 1))
        e = moved + off * (np.abs(v) + np.log(np.maximum(entries, 1)) + moved) + (ar.exp_ulps + 1) * ar.smallest
        e = e + lagging + 2 * ar.u * np.squeeze(wide, axis)  # the kernel's maximum may be that much larger
        if ar.float64 and not x.exact:  # the evaluator's own error (docs/bound.md, "Float64")
            e = e + log_sum_exp(Bounded(x.v, ar), axis).e
        judged = (np.isfinite(x.v) & np.isfinite(xe)) | excluded
        e = np.where(judged.all(axis) & np.isfinite(v) & (np.abs(v) + e < ar.largest), e, np.inf)
        k = None
        if x.k is not None:
            shares = np.exp(z - _log_sum(z, axis, keepdims=True))
            k = np.abs(v) + np.sum(np.where(excluded, 0.0, shares * (1 + x.k)), axis)
    whole = add(Bounded(np.squeeze(top, axis), ar), primitives.leaf(x, log, e, keep_key=False))
    whole.k = k
    return whole


def _gamma(u: float, n: Floats) -> Floats:
    return np.where(n * u < 1, n * u / (1 - n * u), np.inf)


def _log_sum(z: Floats, axis: int | None, keepdims: bool = False) -> Floats:
    """In float64, by the largest of z."""
    top = np.max(z, axis=axis, keepdims=True)
    total = top + np.log(np.sum(np.exp(z - top), axis=axis, keepdims=True))
    return total if keepdims else np.squeeze(total, axis)
