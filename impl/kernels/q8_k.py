"""Activations rounded to int8, 256 at a time (the ``q8_k`` arithmetic).

scale = max|x| / 127 and level = round(x / scale), halves away from zero, as the original engine does. (ggml
takes the signed extreme over -127 and rounds halves to even: the same arithmetic up to which of two
neighbours a half goes to.)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.kernels.compile import helper

_LARGEST_LEVEL = np.float32(127)
_HALF = np.float32(0.5)


@helper
def rounded(value: Any) -> Any:
    """The nearest integer level, halves away from zero, of a float32; beyond +-127 (a subnormal scale) clamped.

    By the part after the point, which is exact: 0.49999997 + 0.5 is 1.0 in float32.
    """
    within = min(max(value, -_LARGEST_LEVEL), _LARGEST_LEVEL)
    whole = np.int32(within)
    rest = within - np.float32(whole)
    return np.int8(whole + np.int32(rest >= _HALF) - np.int32(rest <= -_HALF))


@helper
def quantise(part: Any, levels: Any) -> Any:
    """Fill ``levels`` (int8) from ``part``, at most 256 values; the scale (float32).

    A block of zeros gets scale 0, and so does one so small that its scale underflows. A block with a value
    that is not finite gets scale NaN: rounding to int8 would erase the value, and a poisoned input must not
    look healthy.
    """
    largest = np.float32(0)
    for i in range(part.size):
        largest = max(largest, abs(part[i]))
    scale = largest / _LARGEST_LEVEL
    healthy = np.float32(0)
    for i in range(part.size):
        healthy += part[i] * np.float32(0)  # NaN as soon as one value is infinite or NaN
    levels[: part.size] = np.int8(0)
    if healthy != np.float32(0):
        return np.float32(np.nan)
    if scale > np.float32(0):
        for i in range(part.size):
            levels[i] = rounded(part[i] / scale)
    return scale
