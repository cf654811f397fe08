"""Which kernels this process uses: vector code where the CPU has AVX-512 with VNNI, plain loops elsewhere.

Decided once, by what Numba compiles for: ``NUMBA_CPU_NAME=generic`` therefore chooses the plain loops on any CPU,
and compiled kernels of the one choice are never taken for those of the other.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba.core.registry import cpu_target

_NEEDED: Final = ("avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512vnni", "f16c")


def has_vector_kernels() -> bool:
    """Whether the CPU that Numba compiles for has the instructions of ``impl.kernels.vector``."""
    features = cpu_target.target_context.codegen().magic_tuple()[2].split(",")
    return all(f"+{name}" in features for name in _NEEDED)


VECTOR: Final = has_vector_kernels()

if VECTOR:
    from impl.kernels.vector import q4_k, q6_k
    from impl.kernels.vector.products import product_with_floats, q4_k_floats, q4_k_levels, q6_k_floats, q6_k_levels

    _FLOATS, _LEVELS = ([make() for make in pair] for pair in (
        (q4_k.order_of_floats, q6_k.order_of_floats), (q4_k.order_of_bytes, q6_k.order_of_bytes),
    ))  # fmt: skip
else:
    from impl.kernels.plain.products import product_with_floats, q4_k_floats, q4_k_levels, q6_k_floats, q6_k_levels

    _FLOATS = _LEVELS = [list(range(256))] * 2

FLOAT_ORDERS: Final = np.array(_FLOATS)
"""Of Q4_K and Q6_K, the place in a block of the values in the order in which its weights are unpacked; f32."""
LEVEL_ORDERS: Final = np.array(_LEVELS)
"""As FLOAT_ORDERS; q8_k."""

__all__ = [
    "FLOAT_ORDERS",
    "LEVEL_ORDERS",
    "VECTOR",
    "has_vector_kernels",
    "product_with_floats",
    "q4_k_floats",
    "q4_k_levels",
    "q6_k_floats",
    "q6_k_levels",
]
