"""A value with its bound: one polynomial region of an expression, in expanded form.

A region is a connected part of an expression built from + - * sum and products of arrays. A kernel may evaluate it in
any order: sum in any order, distribute or factor out, interleave, fuse multiply-adds. Bounding each operation by itself
is unsound for kernels that factor differently (prototypes were off by up to 16 times), so the region is bounded as
one polynomial written out in full (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., chapter 3):

    bound = e + gamma(t - 1 + r) * a + (m + 2) * smallest * c

    v  the value in float64                      e  error carried in by the leaves
    a  the polynomial of absolute values (plus the leaves' bounds)
    t, m, r, c  what all entries have in common: see form.py. Where c may pass the largest number the value is not
       judged (its bound is infinite); a sum without products is judged entry by entry, a bounds its partial sums.

Terms that are exactly zero are not counted: they are exact in every form, and adding them rounds nothing. Where a is
zero every term has a factor that is exactly zero, and the bound is zero. Each term undergoes at most r roundings as a
product and t - 1 in sums, whatever the order; fused operations round less.

Exact integers: where every leaf is exact and an integer times one power of two, every partial sum is a multiple of
2**grid; while the absolute values sum to at most 2**digits of them nothing is ever rounded: the bound is zero.
A partial product that is larger than that is multiplied by a zero later (else it would be part of a): it is harmless.
Every partial product is a multiple of 2**low: where the arithmetic holds that number, nothing underflows.

Infinities: an exact infinity plus what is finite and cannot overflow is that infinity, exactly, and so is its product
with one stored number that is neither zero nor near it. A product with a sum is not judged: distributed, it may be the
difference of two infinities.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from harness.language.arithmetic import Arithmetic
from harness.language.exact import accumulated, probable
from harness.language.exact.form import Form
from harness.language.exact.moments import SQUARED, Centred, Origin, SquaresOf, centred, error_of_squares, sum_of
from harness.language.exact.nonfinite import error_of_product, error_of_rows, error_of_sum, error_of_total
from harness.language.exact.partial_sums import pair_sums, row_sums

if TYPE_CHECKING:
    from harness.language.exact.storage import Storage

Floats = Any  # np.ndarray of float64, or a float standing for that number everywhere
COARSEST = 4096  # the grid of zeros: they are a multiple of every power of two
OWN = 1 + 2.0**-30  # of a bound: what the evaluator loses of it where float64 is as narrow as what it bounds


class Bounded:
    """An array of real values with what is known of its float32 evaluations; see the module's text for the letters.

    `key`: equal keys (not NaN) mark entries that descend by the same elementwise functions from equal exact inputs, or
    from one and the same literal; those are exactly tied in every implementation that treats entries alike. None: no
    entry is known to be tied.
    `k`: the condition (the polynomial of absolute values without bounds), for `accurate` in units.
    `parts`: the sums it consists of, for `accurate` without units (probable.py); a leaf has none.
    `origin`: what it is the sum, the mean or the remainder of, where a rule asks for it.
    `storage`: which numbers of which formats it may be, where it was stored in some (exact/storage.py).
    `terms`: what there is to know beyond `form` where the arithmetic says what sums do; None where it does not.
    """

    __slots__ = ("a", "ar", "e", "form", "k", "key", "origin", "parts", "storage", "terms", "v")

    def __init__(self, v: Floats, ar: Arithmetic, e: Floats = 0.0, key: Floats | None = None) -> None:
        """A leaf: a stored number, off by at most e."""
        self.v = np.asarray(v, np.float64)
        self.ar = ar
        self.origin: Origin | None = None
        self.parts: probable.Parts | None = None
        self.storage: Storage | None = None
        size = np.abs(self.v)
        self.k: Floats | None = size if ar.condition else None
        top = grid = None
        if isinstance(e, float) and e == 0.0:
            top = float(size.max()) if size.size else 0.0
            grid = grid_of(self.v, top)
            if grid[0] <= ar.lowest:  # else every number that is not zero is a multiple of the smallest
                unread = (size > 0) & (size < ar.smallest)  # where subnormal results are flushed, operands may be too
                if unread.any():
                    e, top, grid = np.where(unread, size, 0.0), None, None
        elif ar.float64:
            e = e * OWN
        self.e: Floats = e if isinstance(e, float) else spread(np.asarray(e, np.float64), self.v.shape)
        exact = self.exact
        self.a: Floats = size if exact else size + self.e
        self.form = _form_of_leaf(self.a, top, grid)
        self.terms = accumulated.of_leaf(self.a, ar)
        self.key = self.v if exact and key is None else key

    @property
    def exact(self) -> bool:
        """Whether no error came in with the leaves."""
        return isinstance(self.e, float) and self.e == 0.0

    @property
    def is_leaf(self) -> bool:
        """Whether it is one stored number per entry. A sum of one number alone may be rounded to its accumulator."""
        return self.form.is_leaf and (self.terms is None or not self.terms.sums or not accumulated.is_narrow(self.ar))

    @property
    def shape(self) -> tuple[int, ...]:
        return self.v.shape

    def with_parts(
        self, form: Form, v: Floats, e: Floats, a: Floats, k: Floats | None, key: Floats | None = None
    ) -> Bounded:
        """A value of the same arithmetic with every letter given."""
        new = Bounded.__new__(Bounded)
        new.form, new.v, new.e, new.a, new.k, new.ar, new.key = form, v, e, a, k, self.ar, key
        new.origin = new.storage = new.terms = new.parts = None
        return new

    def bound(self) -> Floats:
        """The derived bound, elementwise; infinite where the value is not judged."""
        form, ar = self.form, self.ar
        if self.is_leaf:
            return spread(np.asarray(self.e, np.float64), self.v.shape)
        if self.terms is not None and self.terms.sums:
            return accumulated.bound(self)
        gamma = ar.gamma(form.t - 1 + form.r)
        fits = form.c * (1 + gamma) < ar.largest
        if form.m and not fits:
            return np.full(self.v.shape, np.inf)
        on_grid = self.exact and form.low >= ar.lowest
        with np.errstate(invalid="ignore", over="ignore"):
            bound = self.e + gamma * self.a
            if not on_grid:
                bound = bound + (form.m + 2) * ar.smallest * form.c
            # where the grid is that of zeros, a is 0 and so is every product
            most = 2.0 ** min(ar.digits + form.grid, 1000.0) if on_grid else 0.0
            if ar.float64:  # a was itself summed in float64
                bound, most = bound * OWN, most / 2
            bound = np.where(self.a <= most, 0.0, bound)
            judged = np.isfinite(self.v) & np.isfinite(bound)
            if not form.m:
                judged = judged & (self.a * (1 + gamma) < ar.largest)
        bound = np.where(judged, bound, np.inf)
        if form.wild and fits:
            bound = np.where(~np.isfinite(self.v) & (self.e == 0), 0.0, bound)
        return bound

    def radius(self) -> Floats:
        """How far a kernel is taken to be off, elementwise: the derived bound.

        In an arithmetic that is `probable` what the model of rounding promises, where it is not seen to fail.
        """
        if not self.ar.probable:
            return self.bound()
        promised, seen = probable.promise(self)
        return np.where(seen, self.bound(), promised) if seen.any() else promised

    def close(self) -> Bounded:
        """The region's end: the value as one stored number per entry."""
        if self.is_leaf:
            return self
        bound = self.radius()
        exact = bound == 0
        if exact.all():
            leaf = Bounded(self.v, self.ar)
        else:
            leaf = Bounded(self.v, self.ar, bound, np.where(exact, self.v, np.nan) if exact.any() else None)
        leaf.k = self.k
        leaf.origin = self.origin if type(self.origin) is Centred else None
        return leaf

    def map(self, move: Any) -> Bounded:
        """The same entries elsewhere: `move` is an indexing, reshape or transpose of one array."""
        e = self.e if isinstance(self.e, float) else move(self.e)
        k = None if self.k is None else move(self.k)
        key = None if self.key is None else move(self.key)
        new = self.with_parts(self.form, move(self.v), e, move(self.a), k, key)
        new.origin = None if self.origin is None else self.origin.moved(move)
        new.parts = None if self.parts is None else self.parts.moved(move)
        new.storage = None if self.storage is None else self.storage.moved(move)
        new.terms = None if self.terms is None else self.terms.moved(move)
        return new

    def __neg__(self) -> Bounded:
        key = None if self.key is None else -self.key
        new = self.with_parts(self.form, -self.v, self.e, self.a, self.k, key)
        new.parts = None if self.parts is None else probable.negated(self.parts)
        new.terms = self.terms
        return new


def spread(part: Floats, shape: tuple[int, ...]) -> Floats:
    """An array of that shape: itself, where it has it."""
    return part if part.shape == shape else np.broadcast_to(part, shape)


def _form_of_leaf(a: Floats, top: float | None, known: tuple[float, bool] | None) -> Form:
    """Entries that are not finite are not counted in c: they are not judged, or stay what they are.

    `top`: the largest entry of a, and `known`: its grid and whether all are powers of two, where that is known.
    """
    if top is None:
        top = float(a.max()) if a.size else 0.0
    wild = not top < np.inf
    if wild:
        top = float(np.max(a, where=np.isfinite(a), initial=0.0))
    grid, pow2 = known or (-np.inf, False)
    return Form(max(1.0, top), grid, min(grid, 0.0), pow2, wild)


def grid_of(v: Floats, top: float = np.inf) -> tuple[float, bool]:
    """The largest g such that every finite entry is an integer times 2**g; whether each is a power of two, or zero.

    Others change nothing for their neighbours: they are not judged, or an infinity that nothing rounds. `top`: the
    largest absolute value, where it is known.
    """
    if top == 0:
        return float(COARSEST), True
    return (_grid_of_few_digits(v, top) if SCALED_LEAST < top < 2.0**INTEGER_DIGITS else None) or _grid_of_any(v)


def _grid_of_few_digits(v: Floats, top: float) -> tuple[float, bool] | None:
    """The same where all entries fit 64 bits as integers times one power of two, as most arrays do; else None.

    They are scaled up, which rounds nothing.
    """
    scale = INTEGER_DIGITS - math.frexp(top)[1]
    scaled = v * 2.0**scale
    whole = scaled.astype(np.int64)
    if not (whole == scaled).all():
        return None
    digits = int(np.bitwise_or.reduce(whole, axis=None))
    grid = (digits & -digits).bit_length() - 1 - scale
    return float(grid), _powers_of_two(whole)


def _grid_of_any(v: Floats) -> tuple[float, bool]:
    finite = np.isfinite(v)
    v = v if finite.all() else v[finite]
    mantissa, exponent = np.frexp(v)
    digits = np.ldexp(mantissa, 53).astype(np.int64)
    present = digits != 0
    if not present.any():
        return float(COARSEST), True
    last = (digits & -digits)[present].astype(np.float64)
    _, lowest = np.frexp(last)
    return float(np.min(exponent[present] - 53 + lowest - 1)), bool(last.min() == 2.0**52)


INTEGER_DIGITS = 61  # of a scaled entry
SCALED_LEAST = 2.0**-900  # what is smaller is not scaled up


def returned(value: np.ndarray, ar: Arithmetic) -> Bounded:
    """Numbers that a subject returned, without error. No two of them are tied: what was rounded may have differed."""
    return Bounded(value, ar, key=np.full(value.shape, np.nan))


def integers(values: Any, ar: Arithmetic) -> Bounded:
    """An integer array as real leaf; integers beyond the arithmetic's digits are rounded on conversion."""
    return _integer(values, ar) if type(values) is int else _integers(np.asarray(values), ar)


@lru_cache(4096)
def _integer(value: int, ar: Arithmetic) -> Bounded:
    """A dimension or a count: one value for all cases."""
    return _kept(_integers(np.asarray(value), ar))


@lru_cache(4096)
def count(n: int, ar: Arithmetic) -> Bounded:
    """How many entries something has: an exact number."""
    return _kept(Bounded(float(n), ar))


def _kept(x: Bounded) -> Bounded:
    """A value that many expressions share: nobody may write to it."""
    x.v.flags.writeable = False
    return x


def _integers(whole: np.ndarray, ar: Arithmetic) -> Bounded:
    v = whole.astype(np.float64)
    low, high = (float(v.min()), float(v.max())) if v.size else (0.0, 0.0)
    size = max(-low, high, 0.0)
    if size > 2.0**ar.digits:
        return Bounded(v, ar, np.where(np.abs(v) > 2.0**ar.digits, ar.u * np.abs(v), 0.0))
    leaf = Bounded.__new__(Bounded)  # no need to look for the grid: it is that of the integers
    leaf.v, leaf.ar, leaf.e, leaf.a, leaf.key, leaf.origin = v, ar, 0.0, np.abs(v) if low < 0 else v, v, None
    leaf.k, leaf.storage, leaf.parts = leaf.a if ar.condition else None, None, None
    leaf.terms = accumulated.of_leaf(leaf.a, ar)
    leaf.form = Form(max(1.0, size), 0.0, 0.0, pow2=_powers_of_two(whole))
    return leaf


def _powers_of_two(whole: np.ndarray) -> bool:
    """Whether every integer is a power of two, or zero, but for its sign. The first one nearly always tells."""
    first = abs(int(whole.flat[0])) if whole.size else 0
    if first & (first - 1):
        return False
    number = np.abs(whole.astype(np.int64))
    return not (number & (number - 1)).any()


def stored_as(value: Floats, ar: Arithmetic) -> Floats:
    """The nearest number that the arithmetic can store."""
    if ar.digits != 24:
        return value
    with np.errstate(over="ignore"):
        return np.asarray(value).astype(np.float32).astype(np.float64)


def leaf_of(values: np.ndarray, ar: Arithmetic) -> Bounded:
    """An array of a case: stored numbers without error, unless the arithmetic cannot hold them (float64 in float32).

    A kernel may round those when it reads them, or keep them as they are.
    """
    v = np.asarray(values, np.float64)
    if values.dtype.itemsize <= 4 or ar.digits >= 53:
        return Bounded(v, ar)
    with np.errstate(invalid="ignore"):
        error = np.where(np.isfinite(v), np.abs(v - stored_as(v, ar)), 0.0)
    return Bounded(v, ar, error, np.full(v.shape, np.nan)) if error.any() else Bounded(v, ar)


def without_value(x: Bounded) -> np.ndarray:
    """Which entries are computed to be NaN, as where a factor is not finite: they have no value to compare with."""
    nan = np.isnan(x.v)
    return nan & ~np.isfinite(x.bound()) if nan.any() else nan


def exact_but_for(x: Bounded, unjudged: np.ndarray) -> bool:
    """Whether no error came in with the leaves of the other entries, beside leaves that are not finite."""
    return x.exact or bool(x.form.wild and np.all((np.asarray(x.e) == 0) | unjudged))


def literal(value: float, ar: Arithmetic) -> Bounded:
    """A number written in an equation; a kernel may hold it rounded to its own precision.

    It is its own key: wherever it stands, a kernel has one and the same number for it.
    """
    return _literal(value, math.copysign(1.0, value), ar)


@lru_cache(4096)
def _literal(value: float, _sign: float, ar: Arithmetic) -> Bounded:
    """One value for all cases; 0 and -0 are two."""
    return _kept(_literal_of(value, ar))


def _literal_of(value: float, ar: Arithmetic) -> Bounded:
    error = abs(value - float(stored_as(value, ar))) if np.isfinite(value) else 0.0
    return Bounded(value, ar, error, np.asarray(value)) if error else Bounded(value, ar)


def add(x: Bounded, y: Bounded, sign: int = 1) -> Bounded:
    """x + y, or x - y; one region."""
    form = x.form.plus(y.form)
    with np.errstate(invalid="ignore"):
        v = x.v + y.v if sign > 0 else x.v - y.v
    e = 0.0 if x.exact and y.exact else spread(np.asarray(x.e + y.e), v.shape)
    if form.wild and not (isinstance(e, float) and not np.isnan(v).any()):
        e = error_of_sum(x, y, v, e)
    k = None if x.k is None else x.k + y.k
    new = x.with_parts(form, v, e, x.a + y.a, k)
    new.origin = centred(x, y) if sign < 0 else None
    new.terms = accumulated.plus(x, y)
    if x.ar.probable:
        new.parts = probable.added(x, y, sign)
    return new


def multiply(x: Bounded, y: Bounded) -> Bounded:
    """x * y, entry by entry; one region."""
    form = x.form.times(y.form)
    with np.errstate(invalid="ignore"):
        v = x.v * y.v
        e: Floats = 0.0
        if not (x.exact and y.exact):
            e = spread(x.e * np.abs(y.v) + np.abs(x.v) * y.e + x.e * y.e, v.shape)
        a = v if x.a is x.v and y.a is y.v else x.a * y.a  # neither has a negative entry
        k = None if x.k is None else x.k * y.k
    if form.wild:
        e = error_of_product(x, y, v, e, form)
    new = x.with_parts(form, v, e, a, k)
    new.terms = accumulated.times(x, y)
    if x.ar.probable:
        new.parts = probable.multiplied(x, y)
    return new


def square(x: Bounded) -> Bounded:
    """x * x, of what is computed once: written out as a sum of squares it may cancel to nothing."""
    x = x.close()
    new = multiply(x, x)
    if isinstance(x.origin, Centred):
        new.origin = SquaresOf(x.origin.axis, x)
    return new


def matvec(w: Bounded, x: Bounded) -> Bounded:
    """Rows of w times x: sum over the last axis of both; leading axes go together."""
    return _rows_times(w, x, row_sums)


def products(x: Bounded, y: Bounded) -> Bounded:
    """x[..., n, k] @ y[..., k, m], of matrices in a batch: the rows of x times the columns of y."""
    return _rows_times(y.map(_columns), x, pair_sums)


def _columns(y: Floats) -> Floats:
    """The columns of matrices as rows, beside each row of the other matrices."""
    return np.swapaxes(y, -1, -2)[..., None, :, :]


def _rows_times(w: Bounded, x: Bounded, sums: Callable[[Floats, Floats], Floats]) -> Bounded:
    """`sums` takes the products of the rows of arrays."""
    if w.ar.sums is not None and w.ar.sums.cut_operands:
        w, x = _cut(w.close()), _cut(x.close())
    form = w.form.times(x.form, _meeting(w.a, x.a, sums))
    with np.errstate(invalid="ignore"):
        v = sums(w.v, x.v)
        e: Floats = 0.0
        if not (w.exact and x.exact):
            xe, we = np.broadcast_to(x.e, x.v.shape), np.broadcast_to(w.e, w.v.shape)
            e = sums(np.abs(w.v) + we, xe) + (0.0 if w.exact else sums(we, np.abs(x.v)))
        a, k = sums(w.a, x.a), None if w.k is None else sums(w.k, x.k)
    new = w.with_parts(form, v, error_of_rows(w, x, v, e) if form.wild else e, a, k)
    if w.terms is not None:
        c = None if w.terms.c is None or x.terms is None else sums(w.terms.c, x.terms.c)
        new.terms = accumulated.rows(w, x, c)
    if w.ar.probable:
        new.parts = probable.rows(w, x)
    return _given_out(new)


def _cut(x: Bounded) -> Bounded:
    """An operand of a product on tensor cores, as they may have it."""
    off = accumulated.off_by_cut(x)
    if not off.any():
        return x
    new = Bounded(x.v, x.ar, x.e + off, x.key if x.key is not None and x.key.shape == x.v.shape else None)
    new.k = x.k
    return new


def _given_out(x: Bounded) -> Bounded:
    """A dot product where tensor cores compute it ends its region: an adder gives out the total of stored operands."""
    return x.close() if x.terms is not None and x.terms.peak is not None else x


def total(x: Bounded, axis: int | None) -> Bounded:
    """The sum over an axis, or over all."""
    if x.ar.sums is not None and x.ar.sums.cut_operands and (factors := accumulated.operands(x, axis)):
        x = multiply(_cut(factors[0]), _cut(factors[1]))
    present = np.asarray(np.count_nonzero(x.a, axis=axis))
    form = x.form.summed(int(np.max(present, initial=0)))
    with np.errstate(invalid="ignore"):
        v = np.asarray(x.v.sum(axis))
    e = 0.0 if x.exact else np.asarray(x.e).sum(axis)
    if form.wild and not (x.exact and not np.isnan(v).any()):
        e = error_of_total(x, axis, v, e)
    k = None if x.k is None else np.asarray(x.k.sum(axis))
    if (moved := None if x.exact else error_of_squares(x, axis)) is not None:
        e, form = np.maximum(e, moved), replace(form, r=form.r + SQUARED)
    new = x.with_parts(form, v, e, np.asarray(x.a.sum(axis)), k)
    new.origin = sum_of(x, axis, present)
    new.terms = accumulated.summed(x, axis)
    if x.ar.probable:
        new.parts = probable.summed(x, axis)
    return _given_out(new)


def joined(parts: list[Bounded], join: Any) -> Bounded:
    """Several values as one: entries keep their own error, the counts are the worst of all."""
    first = parts[0]
    exact = all(part.exact for part in parts)
    e = 0.0 if exact else join([np.broadcast_to(part.e, part.shape) for part in parts])
    k = None if first.k is None else join([part.k for part in parts])
    form = reduce(Form.beside, (part.form for part in parts))
    new = first.with_parts(form, join([part.v for part in parts]), e, join([part.a for part in parts]), k)
    new.terms = accumulated.beside(parts, join)
    if first.ar.probable:
        new.parts = probable.joined(parts, join)
    return new


def _present(a: Floats, axis: int | None) -> int:
    """The largest number of entries in one sum that are not zero: adding a zero rounds nothing."""
    return int(np.max(np.count_nonzero(a, axis=axis), initial=0))


def _meeting(w: Floats, x: Floats, sums: Callable[[Floats, Floats], Floats]) -> int:
    """The largest number of products in one sum that are not zero: `_present` of the products, without making them."""
    if x.ndim == 1:
        present = x != 0
        return _present(w if present.all() else w[..., present], -1)
    if (x != 0).all():
        return _present(w, -1)
    return int(np.max(sums((w != 0).astype(np.float32), (x != 0).astype(np.float32)), initial=0))
