"""A number to an integer power: a product of equal factors, multiplied in any order, or of their reciprocals."""

from __future__ import annotations

from functools import reduce
from operator import mul
from typing import TYPE_CHECKING

from harness.language import batches
from harness.language.function import ENTRYWISE, SINGLE, Function, Value
from harness.language.rules.entries import ends
from harness.language.rules.fitting import broadcast, real, seen
from harness.language.sizes import Size, at_least_zero
from harness.language.types import Array, Mismatch, Ranges, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded, Floats
    from harness.language.single import Single

MOST_FACTORS = 8  # of a size: n * n * n is n to the third


def _type(x: Type, n: Type, *, ranges: Ranges) -> Array:
    if not isinstance(n, Array) or n.kind != "int":
        raise Mismatch("pow needs an integer exponent", "integers", str(n),
                       "for other powers write sqrt(x), rsqrt(x), or exp(n * log(x))")  # fmt: skip
    shape = broadcast(real(x).shape, n.shape, "pow")
    if not (isinstance(x, Array) and x.kind == "int"):
        return Array("real", shape, observed=seen(x, n))
    lowest = ends(n)[0]
    if lowest is None or not at_least_zero(lowest, ranges):
        raise Mismatch("an integer to a power that may be negative", "an exponent of at least 0",
                       str(n) if lowest is None else str(lowest),
                       "for real powers write a real number, such as pow(2.0, n)")  # fmt: skip
    return Array("int", shape, _size(x, n), observed=seen(x, n))


def _size(x: Array, n: Array) -> Size | None:
    """What a power of a size is, where the exponent is written out."""
    exponent = n.size.constant if n.size is not None else None
    if x.size is None or exponent is None or exponent > MOST_FACTORS:
        return None
    return reduce(mul, [x.size] * exponent, Size.of(1))


def _exact(domain: Exact, x: Value, n: Value) -> Value:
    import numpy as np

    from harness.language import integer_arithmetic
    from harness.language.exact import kinds

    exponents = domain.whole(n)
    if kinds.is_whole(x):
        return integer_arithmetic.power(domain.whole(x), exponents)
    if isinstance(exponents, int) and exponents > 0:
        integer_arithmetic.exponent(exponents)
        return _product(domain.real(x).close(), exponents)
    return _powers(domain.real(x).close(), integer_arithmetic.exponent(exponents).astype(np.float64))


def _product(x: Bounded, n: int) -> Bounded:
    """x * x * ... * x: part of the polynomial. Halved powers give the counts that one factor after the other gives."""
    from harness.language.exact import region

    if n <= 2:
        return x if n == 1 else region.square(x)
    half = _product(x, n // 2)
    twice = region.multiply(half, half)
    return region.multiply(twice, x) if n % 2 else twice


def _powers(x: Bounded, n: Floats) -> Bounded:
    """Each entry to a power of its own, which may be negative or zero: by itself, not part of the polynomial.

    A negative power is one of the reciprocal, or the reciprocal of a power, or a product of both.
    """
    import numpy as np

    from harness.language.exact import factors, primitives

    ar, times = x.ar, np.abs(n)
    with np.errstate(all="ignore"):
        v = np.where(n == 0, 1.0, np.power(x.v, n))
        size, off = np.abs(x.v), np.broadcast_to(x.e, x.v.shape)
        near, far = size - off, size + off
        of_size = np.where(n < 0, 1 / near, far)  # at most, each factor as a kernel has it
        most = np.power(of_size, times)
        moved = np.where(off == 0, 0.0, (most - np.abs(v)) + 2.0**-50 * most)
        rounds = np.where(n < 0, 2 * times - 1, times - 1) + (4 if ar.float64 else 0)
        gamma = rounds * ar.u / np.where(rounds * ar.u < 1, 1 - rounds * ar.u, 0.0)
        largest = np.maximum(1.0, most)
        e = moved + gamma * most + (2 * times + 1) * ar.smallest * largest
        e = np.where((most == 0) | factors.never_round(x, times, n < 0), 0.0, e)
        fits = np.maximum(np.power(np.maximum(1.0, far), times), largest) * (1 + gamma) < ar.largest
        kept = np.power(np.minimum(1.0, near), times) > 2 * ar.tiny  # a power whose reciprocal is taken
        e = np.where(fits & ((n >= 0) | ((near > 0) & kept)), e, np.inf)
        e = np.where((n == 0) | ((n == 1) & (off == 0) & np.isfinite(x.v)), 0.0, e)
        k = None if x.k is None else np.abs(v) * (1 + times * x.k / np.where(size > 0, size, 1.0))
    return primitives.of_entries(x, v, np.broadcast_to(e, v.shape), k, keep_key=False)


def _single(domain: Single, x: Value, n: Value) -> Value:
    """By squaring, as compilers unfold it."""
    import numpy as np

    from harness.language import integer_arithmetic
    from harness.language.exact import kinds

    if kinds.is_whole(x):
        return integer_arithmetic.power(x, n)
    base, exponents = np.broadcast_arrays(domain.real(x), integer_arithmetic.exponent(n))
    made, power, left = np.ones_like(base), base, np.abs(exponents)
    while np.any(left):
        made = np.where(left & 1, made * power, made)
        left = left >> 1
        power = power * power if np.any(left) else power
    return np.where(exponents < 0, 1 / made, made)


POW = Function(
    name="pow",
    group=SINGLE,
    form="pow(x, n)",
    meaning="x to the integer n; integers stay integers, and then n must not be negative",
    bound="n > 0 for all: part of the polynomial, as `x * x * x`; else abs(n) - 1 roundings, 2 abs(n) - 1 below zero",
    example=("pow(x, 3)", "real[n]"),
    type_rule=_type,
    exact=_exact,
    single=_single,
    by_rows=ENTRYWISE,
    in_batch=batches.broadcast,
    neighbours=("ldexp",),
)
