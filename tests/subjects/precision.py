"""Kernels of `w @ x` that are right, and kernels that lose precision without a word: w[rows, n], x[n], in float32."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ml_dtypes
import numpy as np

F = np.float32
Floats = Any  # np.ndarray of float32
LANES = 16


def in_lanes(p: Floats) -> Floats:
    return _pairs(np.add.accumulate(p.reshape(len(p), -1, LANES), 1)[:, -1])


def in_order(p: Floats) -> Floats:
    return np.add.accumulate(p, 1)[:, -1]


def _pairs(lanes: Floats) -> Floats:
    while lanes.shape[1] > 1:
        lanes = lanes[:, ::2] + lanes[:, 1::2]
    return lanes[:, 0]


def _as(dtype: Any) -> Callable[[Floats], Floats]:
    """Rounded to a narrow format and back."""
    return lambda x: x.astype(dtype).astype(F)


f16, bf16, f8 = _as(np.float16), _as(ml_dtypes.bfloat16), _as(ml_dtypes.float8_e4m3fn)


def tf32(x: Floats) -> Floats:
    """Eleven digits, to nearest."""
    mantissa, exponent = np.frexp(x.astype(np.float64))
    return np.ldexp(np.rint(np.ldexp(mantissa, 11)), exponent - 11).astype(F)


def accumulated(p: Floats, rounded: Callable[[Floats], Floats]) -> Floats:
    """In lanes whose every sum is rounded."""
    terms = p.reshape(len(p), -1, LANES)
    total = np.zeros_like(terms[:, 0])
    for step in range(terms.shape[1]):
        total = rounded(total + terms[:, step])
    while total.shape[1] > 1:
        total = rounded(total[:, ::2] + total[:, 1::2])
    return total[:, 0]


def _parts(p: Floats, size: int, rounded: Callable[[Floats], Floats]) -> Floats:
    """Float32 sums of `size` terms, each stored in a narrower format before they are added up."""
    sums = np.add.accumulate(p.reshape(len(p), -1, size), 2)[:, :, -1]
    return in_order(rounded(sums))


def _quantised(x: Floats, most: float, rounded: Callable[[Floats], Floats]) -> Floats:
    """Activations with one scale."""
    peak = np.abs(x).max()
    scale = peak / F(most) if peak > 0 else F(1)
    return (rounded(x / scale) * scale).astype(F)


Kernel = Callable[[Floats, Floats], Floats]
RIGHT: dict[str, Kernel] = {
    "lanes": lambda w, x: in_lanes(w * x),
    "in order": lambda w, x: in_order(w * x),
    "float64": lambda w, x: (w.astype(np.float64) @ x).astype(F),
}
WRONG: dict[str, Kernel] = {
    "int8 activations": lambda w, x: in_lanes(w * _quantised(x, 127, np.rint)),
    "float8 activations": lambda w, x: in_lanes(w * _quantised(x, 448, f8)),
    "bf16 activations": lambda w, x: in_lanes(w * bf16(x)),
    "tf32 inputs": lambda w, x: in_lanes(tf32(w) * tf32(x)),
    "bf16 accumulators": lambda w, x: accumulated(w * x, bf16),
    "f16 accumulators": lambda w, x: accumulated(w * x, f16),
    "f16 partial sums": lambda w, x: _parts(w * x, 128, f16),
    "bf16 split-k": lambda w, x: _parts(w * x, w.shape[1] // 4, bf16),
    "f16 products": lambda w, x: in_lanes(f16(w * x)),
}
