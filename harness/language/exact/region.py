"""A value with its bound: one polynomial region of an expression, in expanded form.

A region is a connected part of an expression built from + - * sum and products of arrays. A kernel may evaluate it in
any order: sum in any order, distribute or factor out, interleave, fuse multiply-adds. Bounding each operation by itself
is unsound for kernels that factor differently (prototypes were off by up to 16 times), so the region is bounded as
one polynomial written out in full (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., chapter 3):

    bound = e + gamma(t - 1 + m) * a + (m + 2) * smallest * c

    v  the value in float64                      t  number of terms when written out
    e  error carried in by the leaves            m  multiplications per term, at most
    a  the polynomial of absolute values (plus the leaves' bounds)
    c  sum over the terms of prod max(1, |factor|): bounds every partial product, so the last term pays for underflow,
       and where c may pass the largest number the value is not judged (its bound is infinite)

Terms that are exactly zero are not counted: they are exact in every form, and adding them rounds nothing.
Each term undergoes at most m roundings as a product and t - 1 in sums, whatever the order; fused operations round
less.

Exact integers: where every leaf is exact and an integer times one power of two, every partial sum is a multiple of
2**grid; while the absolute values sum to at most 2**digits of them nothing is ever rounded: the bound is zero.
A partial product that is larger than that is multiplied by a zero later (else it would be part of a): it is harmless.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.language.arithmetic import Arithmetic

Floats = Any  # np.ndarray of float64, or a float standing for that number everywhere
COARSEST = 4096  # the grid of zeros: they are a multiple of every power of two


class Bounded:
    """An array of real values with what is known of its float32 evaluations; see the module's text for the letters.

    `key`: equal keys (not NaN) mark entries that descend by the same elementwise functions from equal exact inputs;
    those are exactly tied in every implementation that treats entries alike. None: no entry is known to be tied.
    `k`: the condition (the polynomial of absolute values without bounds), for `accurate`.
    """

    __slots__ = ("a", "ar", "c", "e", "grid", "k", "key", "low", "m", "t", "v")

    def __init__(self, v: Floats, ar: Arithmetic, e: Floats = 0.0, key: Floats | None = None) -> None:
        """A leaf: a stored number, off by at most e."""
        self.v = np.asarray(v, np.float64)
        self.ar = ar
        size = np.abs(self.v)
        if isinstance(e, float) and e == 0.0:
            unread = (size > 0) & (size < ar.smallest)  # where subnormal results are flushed, operands may be too
            if unread.any():
                e = np.where(unread, size, 0.0)
        self.e: Floats = e if isinstance(e, float) else np.broadcast_to(np.asarray(e, np.float64), self.v.shape)
        exact = isinstance(self.e, float) and self.e == 0.0
        self.a: Floats = size if exact else size + self.e
        self.k: Floats | None = size if ar.condition else None
        self.t, self.m = 1, 0
        top = float(np.max(self.a)) if self.v.size else 0.0
        self.c = max(1.0, top) if top == top else float("inf")
        self.grid: float = grid_of(self.v) if exact else -np.inf
        self.low: float = min(self.grid, 0.0)
        self.key = self.v if exact and key is None else key

    @property
    def exact(self) -> bool:
        """Whether no error came in with the leaves."""
        return isinstance(self.e, float) and self.e == 0.0

    @property
    def shape(self) -> tuple[int, ...]:
        return self.v.shape

    def with_parts(self, v: Floats, e: Floats, a: Floats, k: Floats | None, t: int, m: int, c: float,
                   grid: float, low: float, key: Floats | None = None) -> Bounded:  # fmt: skip
        """A value of the same arithmetic with every letter given."""
        new = Bounded.__new__(Bounded)
        new.v, new.e, new.a, new.k, new.t, new.m = v, e, a, k, t, m
        new.ar, new.c, new.grid, new.low, new.key = self.ar, c, grid, low, key
        return new

    def bound(self) -> Floats:
        """The derived bound, elementwise; infinite where the value is not judged."""
        n = self.t - 1 + self.m
        if n == 0:
            return np.broadcast_to(np.asarray(self.e, np.float64), self.v.shape)
        gamma = self.ar.gamma(n)
        if not self.c * (1 + gamma) < self.ar.largest:
            return np.full(self.v.shape, np.inf)
        bound = self.e + gamma * self.a + (self.m + 2) * self.ar.smallest * self.c
        if self.exact and self.low >= self.ar.lowest:
            # where the grid is that of zeros, a is 0 and so is every product
            limit = 2.0 ** min(self.ar.digits + self.grid, 1000.0)
            bound = np.where(self.a <= limit, 0.0, bound)
        return np.where(np.isfinite(self.v), bound, np.inf)

    def close(self) -> Bounded:
        """The region's end: the value as one stored number per entry."""
        if self.t == 1 and self.m == 0:
            return self
        bound = self.bound()
        exact = bound == 0
        if exact.all():
            leaf = Bounded(self.v, self.ar)
        else:
            leaf = Bounded(self.v, self.ar, bound, np.where(exact, self.v, np.nan) if exact.any() else None)
        leaf.k = self.k
        return leaf

    def map(self, move: Any) -> Bounded:
        """The same entries elsewhere: `move` is an indexing, reshape or transpose of one array."""
        e = self.e if isinstance(self.e, float) else move(self.e)
        k = None if self.k is None else move(self.k)
        key = None if self.key is None else move(self.key)
        return self.with_parts(move(self.v), e, move(self.a), k, self.t, self.m, self.c, self.grid, self.low, key)

    def __neg__(self) -> Bounded:
        key = None if self.key is None else -self.key
        return self.with_parts(-self.v, self.e, self.a, self.k, self.t, self.m, self.c, self.grid, self.low, key)


def grid_of(v: Floats) -> float:
    """The largest g such that every entry is an integer times 2**g."""
    if not np.isfinite(v).all():
        return -np.inf
    mantissa, exponent = np.frexp(v)
    digits = np.ldexp(mantissa, 53).astype(np.int64)
    present = digits != 0
    if not present.any():
        return float(COARSEST)
    _, lowest = np.frexp((digits & -digits)[present].astype(np.float64))
    return float(np.min(exponent[present] - 53 + lowest - 1))


def integers(values: Any, ar: Arithmetic) -> Bounded:
    """An integer array as real leaf; integers beyond the arithmetic's digits are rounded on conversion."""
    v = np.asarray(values).astype(np.float64)
    low, high = (float(v.min()), float(v.max())) if v.size else (0.0, 0.0)
    size = max(-low, high, 0.0)
    if size > 2.0**ar.digits:
        return Bounded(v, ar, np.where(np.abs(v) > 2.0**ar.digits, ar.u * np.abs(v), 0.0))
    leaf = Bounded.__new__(Bounded)  # no need to look for the grid: it is that of the integers
    leaf.v, leaf.ar, leaf.e, leaf.a, leaf.key = v, ar, 0.0, np.abs(v) if low < 0 else v, v
    leaf.k = leaf.a if ar.condition else None
    leaf.t, leaf.m, leaf.c, leaf.grid, leaf.low = 1, 0, max(1.0, size), 0.0, 0.0
    return leaf


def literal(value: float, ar: Arithmetic) -> Bounded:
    """A number written in an equation; a kernel may hold it rounded to its own precision."""
    kept = float(np.float32(value)) if ar.digits == 24 else value
    return Bounded(value, ar, abs(value - kept)) if kept != value else Bounded(value, ar)


def add(x: Bounded, y: Bounded, sign: int = 1) -> Bounded:
    """x + y, or x - y; one region."""
    v = x.v + y.v if sign > 0 else x.v - y.v
    e = 0.0 if x.exact and y.exact else np.broadcast_to(x.e + y.e, v.shape)
    k = None if x.k is None else x.k + y.k
    return x.with_parts(v, e, x.a + y.a, k, x.t + y.t, max(x.m, y.m), x.c + y.c, min(x.grid, y.grid), min(x.low, y.low))


def multiply(x: Bounded, y: Bounded) -> Bounded:
    """x * y, entry by entry; one region."""
    v = x.v * y.v
    e: Floats = 0.0
    if not (x.exact and y.exact):
        e = np.broadcast_to(x.e * np.abs(y.v) + np.abs(x.v) * y.e + x.e * y.e, v.shape)
    k = None if x.k is None else x.k * y.k
    a = v if x.a is x.v and y.a is y.v else x.a * y.a  # neither has a negative entry
    return x.with_parts(v, e, a, k, *_product(x, y, 1))


def matvec(w: Bounded, x: Bounded) -> Bounded:
    """Rows of w times x: sum over the last axis of both; leading axes go together."""
    v = _rows(w.v, x.v)
    e: Floats = 0.0
    if not (w.exact and x.exact):
        xe, we = np.broadcast_to(x.e, x.v.shape), np.broadcast_to(w.e, w.v.shape)
        e = _rows(np.abs(w.v) + we, xe) + (0.0 if w.exact else _rows(we, np.abs(x.v)))
    k = None if w.k is None else _rows(w.k, x.k)
    return w.with_parts(v, e, _rows(w.a, x.a), k, *_product(w, x, _present(x.a, -1)))


def total(x: Bounded, axis: int | None) -> Bounded:
    """The sum over an axis, or over all."""
    n = _present(x.a, axis)
    v = x.v.sum(axis)
    e = 0.0 if x.exact else np.asarray(x.e).sum(axis)
    k = None if x.k is None else np.asarray(x.k.sum(axis))
    a = np.asarray(x.a.sum(axis))
    return x.with_parts(np.asarray(v), e, a, k, max(1, x.t * n), x.m, max(1.0, x.c * n), x.grid, x.low)


def joined(parts: list[Bounded], join: Any) -> Bounded:
    """Several values as one: entries keep their own error, the counts are the worst of all."""
    first = parts[0]
    exact = all(part.exact for part in parts)
    e = 0.0 if exact else join([np.broadcast_to(part.e, part.shape) for part in parts])
    k = None if first.k is None else join([part.k for part in parts])
    return first.with_parts(
        join([part.v for part in parts]), e, join([part.a for part in parts]), k,
        max(part.t for part in parts), max(part.m for part in parts), max(part.c for part in parts),
        min(part.grid for part in parts), min(part.low for part in parts),
    )  # fmt: skip


def _present(a: Floats, axis: int | None) -> int:
    """The largest number of entries in one sum that are not zero: adding a zero rounds nothing."""
    return int(np.max(np.count_nonzero(a, axis=axis), initial=0))


def _product(x: Bounded, y: Bounded, n: int) -> tuple[int, int, float, float, float]:
    """t, m, c, grid and low of a product summed over n entries."""
    return max(1, x.t * y.t * n), x.m + y.m + 1, x.c * y.c * max(1, n), x.grid + y.grid, x.low + y.low


def _rows(w: Floats, x: Floats) -> Floats:
    """w @ x with x as a column under every leading index; the order of numpy's sums is within `Arithmetic.u`."""
    if x.ndim == 1:
        return w @ x
    return (w @ x[..., None])[..., 0]
