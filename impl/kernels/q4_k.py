"""Q4_K: 144 bytes for 256 values, eight sub-blocks of 32 with a 6-bit scale and a 6-bit minimum each.

Layout (ggml, ``block_q4_K``): d f16, dmin f16, 12 bytes of packed scales and minima, 128 bytes of 4-bit
values. Chunk c of 64 values uses bytes 32c..32c+31 of the values: low nibbles are sub-block 2c, high nibbles
sub-block 2c + 1. Value = (d * scale) * q - (dmin * minimum), with q in 0..15.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types

from impl.kernels.compile import BYTES, FLOATS_OUT, helper, kernel
from impl.kernels.scalars import BLOCK, half_at

BLOCK_BYTES = 144
_SUB_BLOCK = 32
_SUB_BLOCKS = BLOCK // _SUB_BLOCK
_SCALES = 4
_VALUES = 16


@helper
def scale_at(weights: Any, block: int, j: int) -> Any:
    """The 6-bit scale of sub-block ``j`` of the super-block at byte ``block``."""
    packed = block + _SCALES
    if j < 4:
        return np.int32(weights[packed + j] & 63)
    return np.int32((weights[packed + j + 4] & 15) | ((weights[packed + j - 4] >> 6) << 4))


@helper
def minimum_at(weights: Any, block: int, j: int) -> Any:
    """The 6-bit minimum of sub-block ``j`` of the super-block at byte ``block``."""
    packed = block + _SCALES
    if j < 4:
        return np.int32(weights[packed + j + 4] & 63)
    return np.int32((weights[packed + j + 4] >> 4) | ((weights[packed + j] >> 6) << 4))


@kernel(BYTES, types.int64, types.int64, FLOATS_OUT)
def decode_rows(weights: Any, rows: int, cols: int, out: Any) -> None:
    """Write ``rows`` rows of ``cols`` values to ``out`` [rows * cols], without what pads a row."""
    blocks = (cols + BLOCK - 1) // BLOCK
    for row in range(rows):
        for b in range(blocks):
            block = (row * blocks + b) * BLOCK_BYTES
            d = half_at(weights, block)
            dmin = half_at(weights, block + 2)
            for j in range(_SUB_BLOCKS):
                scale = d * np.float32(scale_at(weights, block, j))
                minimum = dmin * np.float32(minimum_at(weights, block, j))
                values = block + _VALUES + _SUB_BLOCK * (j // 2)
                shift = 4 * (j % 2)
                first = b * BLOCK + j * _SUB_BLOCK
                for i in range(min(_SUB_BLOCK, cols - first)):
                    q = (weights[values + i] >> shift) & 15
                    out[row * cols + first + i] = scale * np.float32(q) - minimum
