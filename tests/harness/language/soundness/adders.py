"""Tensor cores: products and the accumulator aligned to the largest exponent, cut, added exactly, and cut again.

As published by Khattak and Mikaitis (arXiv:2512.07004) and by Xie and others (arXiv:2511.10909). The exponent of a
product is the sum of its operands' exponents, before the product is normalised; a subnormal operand has that of the
smallest normal number.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor, frexp

import numpy as np

from harness.language.accumulators import FLOOR, NEAREST, TRUNCATE, Adder

Array = np.ndarray
LEAST = -126  # exponent of a zero


def _exponent(x: Array, emin: int) -> Array:
    return np.maximum(np.frexp(x)[1] - 1, emin)


def dot(x: Array, y: Array, adder: Adder, emin: int, accumulator_emin: int) -> Array:
    """Rows of x times y in groups, one after the other. Held exactly in float64."""
    sum_ = np.zeros(x.shape[0])
    for i in range(0, x.shape[1], adder.terms):
        left, right = x[:, i : i + adder.terms], y[:, i : i + adder.terms]
        terms = np.concatenate([left * right, sum_[:, None]], 1)
        exponents = np.where(terms[:, :-1] == 0, LEAST, _exponent(left, emin) + _exponent(right, emin))
        own = np.where(sum_ == 0, LEAST, np.maximum(_exponent(sum_, accumulator_emin), LEAST))
        unit = np.ldexp(1.0, np.concatenate([exponents, own[:, None]], 1).max(1, keepdims=True) - adder.bits)
        cut = np.floor if adder.rounding == FLOOR else np.trunc
        total = (cut(terms / unit) * unit).sum(1)
        step = np.ldexp(1.0, _exponent(total, accumulator_emin) - adder.digits + 1)
        last = {TRUNCATE: np.trunc, NEAREST: np.rint, FLOOR: np.floor}[adder.rounding]
        sum_ = last(total / step) * step
    return sum_


def dot_in_fractions(x: Array, y: Array, adder: Adder, emin: int, accumulator_emin: int) -> float:
    """One row of it in rational numbers."""

    def power(number: Fraction | float, least: int) -> int:
        return max(frexp(float(number))[1] - 1, least)

    def cut(number: Fraction, unit: Fraction, how: str) -> Fraction:
        count = number / unit
        return {TRUNCATE: int, NEAREST: round, FLOOR: floor}[how](count) * unit

    sum_ = Fraction(0)
    for i in range(0, len(x), adder.terms):
        pairs = [(Fraction(a), Fraction(b)) for a, b in zip(x[i:][: adder.terms], y[i:][: adder.terms], strict=True)]
        exponents = [power(a, emin) + power(b, emin) if a * b else LEAST for a, b in pairs]
        exponents.append(max(power(sum_, accumulator_emin), LEAST) if sum_ else LEAST)
        unit = Fraction(2) ** (max(exponents) - adder.bits)
        each = FLOOR if adder.rounding == FLOOR else TRUNCATE
        total = sum((cut(term, unit, each) for term in [*(a * b for a, b in pairs), sum_]), Fraction(0))
        if total:
            step = Fraction(2) ** (power(total, accumulator_emin) - adder.digits + 1)
            sum_ = cut(total, step, adder.rounding)
        else:
            sum_ = Fraction(0)
    return float(sum_)
