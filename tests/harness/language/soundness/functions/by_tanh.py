"""sigmoid and silu made of tanh: `sigmoid: tanh`."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness import primitive_kernels as P
from tests.harness.language.soundness.emulate import F, Machine
from tests.harness.language.soundness.functions import tanh
from tests.harness.language.soundness.rules import unary


def sigmoid(m: Machine, x: np.ndarray, form: Any) -> np.ndarray:
    """0.5 + 0.5 tanh(x / 2), fused where the machine fuses."""
    return m.multiply_add(F(0.5), form(m, m.mul(F(0.5), x)), F(0.5))


def halved(m: Machine, x: np.ndarray, form: Any) -> np.ndarray:
    """0.5 (1 + tanh(x / 2))."""
    return m.mul(F(0.5), m.add(F(1), form(m, m.mul(F(0.5), x))))


SIGMOID = {
    **{f"0.5 + 0.5 tanh as {name}": lambda m, x, f=form: sigmoid(m, x, f) for name, form in tanh.FORMS.items()},
    **{f"0.5 (1 + tanh) as {name}": lambda m, x, f=form: halved(m, x, f) for name, form in tanh.FORMS.items()},
}
SILU = {f"x * ({name})": lambda m, x, f=form: m.mul(x, f(m, x)) for name, form in SIGMOID.items()}
DECLARED = ("sigmoid_by_tanh",)
unary("sigmoid by tanh", "sigmoid({})", O.ARGUMENTS, {**SIGMOID, **P.SIGMOID}, declared=DECLARED)
unary("silu by tanh", "silu({})", O.ARGUMENTS, {**SILU, **P.SILU}, declared=DECLARED)
