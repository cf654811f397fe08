"""GELU by erf, by erfc and by a polynomial for erf; and by tanh in every form of tanh and sigmoid."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness import primitive_kernels as P
from tests.harness.language.soundness.emulate import F, Machine
from tests.harness.language.soundness.functions import tanh
from tests.harness.language.soundness.functions.erf import erf
from tests.harness.language.soundness.rules import unary

KINDS = {
    **O.ARGUMENTS,
    "tail": lambda rng, shape: rng.uniform(-14, -2, shape),
    "largest": lambda rng, shape: rng.uniform(-3.4e38, 3.4e38, shape),
}
erfc = np.vectorize(math.erfc, otypes=[np.float64])
ROOT_HALF = F(math.sqrt(0.5))


def by_erf(m: Machine, x: np.ndarray) -> np.ndarray:
    """0.5 x (1 + erf(x / sqrt 2))."""
    return m.mul(m.mul(F(0.5), x), m.add(F(1), m.within_ulps(erf, m.mul(x, ROOT_HALF))))


def half_last(m: Machine, x: np.ndarray) -> np.ndarray:
    """x (1 + erf(x / sqrt 2)) 0.5, divided by the root."""
    return m.mul(m.mul(x, m.add(F(1), m.within_ulps(erf, m.div(x, F(math.sqrt(2)))))), F(0.5))


def half_inside(m: Machine, x: np.ndarray) -> np.ndarray:
    """x (0.5 + 0.5 erf), fused where the machine fuses."""
    return m.mul(x, m.multiply_add(F(0.5), m.within_ulps(erf, m.mul(x, ROOT_HALF)), F(0.5)))


def by_erfc(m: Machine, x: np.ndarray) -> np.ndarray:
    """0.5 x erfc(-x / sqrt 2): accurate for negative x, too."""
    return m.mul(m.mul(F(0.5), x), m.within_ulps(erfc, m.mul(x, -ROOT_HALF)))


BY_ERF = {
    "erf": by_erf,
    "half last": half_last,
    "half inside": half_inside,
    "erfc": by_erfc,
    "float64": lambda m, x: m.kept((x * erfc(-np.asarray(*m.read(x), np.float64) * math.sqrt(0.5)) / 2).astype(F)),
}
unary("gelu", "gelu({})", KINDS, BY_ERF)


def inner(m: Machine, x: np.ndarray) -> np.ndarray:
    """sqrt(2 / pi) (x + 0.044715 x x x)."""
    return m.mul(F(0.7978845608), m.multiply_add(F(0.044715), m.mul(x, m.mul(x, x)), x))


def factored(m: Machine, x: np.ndarray) -> np.ndarray:
    """sqrt(2 / pi) x (1 + 0.044715 x x)."""
    return m.mul(m.mul(F(0.7978845608), x), m.multiply_add(F(0.044715), m.mul(x, x), F(1)))


def of_tanh(form: Any, argument: Any = inner) -> Any:
    return lambda m, x: m.mul(m.mul(F(0.5), x), m.add(F(1), form(m, argument(m, x))))


BY_TANH = {
    **{f"tanh as {name}": of_tanh(form) for name, form in tanh.FORMS.items()},
    **{f"factored, tanh as {name}": of_tanh(form, factored) for name, form in tanh.FORMS.items()},
    **{
        f"x sigmoid(2 t) as {name}": lambda m, x, s=form: m.mul(x, s(m, m.mul(F(2), inner(m, x))))
        for name, form in P.SIGMOID.items()
    },
}
unary("gelu_tanh", "gelu_tanh({})", KINDS, BY_TANH)


# --- with `exp: exp2` -------------------------------------------------------------------------------------------


def power(m: Machine, x: np.ndarray) -> np.ndarray:
    """exp(x) as exp2(x log2 e), the product rounded."""
    return m.within_ulps(np.exp2, m.mul(x, F(1 / math.log(2))))


def small_power(m: Machine, x: np.ndarray) -> np.ndarray:
    """tanh as (1 - exp(-2 |t|)) / (1 + exp(-2 |t|))."""
    t = inner(m, x)
    e = power(m, m.mul(F(-2), np.abs(t)))
    return m.mul(m.mul(F(0.5), x), m.add(F(1), np.copysign(m.div(m.sub(F(1), e), m.add(F(1), e)), t)))


BY_POWERS = {
    "x sigmoid(2 t)": lambda m, x: m.mul(x, m.div(F(1), m.add(F(1), power(m, m.mul(F(-2), inner(m, x)))))),
    "tanh": small_power,
}
unary("gelu_tanh by exp2", "gelu_tanh({})", KINDS, BY_POWERS, declared=("folded",))
