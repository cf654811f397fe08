"""Products of stored numbers that no multiplication rounds: few odd digits in all, and nothing too small."""

from __future__ import annotations

import numpy as np

from harness.language.exact.region import Bounded, Floats


def odd_and_power(v: Floats) -> tuple[Floats, Floats]:
    """Each number as an odd integer times two to a power; of zero and of what is not finite, as 1 and power 0."""
    mantissa, exponent = np.frexp(np.where(np.isfinite(v) & (v != 0), v, 1.0))
    digits = np.ldexp(np.abs(mantissa), 53).astype(np.int64)
    last = digits & -digits
    _, lowest = np.frexp(last.astype(np.float64))
    return (digits // last).astype(np.float64), (exponent - 53 + lowest - 1).astype(np.float64)


def never_round(x: Bounded, times: Floats, inverted: Floats) -> Floats:
    """Whether no order of multiplying an entry `times` with itself rounds: few odd digits, or a power of two.

    `inverted`: the reciprocal is multiplied, or taken at the end; that is exact for powers of two alone.
    """
    ar = x.ar
    odd, power = odd_and_power(x.v)
    with np.errstate(over="ignore"):
        fits = np.power(odd, times) <= 2.0**ar.digits
    kept = np.minimum(power, 0.0) * times >= ar.lowest
    normal = np.abs(power) * times <= -np.log2(ar.tiny)
    given = (np.asarray(x.e) == 0) & np.isfinite(x.v) & (x.v != 0)
    return given & np.where(inverted, (odd == 1) & normal, fits & kept)


def product_is_exact(x: Bounded, axis: int | None) -> Floats:
    """Whether no order of multiplying the entries along an axis rounds."""
    ar = x.ar
    odd, power = odd_and_power(x.v)
    with np.errstate(over="ignore"):
        fits = np.prod(odd, axis) <= 2.0**ar.digits
    kept = np.minimum(power, 0.0).sum(axis) >= ar.lowest
    given = ((np.asarray(x.e) == 0) & np.isfinite(x.v)).all(axis) if x.v.shape else np.asarray(x.e) == 0
    return given & fits & kept
