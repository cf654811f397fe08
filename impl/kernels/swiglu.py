"""The elementwise product in the middle of an expert."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.kernels.compile import FLOATS, FLOATS_OUT, kernel
from impl.kernels.exponential import exponential


@kernel(FLOATS, FLOATS, FLOATS_OUT)
def swiglu(gate: Any, up: Any, out: Any) -> None:
    """Out = gate / (1 + exp(-gate)) * up, elementwise in float32.

    For gate below about -88.7 the exponential overflows to infinity and silu is -0.0, which is its limit.
    """
    one = np.float32(1)
    for i in range(gate.size):
        out[i] = gate[i] / (one + exponential(-gate[i])) * up[i]
