"""exp as exp2(x log2(e)) where it is declared: exp itself, and what is made of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness import primitive_kernels as P
from tests.harness.language.soundness.emulate import F, Machine
from tests.harness.language.soundness.functions import gelu, softplus, tanh
from tests.harness.language.soundness.rules import arguments, rule

LOG2E = F(1.4426950408889634)


class ByExp2(Machine):
    """A machine that has exp2 alone."""

    def exp(self, x: np.ndarray) -> np.ndarray:
        return self.within_ulps(np.exp2, self.mul(x, LOG2E))


def kernel(forms: dict[str, Callable[[Machine, np.ndarray], np.ndarray]]) -> Any:
    def run(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
        return forms[form](ByExp2(m.rng, m.order, m.fused, m.flush, m.flush_inputs, m.exp_ulps), o["x"])

    return run


MADE_OF_EXP: dict[str, Any] = {
    "exp": {"exp": lambda machine, x: machine.exp(x)},
    "sigmoid": P.SIGMOID,
    "silu": P.SILU,
    "softmax": P.SOFTMAX,
    "softplus": softplus.FORMS,
    "tanh": tanh.FORMS,
    "gelu_tanh": gelu.BY_TANH,
}
for _name, _forms in MADE_OF_EXP.items():
    rule(f"{_name} by exp2", f"{_name}(x)", O.ARGUMENTS, arguments(O.ARGUMENTS), _forms, kernel(_forms),
         declared=("folded",))  # fmt: skip
