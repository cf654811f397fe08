"""log(1 + exp(x)) with log1p, with the logarithm of the sum, with powers of two, and cut off above 20."""

from __future__ import annotations

import math

import numpy as np

from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness.emulate import F, Machine
from tests.harness.language.soundness.rules import unary

LOG2_E, LN_2 = F(1 / math.log(2)), F(math.log(2))


def stable(m: Machine, x: np.ndarray) -> np.ndarray:
    """max(x, 0) + log1p(exp(-|x|))."""
    return m.add(np.maximum(x, F(0)), m.within_ulps(np.log1p, m.exp(-np.abs(x))))


def stable_by_sum(m: Machine, x: np.ndarray) -> np.ndarray:
    """max(x, 0) + log(1 + exp(-|x|))."""
    return m.add(np.maximum(x, F(0)), m.within_ulps(np.log, m.add(F(1), m.exp(-np.abs(x)))))


def cut_off(m: Machine, x: np.ndarray) -> np.ndarray:
    """log1p(exp(x)), and x itself above 20, as torch has it."""
    return np.where(x > F(20), *m.read(x), m.within_ulps(np.log1p, m.exp(np.minimum(x, F(20)))))


def by_sum(m: Machine, x: np.ndarray) -> np.ndarray:
    """log(1 + exp(x)), and x itself above 20, as kernels in Triton have it."""
    return np.where(x > F(20), *m.read(x), m.within_ulps(np.log, m.add(F(1), m.exp(np.minimum(x, F(20))))))


def by_powers_of_two(m: Machine, x: np.ndarray) -> np.ndarray:
    """log 2 * log2(1 + exp2(x log2 e))."""
    power = m.within_ulps(np.exp2, m.mul(np.minimum(x, F(20)), LOG2_E))
    return np.where(x > F(20), *m.read(x), m.mul(LN_2, m.within_ulps(np.log2, m.add(F(1), power))))


FORMS = {
    "log1p": stable,
    "log, shifted": stable_by_sum,
    "log1p to 20": cut_off,
    "log to 20": by_sum,
    "log2 to 20": by_powers_of_two,
    "float64": lambda m, x: m.kept(np.logaddexp(0, np.asarray(*m.read(x), np.float64))),
}
KINDS = {**O.ARGUMENTS, "around the cut": lambda rng, shape: 20 + rng.standard_normal(shape) * rng.choice([1e-3, 1])}
unary("softplus", "softplus({})", KINDS, FORMS)
