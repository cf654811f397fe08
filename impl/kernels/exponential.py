"""exp for loops: without a call or a branch, so that Numba's loops over it become vector code on every CPU.

x = n ln 2 + r with |r| <= ln(2) / 2; exp(x) = 2^n exp(r), exp(r) by its Taylor polynomial of degree 7, whose
remainder there is below 2^-26. ln 2 is split so that n times its first part is exact (Cody and Waite 1980, Software
Manual for the Elementary Functions, chapter 6).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.kernels.compile import helper

_LOG2_E = np.float32(1.4426950408889634)
_LN2_HIGH = np.float32(0.693359375)  # 9 bits
_LN2_LOW = np.float32(-2.12194440e-4)
_ROUNDER = np.float32(1.5 * 2**23)  # adding and subtracting it rounds to an integer
_C2, _C3, _C4, _C5, _C6, _C7 = (np.float32(1 / f) for f in (2, 6, 24, 120, 720, 5040))
_ONE = np.float32(1)
_LEAST, _MOST = np.float32(-152 * 0.6931472), np.float32(130 * 0.6931472)


@helper
def exponential(x: Any) -> Any:
    """e to the float32 ``x``, within 1 unit in the last place; infinity beyond 88.73, and NaN for NaN."""
    clamped = min(max(x, _LEAST), _MOST) if x == x else x
    n = (clamped * _LOG2_E + _ROUNDER) - _ROUNDER
    r = (clamped - n * _LN2_HIGH) - n * _LN2_LOW
    tail = r * (_C2 + r * (_C3 + r * (_C4 + r * (_C5 + r * (_C6 + r * _C7)))))
    mantissa = _ONE + (r + r * tail)
    # 2^n in two factors, because n reaches from -152 (subnormal results) to 130.
    exponent = np.int32(n)
    half = exponent >> np.int32(1)
    return mantissa * power_of_two(half) * power_of_two(exponent - half)


@helper
def power_of_two(exponent: Any) -> Any:
    """2^exponent as float32, for exponents of normal numbers."""
    return np.int32((exponent + np.int32(127)) << np.int32(23)).view(np.float32)
