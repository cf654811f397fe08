"""1 / sqrt(x) as one operation, and in two steps."""

from __future__ import annotations

import numpy as np

from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness.emulate import F, Machine
from tests.harness.language.soundness.rules import unary


def reciprocal_root(x: np.ndarray) -> np.ndarray:
    return 1 / np.sqrt(x)


def root_of_reciprocal(m: Machine, x: np.ndarray) -> np.ndarray:
    """sqrt(1 / x) where 1 / x is a normal number, else 1 / sqrt(x)."""
    inside = (x > F(2.0**-125)) & (x < F(2.0**125))
    return np.where(inside, m.sqrt(m.div(F(1), x)), m.div(F(1), m.sqrt(x)))


def improved(m: Machine, x: np.ndarray) -> np.ndarray:
    """One step of Newton's iteration, from a start that is off by 2**-16: y + y (1 - x y y) / 2, fused."""
    scale = np.where(x > F(2.0**60), F(2.0**-60), np.where(x < F(2.0**-60), F(2.0**60), F(1)))
    scaled = m.mul(x, scale)
    y = (reciprocal_root(scaled.astype(np.float64)) * (1 + 2.0**-16)).astype(F)
    fused = Machine(m.rng, fused=True, flush=m.flush, flush_inputs=m.flush_inputs)
    y = fused.multiply_add(m.mul(F(0.5), y), fused.multiply_add(-m.mul(scaled, y), y, F(1)), y)
    return m.mul(y, np.sqrt(scale))


FORMS = {
    "libm": lambda m, x: m.within_ulps(reciprocal_root, x),
    "1/sqrt": lambda m, x: m.div(F(1), m.sqrt(x)),
    "sqrt of 1/x": root_of_reciprocal,
    "newton": improved,
}
unary("rsqrt", "rsqrt({})", O.POSITIVE, FORMS, positive=True)
