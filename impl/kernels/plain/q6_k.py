"""One row of Q6_K weights times one vector, as loops that Numba compiles for any CPU."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.kernels.compile import helper
from impl.kernels.q6_k import BLOCK_BYTES, scale_at
from impl.kernels.scalars import BLOCK, LANES, half_at, sum_of_lanes

_HALF = 128
_QUARTER = 32
_SUB_BLOCK = 16
_HIGH_BITS = 128
_D = 208


@helper
def times_floats(weights: Any, start: int, values: Any, lanes: Any) -> Any:
    """The row at byte ``start`` times float32 values [blocks * 256]; ``lanes``: room for 32 sums.

    Order: lane l of 32 adds (d * scale * q) * x over its values, half after half; lanes are added by halving.
    d * scale * q needs at most 11 + 7 + 5 bits, so it is exact in float32.
    """
    lanes[:] = np.float32(0)
    scales = np.empty((4, LANES), np.float32)
    for b in range(values.size // BLOCK):
        block = start + b * BLOCK_BYTES
        d = half_at(weights, block + _D)
        for half in range(2):
            for k in range(4):
                scales[k, :_SUB_BLOCK] = d * np.float32(scale_at(weights, block, 8 * half + 2 * k))
                scales[k, _SUB_BLOCK:] = d * np.float32(scale_at(weights, block, 8 * half + 2 * k + 1))
            low = block + 64 * half
            even = weights[low : low + _QUARTER]
            odd = weights[low + _QUARTER : low + 2 * _QUARTER]
            bits = weights[block + _HIGH_BITS + 32 * half : block + _HIGH_BITS + 32 * half + 32]
            x_half = values[b * BLOCK + half * _HALF : b * BLOCK + (half + 1) * _HALF]
            for i in range(LANES):
                q0 = np.int32((even[i] & 15) | ((bits[i] & 3) << 4)) - np.int32(32)
                q1 = np.int32((odd[i] & 15) | ((bits[i] & 12) << 2)) - np.int32(32)
                q2 = np.int32((even[i] >> 4) | (bits[i] & 48)) - np.int32(32)
                q3 = np.int32((odd[i] >> 4) | ((bits[i] & 192) >> 2)) - np.int32(32)
                lanes[i] += (scales[0, i] * np.float32(q0)) * x_half[i]
                lanes[i] += (scales[1, i] * np.float32(q1)) * x_half[i + _QUARTER]
                lanes[i] += (scales[2, i] * np.float32(q2)) * x_half[i + 2 * _QUARTER]
                lanes[i] += (scales[3, i] * np.float32(q3)) * x_half[i + 3 * _QUARTER]
    return sum_of_lanes(lanes)


@helper
def times_levels(weights: Any, start: int, levels: Any, scales: Any) -> Any:
    """The row at byte ``start`` times int8 levels [blocks * 256] with a scale per block.

    Sums over a super-block are exact integers (at most 256 * 128 * 32 * 128 < 2^31); their products with the
    float32 scales are added block after block.
    """
    total = np.float32(0)
    for b in range(scales.size):
        block = start + b * BLOCK_BYTES
        products = np.int32(0)
        for half in range(2):
            for side in range(2):
                low = block + 64 * half + _SUB_BLOCK * side
                even = weights[low : low + _SUB_BLOCK]
                odd = weights[low + _QUARTER : low + _QUARTER + _SUB_BLOCK]
                high = block + _HIGH_BITS + 32 * half + _SUB_BLOCK * side
                bits = weights[high : high + _SUB_BLOCK]
                first = b * BLOCK + half * _HALF + _SUB_BLOCK * side
                x_side = levels[first : first + 3 * _QUARTER + _SUB_BLOCK]
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
        total += (half_at(weights, block + _D) * scales[b]) * np.float32(products)
    return total
