"""tanh as libraries compute it, and made of exp in every way that keeps it accurate near 1."""

from __future__ import annotations

import numpy as np

from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness.emulate import F, Machine
from tests.harness.language.soundness.rules import unary


def by_quotient(m: Machine, x: np.ndarray) -> np.ndarray:
    """1 - 2 / (1 + exp(2 |x|))."""
    e = m.exp(m.mul(F(2), np.abs(x)))
    return np.copysign(m.sub(F(1), m.div(F(2), m.add(F(1), e))), x)


def by_sigmoid(m: Machine, x: np.ndarray) -> np.ndarray:
    """2 sigmoid(2 x) - 1."""
    sigmoid = m.div(F(1), m.add(F(1), m.exp(m.mul(F(-2), x))))
    return m.sub(m.mul(F(2), sigmoid), F(1))


def by_small_exp(m: Machine, x: np.ndarray) -> np.ndarray:
    """(1 - exp(-2 |x|)) / (1 + exp(-2 |x|)), as a product with the reciprocal."""
    e = m.exp(m.mul(F(-2), np.abs(x)))
    return np.copysign(m.mul(m.sub(F(1), e), m.div(F(1), m.add(F(1), e))), x)


def by_two_exps(m: Machine, x: np.ndarray) -> np.ndarray:
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x)), each with errors of its own."""
    x = np.clip(x, F(-40), F(40))
    up, down = m.exp(x), m.exp(-x)
    return m.div(m.sub(up, down), m.add(up, down))


def by_expm1(m: Machine, x: np.ndarray) -> np.ndarray:
    """-t / (t + 2), t = expm1(-2 |x|): accurate near 0 too."""
    t = m.within_ulps(np.expm1, m.mul(F(-2), np.abs(x)))
    return np.copysign(m.div(-t, m.add(t, F(2))), x)


FORMS = {
    "libm": lambda m, x: m.within_ulps(np.tanh, x),
    "numpy": lambda m, x: m.kept(np.tanh(*m.read(x))),
    "1-2/(1+exp(2x))": by_quotient,
    "2sigmoid(2x)-1": by_sigmoid,
    "(1-e)/(1+e)": by_small_exp,
    "(exp-exp)/(exp+exp)": by_two_exps,
    "expm1": by_expm1,
}
unary("tanh", "tanh({})", O.ARGUMENTS, FORMS)
