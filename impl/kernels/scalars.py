"""Scalar and lane helpers that the block kernels share."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.kernels.compile import helper

BLOCK = 256
"""Values in one super-block of Q4_K, Q6_K and Q8_K."""

LANES = 32
"""Independent partial sums of one row. Lane l takes the values with index l modulo 32, ascending."""

_TWO_TO_112 = np.float32(2.0**112)


@helper
def half_at(data: Any, at: int) -> Any:
    """The little-endian IEEE half at byte ``at``, as float32 (exact, subnormals and infinities included).

    Shifting the 15 magnitude bits to float32's position leaves an exponent that is 112 too small; one
    multiplication by a power of two mends it for normal and subnormal numbers alike.
    """
    bits = np.uint32(data[at]) | (np.uint32(data[at + 1]) << np.uint32(8))
    magnitude = np.uint32((bits & np.uint32(0x7FFF)) << np.uint32(13))
    if (bits & np.uint32(0x7C00)) == np.uint32(0x7C00):
        value = np.uint32(magnitude | np.uint32(0x7F800000)).view(np.float32)
    else:
        value = magnitude.view(np.float32) * _TWO_TO_112
    if bits & np.uint32(0x8000):
        value = -value
    return np.float32(value)


@helper
def sum_of_lanes(lanes: Any) -> Any:
    """The sum of 32 lanes by halving: (l, l + 16), then (l, l + 8), ... Overwrites the lanes."""
    width = LANES // 2
    while width > 0:
        for lane in range(width):
            lanes[lane] += lanes[lane + width]
        width //= 2
    return lanes[0]


@helper
def padded(x: Any) -> Any:
    """``x`` followed by zeros up to a whole number of super-blocks."""
    whole = np.zeros((x.size + BLOCK - 1) // BLOCK * BLOCK, np.float32)
    for i in range(x.size):
        whole[i] = x[i]
    return whole
