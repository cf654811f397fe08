"""1 / x: divided, within the ulps of an instruction for it, and by Newton's iteration."""

from __future__ import annotations

import numpy as np

from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness.emulate import F, Machine
from tests.harness.language.soundness.rules import unary


def inverse(x: np.ndarray) -> np.ndarray:
    return 1 / x


def improved(m: Machine, x: np.ndarray) -> np.ndarray:
    """One step of Newton's iteration, from a start off by 2**-16: y + y (1 - x y), fused; divided at the ends."""
    inside = (np.abs(x) > F(2.0**-100)) & (np.abs(x) < F(2.0**100))
    scaled = np.where(inside, x, F(1))
    y = (1 / scaled.astype(np.float64) * (1 + 2.0**-16)).astype(F)
    fused = Machine(m.rng, fused=True, flush=m.flush, flush_inputs=m.flush_inputs)
    y = fused.multiply_add(y, fused.multiply_add(-scaled, y, F(1)), y)
    return np.where(inside, y, m.div(F(1), x))


FORMS = {
    "libm": lambda m, x: m.within_ulps(inverse, x),
    "1/x": lambda m, x: m.div(F(1), x),
    "newton": improved,
}
unary("reciprocal", "reciprocal({})", O.ANY, FORMS)
