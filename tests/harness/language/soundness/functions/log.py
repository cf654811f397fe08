"""The logarithm as libraries compute it, dense around 1, where it vanishes."""

from __future__ import annotations

import numpy as np

from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness.emulate import F, Machine
from tests.harness.language.soundness.rules import unary

KINDS = {
    **O.POSITIVE,
    "around one": lambda rng, shape: 1 + rng.standard_normal(shape) * 10.0 ** rng.integers(-8, 0, shape),
    "last places of one": lambda rng, shape: 1 + rng.integers(-9, 10, shape) * 2.0**-24,
}


def by_log1p(m: Machine, x: np.ndarray) -> np.ndarray:
    """log1p(x - 1) where the difference is exact."""
    near = (x > 0.5) & (x < 2)
    return np.where(near, m.within_ulps(np.log1p, m.sub(x, F(1))), m.within_ulps(np.log, x))


def by_exponent(m: Machine, x: np.ndarray) -> np.ndarray:
    """k log 2 + log(x / 2**k), with 2**k near x and log 2 in two parts."""
    mantissa, k = np.frexp(*m.read(x))
    low = mantissa < np.sqrt(0.5)
    mantissa, k = np.where(low, 2 * mantissa, mantissa), (k - low).astype(F)
    rest = np.log(mantissa.astype(np.float64)).astype(F)
    return m.multiply_add(k, F(0.693359375), m.multiply_add(k, F(-2.12194440e-4), rest))


FORMS = {
    "libm": lambda m, x: m.within_ulps(np.log, x),
    "float64": lambda m, x: m.kept(np.log(*m.read(x), dtype=np.float64)),
    "log1p near 1": by_log1p,
    "by the exponent": by_exponent,
}
unary("log", "log({})", KINDS, FORMS, positive=True)
