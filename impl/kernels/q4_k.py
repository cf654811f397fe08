"""Q4_K: 144 bytes for 256 values, eight sub-blocks of 32 with a 6-bit scale and a 6-bit minimum each.

Layout (ggml, ``block_q4_K``): d f16, dmin f16, 12 bytes of packed scales and minima, 128 bytes of 4-bit
values. Chunk c of 64 values uses bytes 32c..32c+31 of the values: low nibbles are sub-block 2c, high nibbles
sub-block 2c + 1. Value = (d * scale) * q - (dmin * minimum), with q in 0..15.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types

from impl.kernels.compile import BYTES, FLOATS, FLOATS_OUT, helper, kernel
from impl.kernels.q8_k import quantised_activations, sums_of
from impl.kernels.scalars import BLOCK, LANES, half_at, padded, sum_of_lanes

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


@kernel(BYTES, FLOATS, types.int64, types.int64, FLOATS_OUT)
def row_products_f32(weights: Any, x: Any, first_row: int, last_row: int, out: Any) -> None:
    """out[row] = row . x for rows first_row..last_row - 1, activations and sums in float32.

    Order: lane l of 32 adds value * x over its values in ascending order; lanes are added by halving. The
    value is the decoded one, rounded once: d * scale * q needs at most 11 + 6 + 4 bits and dmin * minimum
    11 + 6, so both are exact. (Minima as one further sum would save a subtraction, and cost accuracy where
    the two cancel.)
    """
    blocks = (x.size + BLOCK - 1) // BLOCK
    activations = padded(x)
    lanes = np.empty(LANES, np.float32)
    for row in range(first_row, last_row):
        lanes[:] = np.float32(0)
        for b in range(blocks):
            block = (row * blocks + b) * BLOCK_BYTES
            d = half_at(weights, block)
            dmin = half_at(weights, block + 2)
            for chunk in range(_SUB_BLOCKS // 2):
                j = 2 * chunk
                low = d * np.float32(scale_at(weights, block, j))
                high = d * np.float32(scale_at(weights, block, j + 1))
                low_minimum = dmin * np.float32(minimum_at(weights, block, j))
                high_minimum = dmin * np.float32(minimum_at(weights, block, j + 1))
                values = block + _VALUES + _SUB_BLOCK * chunk
                q = weights[values : values + _SUB_BLOCK]
                start = b * BLOCK + chunk * 2 * _SUB_BLOCK
                x_low = activations[start : start + _SUB_BLOCK]
                x_high = activations[start + _SUB_BLOCK : start + 2 * _SUB_BLOCK]
                for i in range(LANES):
                    lanes[i] += (low * np.float32(q[i] & 15) - low_minimum) * x_low[i]
                    lanes[i] += (high * np.float32(q[i] >> 4) - high_minimum) * x_high[i]
        out[row] = sum_of_lanes(lanes)


@kernel(BYTES, FLOATS, types.int64, types.int64, FLOATS_OUT)
def row_products_q8_k(weights: Any, x: Any, first_row: int, last_row: int, out: Any) -> None:
    """out[row] = row . (x rounded to int8 per super-block), for rows first_row..last_row - 1.

    Sums over a super-block are exact integers; their two products with float32 scales are added block after
    block.
    """
    blocks = (x.size + BLOCK - 1) // BLOCK
    levels, scales = quantised_activations(x)
    sums = sums_of(levels, _SUB_BLOCK)
    for row in range(first_row, last_row):
        total = np.float32(0)
        for b in range(blocks):
            block = (row * blocks + b) * BLOCK_BYTES
            products = np.int32(0)
            minima = np.int32(0)
            for chunk in range(_SUB_BLOCKS // 2):
                j = 2 * chunk
                values = block + _VALUES + _SUB_BLOCK * chunk
                q = weights[values : values + _SUB_BLOCK]
                start = b * BLOCK + chunk * 2 * _SUB_BLOCK
                x_low = levels[start : start + _SUB_BLOCK]
                x_high = levels[start + _SUB_BLOCK : start + 2 * _SUB_BLOCK]
                low = np.int32(0)
                high = np.int32(0)
                for i in range(_SUB_BLOCK):
                    low = np.int32(low + np.int32(q[i] & 15) * np.int32(x_low[i]))
                    high = np.int32(high + np.int32(q[i] >> 4) * np.int32(x_high[i]))
                products = np.int32(
                    products + scale_at(weights, block, j) * low + scale_at(weights, block, j + 1) * high
                )
                minima = np.int32(
                    minima
                    + minimum_at(weights, block, j) * sums[b * _SUB_BLOCKS + j]
                    + minimum_at(weights, block, j + 1) * sums[b * _SUB_BLOCKS + j + 1]
                )
            scale = scales[b]
            total += (half_at(weights, block) * scale) * np.float32(products)
            total -= (half_at(weights, block + 2) * scale) * np.float32(minima)
        out[row] = total
