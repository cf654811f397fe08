"""The primitives that end a polynomial region, one function each, named as in the language.

Every rule bounds what any float32 implementation of that primitive may return for any input within the argument's
bound. `p` is ulps of exp: a relative error of 2 * p * u. docs/bound.md has the derivations; tests/harness/language/
soundness holds each rule against emulated kernels.
"""

from __future__ import annotations

import numpy as np

from harness.language.exact.region import Bounded, Floats, add, multiply, total

SILU_FLOOR = 2.0**-119  # exp overflows: < 88.8 * exp(-88.7) < 2**-121; a flushed sigmoid: < 87.4 * 2**-126 < 2**-119
SILU_SLOPE = 1.1  # the largest slope of silu is 1.0998


class Undecided(Exception):
    """The bound does not decide a jump (a choice, a comparison), so the case is not judged."""


def _leaf(x: Bounded, v: Floats, e: Floats, k: Floats | None = None, keep_key: bool = True) -> Bounded:
    """A new leaf off by e; entries with e == 0 stay exact, ties of x stay ties."""
    e = np.where(np.isnan(e), np.inf, e)
    if not np.any(e):
        result = Bounded(v, x.ar)
    else:
        result = Bounded(v, x.ar, e, x.key if keep_key and x.key is not None and x.key.shape == v.shape else None)
    if x.ar.condition:
        result.k = np.abs(v) if k is None else k
    return result


def divide(x: Bounded, y: Bounded) -> Bounded:
    """x / y, correctly rounded or as a product with the rounded reciprocal (2 u).

    Infinite where y's interval contains 0 or where 1/y may pass the largest number. The reciprocal of a large y may be
    subnormal, hence |x| * smallest.
    """
    x, y = x.close(), y.close()
    ar = x.ar
    with np.errstate(all="ignore"):
        q = x.v / y.v
        room = np.abs(y.v) - y.e
        e = (x.e + np.abs(q) * y.e) / room
        e = e + 2 * ar.u * (np.abs(q) + e) + ar.smallest * (1 + np.abs(x.v) + x.e)
        e = np.where((room * ar.largest > 1) & (np.abs(q) + e < ar.largest), e, np.inf)
        e = np.where((x.v == 0) & (np.asarray(x.e) == 0) & (room * ar.largest > 1), 0.0, e)
        k = None if x.k is None else (x.k + np.abs(q) * y.k) / np.abs(y.v)
    return _leaf(x, q, e, k, keep_key=False)


def stored(x: Bounded) -> Bounded:
    """The value is held as float32 here, so nothing is distributed across this point."""
    return x.close()


def exp(x: Bounded) -> Bounded:
    """Relative error of the declared ulps, on top of what the argument's error moves."""
    x = x.close()
    with np.errstate(all="ignore"):
        v = np.exp(x.v)
        spread = v * np.expm1(x.e)
        e = spread + 2 * x.ar.exp_ulps * x.ar.u * (v + spread) + x.ar.exp_ulps * x.ar.smallest
        e = np.where(v + e < x.ar.largest, e, np.inf)
        k = None if x.k is None else v * (1 + x.k)
    return _leaf(x, v, e, k)


def sqrt(x: Bounded) -> Bounded:
    """Correctly rounded, or x * (1 / sqrt(x)) (3 u). Of an interval that reaches below zero: not judged."""
    x = x.close()
    with np.errstate(all="ignore"):
        v = np.sqrt(x.v)
        low = x.v - x.e
        e = np.where(low >= 0, v - np.sqrt(np.maximum(low, 0)), np.inf)
        zero = (x.v == 0) & (np.asarray(x.e) == 0)
        e = np.where(zero, 0.0, e + 3 * x.ar.u * (v + e) + x.ar.smallest)
        k = None if x.k is None else v + np.where(v > 0, x.k / (2 * v), 0.0)
    return _leaf(x, v, e, k)


def softmax(x: Bounded) -> Bounded:
    """Over the last axis, shifted by the maximum, divided by the sum or multiplied by its reciprocal.

    exp(x_i - max) has a relative error from x_i and the subtraction; an error of max itself is common to all
    entries and cancels. Underflow of exp is absolute. Clamped: a probability is never above 1 (+ rounding).
    """
    x = x.close()
    ar, n = x.ar, x.v.shape[-1]
    xe = np.broadcast_to(x.e, x.v.shape)
    with np.errstate(all="ignore"):
        z = x.v - x.v.max(-1, keepdims=True)
        widest = xe.max(-1, keepdims=True)
        d = xe + ar.u * (np.abs(z) + xe + widest)
        v = np.exp(z)
        relative = np.expm1(d) + 2 * ar.exp_ulps * ar.u * np.exp(d)
        s = v.sum(-1, keepdims=True)
        p = v / s
        tiny = ar.exp_ulps * ar.smallest * np.exp(widest)
        carried = (v * relative).sum(-1, keepdims=True) / s
        of_sum = n * tiny / s + carried + ar.gamma(n) * (1 + carried)
        e = (p * (relative + of_sum) + tiny / s) / (1 - of_sum)
        e = np.where((of_sum < 1) & np.isfinite(e), e + 2 * ar.u * (p + e) + ar.smallest, np.inf)
        judged = (np.isfinite(x.v) & np.isfinite(xe)).all(-1, keepdims=True)
        e = np.where(judged, np.minimum(e, 1 + 4 * ar.u), np.inf)
        k = None if x.k is None else p * (1 + x.k + (p * x.k).sum(-1, keepdims=True))
    # Rows of a matrix have sums of their own: equal entries of two rows are not tied.
    return _leaf(x, p, e, k, keep_key=x.v.ndim == 1)


def sigmoid(x: Bounded) -> Bounded:
    """1 / (1 + exp(-x)); slope at most 1/4, and relative to the value at most 1."""
    x = x.close()
    ar = x.ar
    with np.errstate(all="ignore"):
        v = _sigmoid(x.v)
        moved = np.minimum(0.25 * x.e, v * np.expm1(x.e))
        e = moved + (2 * ar.exp_ulps + 4) * ar.u * (v + moved) + 2.0**-126
        k = None if x.k is None else v + v * (1 - v) * x.k
    return _leaf(x, v, e, k)


def silu(x: Bounded) -> Bounded:
    """x * sigmoid(x) in any of its forms with exp; silu(0) = 0 stays exact."""
    x = x.close()
    ar = x.ar
    with np.errstate(all="ignore"):
        s = _sigmoid(x.v)
        v = x.v * s
        moved = SILU_SLOPE * x.e
        e = moved + (2 * ar.exp_ulps + 4) * ar.u * (np.abs(v) + moved) + SILU_FLOOR
        e = np.where((x.v == 0) & (np.asarray(x.e) == 0), 0.0, e)
        k = None if x.k is None else np.abs(v) + np.abs(s * (1 + x.v * (1 - s))) * x.k
    return _leaf(x, v, e, k)


def _sigmoid(x: Floats) -> Floats:
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small))


def relu(x: Bounded) -> Bounded:
    """max(x, 0): no rounding, slope at most 1."""
    x = x.close()
    return _leaf(x, np.maximum(x.v, 0.0), np.broadcast_to(x.e, x.v.shape), x.k)


def abs_(x: Bounded) -> Bounded:
    """No rounding, slope at most 1."""
    x = x.close()
    return _leaf(x, np.abs(x.v), np.broadcast_to(x.e, x.v.shape), x.k)


def maximum(x: Bounded, axis: int | None, sign: int = 1) -> Bounded:
    """The largest entry over an axis (sign -1: the smallest): off by at most the largest bound there."""
    x = x.close()
    v = sign * np.max(sign * x.v, axis=axis)
    e = np.max(np.broadcast_to(x.e, x.v.shape), axis=axis)
    k = None if x.k is None else np.max(x.k, axis=axis)
    return _leaf(x, np.asarray(v), np.asarray(e), k, keep_key=False)


def round_(x: Bounded) -> Bounded:
    """To the nearest integer, halves away from zero; the bound is the greatest change of the integer over x's interval.

    Where x is not exact a half may go either way: implementations that round halves to even are inside.
    """
    x = x.close()
    bound = np.broadcast_to(x.e, x.v.shape)
    v = np.sign(x.v) * np.floor(np.abs(x.v) + 0.5)
    with np.errstate(invalid="ignore"):
        highest = np.floor(x.v + bound + 0.5)
        lowest = np.ceil(x.v - bound - 0.5)
        e = np.where(bound == 0, 0.0, np.maximum(highest - v, v - lowest))
    return _leaf(x, v, e, x.k)


def mean(x: Bounded, axis: int | None) -> Bounded:
    """The sum over the number of entries."""
    n = x.v.size if axis is None else x.v.shape[axis]
    return divide(total(x, axis), Bounded(float(n), x.ar))


def rms_norm(x: Bounded, weight: Bounded, epsilon: Bounded) -> Bounded:
    """x / sqrt(mean(x * x) + epsilon) * weight over the last axis, by the rules of its parts."""
    square = mean(multiply(x, x), -1)
    root = sqrt(add(square, epsilon)).map(lambda part: part[..., None])
    return multiply(divide(x, root), weight)


def float32(x: Bounded) -> Bounded:
    """The exact value rounded once to float32; only where no error came in and float64 holds it exactly."""
    if not x.exact:
        raise Undecided("float32(...) of a value that is not exact")
    with np.errstate(over="ignore"):
        return Bounded(x.v.astype(np.float32).astype(np.float64), x.ar)
