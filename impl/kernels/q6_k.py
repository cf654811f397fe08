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

from impl.kernels.compile import BYTES, FLOATS, FLOATS_OUT, helper, kernel
from impl.kernels.q8_k import quantised_activations
from impl.kernels.scalars import BLOCK, LANES, half_at, padded, sum_of_lanes

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


@kernel(BYTES, FLOATS, types.int64, types.int64, FLOATS_OUT)
def row_products_f32(weights: Any, x: Any, first_row: int, last_row: int, out: Any) -> None:
    """out[row] = row . x for rows first_row..last_row - 1, activations and sums in float32.

    Order: lane l of 32 adds (d * scale * q) * x over its values, half after half; lanes are added by halving.
    d * scale * q needs at most 11 + 7 + 5 bits, so it is exact in float32. The offset of 32 stays inside q:
    as a separate sum it would cancel, and its error would not be bounded by the row's own terms.
    """
    blocks = (x.size + BLOCK - 1) // BLOCK
    activations = padded(x)
    lanes = np.empty(LANES, np.float32)
    scales = np.empty((4, LANES), np.float32)
    for row in range(first_row, last_row):
        lanes[:] = np.float32(0)
        for b in range(blocks):
            block = (row * blocks + b) * BLOCK_BYTES
            d = half_at(weights, block + _D)
            for half in range(2):
                for k in range(4):
                    left = d * np.float32(scale_at(weights, block, 8 * half + 2 * k))
                    right = d * np.float32(scale_at(weights, block, 8 * half + 2 * k + 1))
                    scales[k, :_SUB_BLOCK] = left
                    scales[k, _SUB_BLOCK:] = right
                low = block + 64 * half
                even = weights[low : low + _QUARTER]
                odd = weights[low + _QUARTER : low + 2 * _QUARTER]
                bits = weights[block + _HIGH_BITS + 32 * half : block + _HIGH_BITS + 32 * half + 32]
                x_half = activations[b * BLOCK + half * _HALF : b * BLOCK + (half + 1) * _HALF]
                for i in range(LANES):
                    q0 = np.int32((even[i] & 15) | ((bits[i] & 3) << 4)) - np.int32(32)
                    q1 = np.int32((odd[i] & 15) | ((bits[i] & 12) << 2)) - np.int32(32)
                    q2 = np.int32((even[i] >> 4) | (bits[i] & 48)) - np.int32(32)
                    q3 = np.int32((odd[i] >> 4) | ((bits[i] & 192) >> 2)) - np.int32(32)
                    lanes[i] += (scales[0, i] * np.float32(q0)) * x_half[i]
                    lanes[i] += (scales[1, i] * np.float32(q1)) * x_half[i + _QUARTER]
                    lanes[i] += (scales[2, i] * np.float32(q2)) * x_half[i + 2 * _QUARTER]
                    lanes[i] += (scales[3, i] * np.float32(q3)) * x_half[i + 3 * _QUARTER]
        out[row] = sum_of_lanes(lanes)


@kernel(BYTES, FLOATS, types.int64, types.int64, FLOATS_OUT)
def row_products_q8_k(weights: Any, x: Any, first_row: int, last_row: int, out: Any) -> None:
    """out[row] = row . (x rounded to int8 per super-block), for rows first_row..last_row - 1.

    Sums over a super-block are exact integers (at most 256 * 128 * 32 * 128 < 2^31); their products with the
    float32 scales are added block after block.
    """
    blocks = (x.size + BLOCK - 1) // BLOCK
    levels, activation_scales = quantised_activations(x)
    for row in range(first_row, last_row):
        total = np.float32(0)
        for b in range(blocks):
            block = (row * blocks + b) * BLOCK_BYTES
            products = np.int32(0)
            for half in range(2):
                for side in range(2):
                    low = block + 64 * half + _SUB_BLOCK * side
                    even = weights[low : low + _SUB_BLOCK]
                    odd = weights[low + _QUARTER : low + _QUARTER + _SUB_BLOCK]
                    high = block + _HIGH_BITS + 32 * half + _SUB_BLOCK * side
                    bits = weights[high : high + _SUB_BLOCK]
                    start = b * BLOCK + half * _HALF + _SUB_BLOCK * side
                    x_side = levels[start : start + 3 * _QUARTER + _SUB_BLOCK]
                    s0 = np.int32(0)
                    s1 = np.int32(0)
                    s2 = np.int32(0)
                    s3 = np.int32(0)
                    for i in range(_SUB_BLOCK):
                        q0 = np.int32((even[i] & 15) | ((bits[i] & 3) << 4)) - np.int32(32)
                        q1 = np.int32((odd[i] & 15) | ((bits[i] & 12) << 2)) - np.int32(32)
                        q2 = np.int32((even[i] >> 4) | (bits[i] & 48)) - np.int32(32)
                        q3 = np.int32((odd[i] >> 4) | ((bits[i] & 192) >> 2)) - np.int32(32)
                        s0 = np.int32(s0 + q0 * np.int32(x_side[i]))
                        s1 = np.int32(s1 + q1 * np.int32(x_side[i + _QUARTER]))
                        s2 = np.int32(s2 + q2 * np.int32(x_side[i + 2 * _QUARTER]))
                        s3 = np.int32(s3 + q3 * np.int32(x_side[i + 3 * _QUARTER]))
                    j = 8 * half + side
                    products = np.int32(
                        products
                        + scale_at(weights, block, j) * s0
                        + scale_at(weights, block, j + 2) * s1
                        + scale_at(weights, block, j + 4) * s2
                        + scale_at(weights, block, j + 6) * s3
                    )
            total += (half_at(weights, block + _D) * activation_scales[b]) * np.float32(products)
        out[row] = total
