"""Q6_K: 210 bytes for 256 values, sixteen sub-blocks of 16 with a signed 8-bit scale each, no minima.

Layout (ggml, ``block_q6_K``): 128 bytes of low 4 bits, 64 bytes of high 2 bits, 16 int8 scales, d f16 at the
END. Each half of 128 values takes 64 low bytes, 32 high bytes and 8 scales. Its quarter k (32 values) uses
low bytes 32 * (k % 2) + i, the low nibble for k < 2 and the high one otherwise, and bits 2k, 2k + 1 of high
byte i. Value = (d * scale) * q, with q in -32..31.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types

from impl.kernels.compile import BYTES, FLOATS_OUT, helper, kernel
from impl.kernels.scalars import BLOCK, half_at

BLOCK_BYTES = 210
_HALF = 128
_QUARTER = 32
_SUB_BLOCK = 16
_HIGH_BITS = 128
_SCALES = 192
_D = 208


@helper
def scale_at(weights: Any, block: int, j: int) -> Any:
    """The signed 8-bit scale of sub-block ``j`` of the super-block at byte ``block``."""
    return np.int8(weights[block + _SCALES + j])


@kernel(BYTES, types.int64, types.int64, FLOATS_OUT)
def decode_rows(weights: Any, rows: int, cols: int, out: Any) -> None:
    """Write ``rows`` rows of ``cols`` values to ``out`` [rows * cols], without what pads a row."""
    blocks = (cols + BLOCK - 1) // BLOCK
    for row in range(rows):
        for b in range(blocks):
            block = (row * blocks + b) * BLOCK_BYTES
            d = half_at(weights, block + _D)
            for quarter in range(BLOCK // _QUARTER):
                half = quarter // 4
                k = quarter % 4
                low = block + 64 * half + _QUARTER * (k % 2)
                high = block + _HIGH_BITS + 32 * half
                first = b * BLOCK + quarter * _QUARTER
                for i in range(min(_QUARTER, cols - first)):
                    nibble = (weights[low + i] >> (4 * (k // 2))) & 15
                    q = np.int32(nibble | (((weights[high + i] >> (2 * k)) & 3) << 4)) - 32
                    scale = d * np.float32(scale_at(weights, block, 2 * quarter + i // _SUB_BLOCK))
                    out[row * cols + first + i] = scale * np.float32(q)
