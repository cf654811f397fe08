"""Activations rounded to int8, 256 at a time (the ``q8_k`` arithmetic).

scale = max|x| / 127 and level = round(x / scale), halves away from zero, as the original engine does. (ggml
takes the signed extreme over -127 and rounds halves to even: the same arithmetic up to which of two
neighbours a half goes to.)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.kernels.compile import helper
from impl.kernels.scalars import BLOCK, padded

_LARGEST_LEVEL = np.float32(127)


@helper
def quantised_activations(x: Any) -> Any:
    """(levels int8 [blocks * 256], scales float32 [blocks]) of ``x``, padded with zeros.

    A block of zeros gets scale 0, and so does one so small that its scale underflows. A block with a value
    that is not finite gets scale NaN: rounding to int8 would erase the value, and a poisoned input must not
    look healthy.
    """
    activations = padded(x)
    blocks = activations.size // BLOCK
    levels = np.zeros(activations.size, np.int8)
    scales = np.zeros(blocks, np.float32)
    for b in range(blocks):
        largest = np.float32(0)
        finite = True
        for i in range(b * BLOCK, (b + 1) * BLOCK):
            finite = finite and np.isfinite(activations[i])
            largest = max(largest, abs(activations[i]))
        if not finite:
            scales[b] = np.float32(np.nan)
            continue
        scale = largest / _LARGEST_LEVEL
        scales[b] = scale
        if scale > np.float32(0):
            for i in range(b * BLOCK, (b + 1) * BLOCK):
                levels[i] = rounded(activations[i] / scale)
    return levels, scales


@helper
def rounded(value: Any) -> Any:
    """The nearest int8, halves away from zero; values beyond the range (a subnormal scale) are clamped to it.

    In float64, because 0.49999997 + 0.5 is 1.0 in float32.
    """
    magnitude = np.floor(abs(np.float64(value)) + 0.5)
    return np.int8(max(-128.0, min(127.0, magnitude if value > 0 else -magnitude)))


@helper
def sums_of(levels: Any, width: int) -> Any:
    """int32 sums of consecutive groups of ``width`` levels."""
    sums = np.zeros(levels.size // width, np.int32)
    for group in range(sums.size):
        total = np.int32(0)
        for i in range(width):
            total = np.int32(total + levels[group * width + i])
        sums[group] = total
    return sums
