"""One row of Q4_K weights times one vector, as loops that Numba compiles for any CPU."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.kernels.compile import helper
from impl.kernels.q4_k import BLOCK_BYTES, minimum_at, scale_at
from impl.kernels.scalars import BLOCK, LANES, half_at, sum_of_lanes

_CHUNK = 64  # values of two sub-blocks, in the low and the high nibbles of 32 bytes
_VALUES = 16


@helper
def times_floats(weights: Any, start: int, values: Any, lanes: Any) -> Any:
    """The row at byte ``start`` times float32 values [blocks * 256]; ``lanes``: room for 32 sums.

    Order: lane l of 32 adds value * x over its values in ascending order; lanes are added by halving. The
    value is the decoded one, rounded once: d * scale * q needs at most 11 + 6 + 4 bits and dmin * minimum
    11 + 6, so both are exact. (Minima as one further sum would save a subtraction, and cost accuracy where
    the two cancel.)
    """
    lanes[:] = np.float32(0)
    for b in range(values.size // BLOCK):
        block = start + b * BLOCK_BYTES
        d = half_at(weights, block)
        dmin = half_at(weights, block + 2)
        for chunk in range(BLOCK // _CHUNK):
            j = 2 * chunk
            low = d * np.float32(scale_at(weights, block, j))
            high = d * np.float32(scale_at(weights, block, j + 1))
            low_minimum = dmin * np.float32(minimum_at(weights, block, j))
            high_minimum = dmin * np.float32(minimum_at(weights, block, j + 1))
            at = block + _VALUES + LANES * chunk
            q = weights[at : at + LANES]
            first = b * BLOCK + chunk * _CHUNK
            x_low = values[first : first + LANES]
            x_high = values[first + LANES : first + _CHUNK]
            for i in range(LANES):
                lanes[i] += (low * np.float32(q[i] & 15) - low_minimum) * x_low[i]
                lanes[i] += (high * np.float32(q[i] >> 4) - high_minimum) * x_high[i]
    return sum_of_lanes(lanes)


@helper
def times_levels(weights: Any, start: int, levels: Any, scales: Any) -> Any:
    """The row at byte ``start`` times int8 levels [blocks * 256] with a scale per block.

    Sums over a super-block are exact integers; their two products with float32 scales are added block after
    block.
    """
    total = np.float32(0)
    for b in range(scales.size):
        block = start + b * BLOCK_BYTES
        products = np.int32(0)
        minima = np.int32(0)
        for chunk in range(BLOCK // _CHUNK):
            j = 2 * chunk
            at = block + _VALUES + LANES * chunk
            q = weights[at : at + LANES]
            first = b * BLOCK + chunk * _CHUNK
            x_low = levels[first : first + LANES]
            x_high = levels[first + LANES : first + _CHUNK]
            low = np.int32(0)
            high = np.int32(0)
            low_sum = np.int32(0)
            high_sum = np.int32(0)
            for i in range(LANES):
                low = np.int32(low + np.int32(q[i] & 15) * np.int32(x_low[i]))
                high = np.int32(high + np.int32(q[i] >> 4) * np.int32(x_high[i]))
                low_sum = np.int32(low_sum + np.int32(x_low[i]))
                high_sum = np.int32(high_sum + np.int32(x_high[i]))
            products = np.int32(
                products + scale_at(weights, block, j) * low + scale_at(weights, block, j + 1) * high
            )  # fmt: skip
            minima = np.int32(
                minima + minimum_at(weights, block, j) * low_sum + minimum_at(weights, block, j + 1) * high_sum
            )
        total += (half_at(weights, block) * scales[b]) * np.float32(products)
        total -= (half_at(weights, block + 2) * scales[b]) * np.float32(minima)
    return total
