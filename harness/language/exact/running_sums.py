"""What declared arithmetic lets a softmax, or a logarithm of summed powers, lose besides (docs/bound.md).

softmax: online   maximum and sum are taken in one pass, and the sum is rescaled whenever the maximum grows
exp: exp2         a power of e is one of 2, of x * c - max * c with one rounded constant c for log2(e) and a scale
merge: lse        parts, each with a softmax of its own, are weighted by exp(lse of the part - lse of all)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from harness.language.exact.region import Bounded, Floats

LAG = 8.0  # what a kernel that rescales rarely lets the maximum grow before it does


@dataclass(frozen=True)
class Loss:
    """Beside what every kernel may lose.

    exponent   how much further the logarithm of a power may be off, wherever that power is used
    factor     a relative error of a power that differs between its uses: as a numerator and as a part of the sum
    steps      how often a power may underflow on its way, the first time included
    common     a relative error of all quotients of a row, as it is where they are not divided by their own sum
    logarithm  how much further that of the sum may be off: of one that is larger, as a lazy kernel has it
    overflows  whether a power may be too large: exp2 of x c - fl(x c) is not 1 where x is large
    """

    exponent: Floats
    factor: Floats
    steps: Floats
    common: Floats
    logarithm: float
    overflows: Floats


def loss(x: Bounded, e: Floats, z: Floats, wide: Floats, axis: int | None) -> Loss | None:
    """For powers of x - max; None where nothing is declared.

    z: x less its maximum, -inf where an entry is excluded; wide: how far the maximum may be another; both with the axis
    kept.
    """
    ar = x.ar
    if not (ar.online or ar.folded or ar.merged):
        return None
    u, p, counted = ar.u, ar.exp_ulps, z > -np.inf
    size = np.where(counted, np.abs(x.v) + e, 0.0)
    largest = np.abs(np.max(x.v, axis=axis, keepdims=True)) + wide
    between = np.maximum(size, largest)  # no running maximum, and no part's, is larger: it lies between x and max
    log = np.log(np.maximum(np.count_nonzero(counted, axis=axis, keepdims=True), 1))
    exponent, factor = np.zeros(x.v.shape), np.zeros(x.v.shape)
    steps, common, overflows = np.ones(x.v.shape), np.zeros(largest.shape), np.zeros(x.v.shape, np.bool_)
    lagging = 2 * p * u * LAG if ar.online else 0.0
    if ar.online:
        growths = larger(x, e, axis)
        exponent = exponent + 2 * LAG * u
        factor, steps = factor + growths * (2 * p + 1) * u, steps + growths
    if ar.folded:
        folded = u * (size + between + np.where(counted, np.abs(z), 0.0))
        exponent, overflows = exponent + folded, counted & (folded > 80) & (z + folded > 0)
    if ar.merged:
        exponent = exponent + u * (between + (2 * p + 3) * log) + lagging
        factor, common = factor + (2 * p + 1) * u, common + u * (largest + (2 * p + 1) * log)
    return Loss(np.where(counted, exponent, 0.0), factor, steps, common, lagging, overflows.any(axis, keepdims=True))


def larger(x: Bounded, e: Floats, axis: int | None) -> Floats:
    """How many entries along the axis may be larger than this one; those that are tied with it are not.

    The running maximum grows to another of them each time, in whatever order and in whatever tree of parts.
    """
    last = x.map(np.ravel if axis is None else lambda part: np.moveaxis(part, axis, -1))
    v, off = last.v, np.ravel(e) if axis is None else np.moveaxis(e, axis, -1)
    rows = (-1, v.shape[-1])
    high, low = (v + off).reshape(rows), (v - off).reshape(rows)
    ordered, n = np.sort(high, -1), v.shape[-1]
    counts = np.stack([n - np.searchsorted(row, least, side="right") for row, least in zip(ordered, low, strict=True)])
    itself = high > low
    if last.key is not None and itself.any():
        itself = itself * np.stack([_alike(row) for row in last.key.reshape(rows)])
    counts = (counts - itself).astype(np.float64).reshape(v.shape)
    return counts.reshape(x.v.shape) if axis is None else np.moveaxis(counts, -1, axis)


def _alike(key: Floats) -> Floats:
    """How many entries have this one's key."""
    _, place, counts = np.unique(key, return_inverse=True, return_counts=True, equal_nan=False)
    return counts[place]
