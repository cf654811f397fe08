"""The bound of a region with sums over an axis, where `arithmetic` says what sums do (docs/bound.md, "Accumulators").

Additions and multiplications in a narrow accumulator are off by its unit; (1 + u)**k - 1 takes the place of gamma,
which is infinite from u k = 1 on. Sums in float64 are rounded once, at their end. Blocks are rounded in the accumulator
within, and in what they are promoted to among each other. Tensor cores cut their operands instead of rounding.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import expm1, inf, log1p
from typing import TYPE_CHECKING, Any

import numpy as np

from harness.language.accumulators import TF32, Adder, Sums
from harness.language.dtypes import DTYPES, FLOAT32
from harness.language.exact.form import Form
from harness.language.rounding import nearest, spacing

if TYPE_CHECKING:
    from harness.language.arithmetic import Arithmetic
    from harness.language.exact.region import Bounded

Floats = Any  # np.ndarray of float64, or None where it is not asked for
OWN = 2.0**-53  # of the evaluator, which adds in float64
ENLARGED = 1 + 2.0**-20  # as `Arithmetic.u`


@dataclass(frozen=True, eq=False)
class Terms:
    """What a region is made of, beyond its form; every leaf has the default.

    parts    terms that are written out: with sums over an axis counted as their one entry
    entries  terms, those that are zero included
    sums     sums over an axis that a term passes one after the other
    product  the two stored numbers that each entry is the product of, while that is all it is
    shared   axes along which a factor of them is one number: it may be taken out of a sum along these
    plain    whether it is one sum over an axis of stored numbers, or of products of two
    fits     whether the numbers so summed are numbers of the accumulator, products included
    c        sum over the terms of prod max(1, |factor|), entry by entry: where accumulators are narrow
    peak     the largest product of one sum, as an adder aligns it
    """

    parts: int = 1
    entries: int = 1
    sums: int = 0
    product: tuple[Bounded, Bounded] | None = None
    shared: frozenset[int] = frozenset()
    plain: bool = False
    fits: bool = False
    c: Floats = None
    peak: Floats = None

    @property
    def counts(self) -> tuple[int, int, int, bool, bool]:
        """What all entries have in common."""
        return self.parts, self.entries, self.sums, self.plain, self.fits

    def moved(self, move: Any) -> Terms:
        """Of the same entries elsewhere."""
        product = None
        if self.product is not None and not self.shared:
            left, right = self.product
            first = left.map(move)
            product = first, (first if left is right else right.map(move))
        c, peak = (None if part is None else move(part) for part in (self.c, self.peak))
        return replace(self, product=product, c=c, peak=peak)

    def repeated(self, times: int) -> Terms:
        """Of a sum that is divided by the number of its entries, of which there are so many times more than terms."""
        return Terms(self.parts, self.entries * times, self.sums, c=None if self.c is None else self.c * times)


def of_leaf(a: Floats, ar: Arithmetic) -> Terms | None:
    """Of stored numbers; None where sums do nothing of their own."""
    if ar.sums is None:
        return None
    return Terms(c=np.maximum(a, 1.0) if is_narrow(ar) else None)


def plus(x: Bounded, y: Bounded) -> Terms | None:
    """Of x + y."""
    left, right = x.terms, y.terms
    if left is None or right is None:
        return None
    c = None if left.c is None else left.c + right.c
    return Terms(left.parts + right.parts, left.entries + right.entries, max(left.sums, right.sums), c=c)


def times(x: Bounded, y: Bounded) -> Terms | None:
    """Of x * y, entry by entry."""
    left, right = x.terms, y.terms
    if left is None or right is None:
        return None
    c = None if left.c is None else left.c * right.c
    made = Terms(left.parts * right.parts, left.entries * right.entries, left.sums + right.sums, c=c)
    if not (x.is_leaf and y.is_leaf):
        return made
    shape = np.broadcast_shapes(x.shape, y.shape)
    first = _repeated(x, shape)
    factors = first, (first if y is x else _repeated(y, shape))
    return replace(made, product=factors, shared=_shared(x.shape, shape) | _shared(y.shape, shape))


def _repeated(x: Bounded, shape: tuple[int, ...]) -> Bounded:
    return x if x.shape == shape else x.map(lambda array: np.broadcast_to(array, shape))


def _shared(given: tuple[int, ...], shape: tuple[int, ...]) -> frozenset[int]:
    """The axes along which an array of the given shape is repeated."""
    padded = (1,) * (len(shape) - len(given)) + given
    return frozenset(axis for axis, (own, all_) in enumerate(zip(padded, shape, strict=True)) if own == 1 != all_)


def rows(w: Bounded, x: Bounded, c: Floats) -> Terms | None:
    """Of w times x, summed over the last axis of both; c: as of the product."""
    left, right = w.terms, x.terms
    if left is None or right is None:
        return None
    plain = w.is_leaf and x.is_leaf
    entries = left.entries * right.entries * w.shape[-1]
    made = Terms(left.parts * right.parts, entries, left.sums + right.sums + 1, plain=plain, c=c)
    if not plain:
        return made
    sums = _of(w)
    peak = None
    if sums.adder:
        peak = _largest_products(_aligned(w), _aligned(x))
    return replace(made, fits=_digits(w.v) + _digits(x.v) <= sums.accumulator.digits, peak=peak)


def summed(x: Bounded, axis: int | None) -> Terms | None:
    """Of the sum of x over an axis, or over all."""
    terms = x.terms
    if terms is None:
        return None
    n = x.v.size if axis is None else x.v.shape[axis]
    c = None if terms.c is None else np.asarray(terms.c.sum(axis))
    made = Terms(terms.parts, terms.entries * n, terms.sums + 1, c=c)
    sums = _of(x)
    if x.is_leaf:
        return replace(made, plain=True, fits=_digits(x.v) <= sums.accumulator.digits)
    if not _is_dot(x, axis) or terms.product is None:
        return made
    left, right = terms.product
    peak = None
    if sums.adder and operands(x, axis):
        peak = np.asarray(np.max(_aligned(left) * _aligned(right), axis=axis, initial=0.0))
    fits = _digits(left.v) + _digits(right.v) <= sums.accumulator.digits
    return replace(made, plain=True, fits=fits, peak=peak)


def _is_dot(x: Bounded, axis: int | None) -> bool:
    """Whether the sum of x is one of products of stored numbers."""
    if x.terms is None or x.terms.product is None:
        return False
    return not x.terms.shared & (set(range(x.v.ndim)) if axis is None else {axis % x.v.ndim})


def operands(x: Bounded, axis: int | None) -> tuple[Bounded, Bounded] | None:
    """The operands that tensor cores would have for the sum of x; no tensor core squares."""
    if x.terms is None or x.terms.product is None or not _is_dot(x, axis):
        return None
    left, right = x.terms.product
    return None if left is right else (left, right)


def beside(parts: list[Bounded], join: Any) -> Terms | None:
    """Of several values in one array: the worst of all."""
    found = [part.terms for part in parts if part.terms is not None]
    if len(found) < len(parts):
        return None
    c = None if found[0].c is None else join([part.c for part in found])
    peaks = [part.peak for part in found]
    return Terms(
        max(part.parts for part in found), max(part.entries for part in found), max(part.sums for part in found),
        plain=all(part.plain for part in found), fits=all(part.fits for part in found), c=c,
        peak=None if any(peak is None for peak in peaks) else join(peaks),
    )  # fmt: skip


def off_by_cut(x: Bounded) -> Floats:
    """How far an operand is from what a kernel has of it, cut or rounded to tf32; x is one stored number per entry."""
    with np.errstate(invalid="ignore", over="ignore"):
        size = np.abs(x.v) + x.e
        off = np.where((x.e == 0) & (nearest(x.v, TF32) == x.v), 0.0, spacing(size, TF32))
        return np.where(size > TF32.largest, inf, off)


def bound(x: Bounded) -> Floats:
    """The bound of a region with sums; infinite where the value is not judged."""
    form, ar, terms = x.form, x.ar, x.terms
    assert terms is not None and ar.sums is not None
    sums, narrow = ar.sums, is_narrow(ar)
    held = sums.accumulator if narrow else FLOAT32.numbers
    relative = _relative(form, terms, ar)
    with np.errstate(invalid="ignore", over="ignore"):
        own = (form.t - 1 + form.m) * 2 * OWN * x.a
        lost = relative * x.a
        on_grid = x.exact and form.low >= max(ar.lowest, held.emin if ar.flushes else held.lowest)
        if not on_grid:
            lost = lost + _underflow(form, terms, ar, smallest_of(ar)) * (1 + relative)
        digits, aligned = held.digits, x.a
        if terms.peak is not None:
            assert sums.adder is not None
            lost = np.maximum(lost, _by_adder(x, terms, sums, sums.adder))
            emin = sums.accumulator.emin
            aligned = np.maximum(x.a, np.maximum(terms.peak, 2.0**emin))
            digits = min(sums.adder.digits, sums.adder.bits)
            on_grid = on_grid and form.grid >= emin - sums.adder.digits + 1
        most = 2.0 ** min(digits + form.grid, 1000.0) if on_grid else 0.0
        total = np.where(aligned <= most, 0.0, x.e + lost + own)
        judged = np.isfinite(x.v) & np.isfinite(total) & (x.a + lost < held.largest)
        fits = form.c * (1 + relative) < held.largest
        if form.m and not terms.plain:
            judged = judged & (terms.c * (1 + relative) < held.largest if narrow else fits)
        elif form.m and not narrow:
            judged = judged & fits
    total = np.where(judged, total, inf)
    return np.where(~np.isfinite(x.v) & (x.e == 0), 0.0, total) if form.wild and fits else total


def _relative(form: Form, terms: Terms, ar: Arithmetic) -> float:
    """What roundings may make of every term, relative to it."""
    sums = ar.sums
    assert sums is not None
    compute, u = ar.u, _unit(sums, ar)
    rounds = _rounding_products(form, terms, sums)
    if sums.accumulator.unit < ar.unit:  # wider: products and what is written out are in `compute`, sums end there
        within = _theta(compute, terms.parts - 1 + rounds + terms.sums)
        return _both(within, _theta(sums.accumulator.unit * ENLARGED, form.t - 1 + rounds))
    if not is_narrow(ar):
        read = 0
    elif terms.plain:
        read = 0 if rounds or terms.fits else 1  # a number is rounded when it enters the sum, unless its product was
    else:
        read = terms.sums
    if not sums.blocks or sums.promoted is None or terms.sums != 1:
        return _power(u, form.t - 1 + rounds + read, terms.plain)
    within, totals = _of_blocks(form, terms, sums)
    among = _theta(sums.promoted.unit * ENLARGED, totals - 1)
    ends = _theta(compute, terms.parts - 1 + (sums.promoted.unit < ar.unit))
    return _both(_both(_power(u, within - 1 + rounds + read, terms.plain), among), ends)


def _rounding_products(form: Form, terms: Terms, sums: Sums) -> int:
    """How many of the multiplications of a term are rounded, at most."""
    if terms.plain and sums.exact_products:
        return 0 if terms.fits or not form.r else 1  # the first of a sum is rounded when it is added to nothing
    return form.r


def _of_blocks(form: Form, terms: Terms, sums: Sums) -> tuple[int, int]:
    """Terms of one block that are not zero, and totals of blocks that are not, at most.

    What is written out may be in one block, or each term in its own. A block that is not empty holds a term: b of them
    in one block leave t - b for all the others.
    """
    within = min(sums.blocks * terms.parts, form.t)
    return within, min(-(-terms.entries // sums.blocks), form.t - within + 1)


def _power(u: float, k: int, linear: bool) -> float:
    """k roundings of u in a row; k u where a plain sum allows it (docs/bound.md)."""
    return k * u if linear and k * u <= 1 else _theta(u, k)


def _theta(u: float, k: int) -> float:
    """(1 + u)**k - 1."""
    exponent = k * log1p(u)
    return expm1(exponent) if exponent < 700 else inf


def _both(first: float, second: float) -> float:
    """One relative error and then the other."""
    return first + second + first * second


def _unit(sums: Sums, ar: Arithmetic) -> float:
    """Of one operation in the accumulator, which a kernel may do in `compute` first: then it rounds twice."""
    unit = sums.accumulator.unit * ENLARGED
    return unit + 4 * ar.unit if sums.accumulator.unit > ar.unit else unit


def _underflow(form: Form, terms: Terms, ar: Arithmetic, smallest: float) -> Floats:
    """What is lost below the normal numbers, before later roundings."""
    if not is_narrow(ar):
        return (form.m + 2) * smallest * form.c
    if terms.plain:
        return (2 + ar.flushes) * form.t * smallest
    return (2 * form.m + 3) * smallest * terms.c


def _by_adder(x: Bounded, terms: Terms, sums: Sums, adder: Adder) -> Floats:
    """Of a dot product on tensor cores: groups of products one after the other, in blocks where it is promoted."""
    smallest = 2.0**sums.accumulator.emin  # the exponent of less is that of it
    length = min(sums.blocks or terms.entries, terms.entries)
    blocks = max(1, -(-terms.entries // length)) if length else 1
    groups = -(-length // adder.terms)  # of one block
    operands = min(x.form.t, length * blocks) + groups * blocks
    a, peak = x.a, np.maximum(terms.peak, smallest)
    step = 2.0**-adder.bits * ENLARGED
    if not adder.shrinks:  # what the accumulator may grow to
        growth = _both(adder.unit, (adder.terms + 1) * step)
        a = (1 + _theta(growth, groups)) * (a + groups * blocks * (adder.terms + 1) * step * peak)
    cut_off = operands * step * np.maximum(a, peak)
    if blocks > 1:
        cut_off = np.minimum(cut_off, (length + groups) * step * (a + blocks * peak))
    lost = cut_off + groups * adder.unit * ENLARGED * a + groups * blocks * smallest * 2.0 ** (1 - adder.digits)
    if sums.promoted is not None and blocks > 1:
        among = _theta(sums.promoted.unit * ENLARGED, blocks - 1)
        lost = lost + among * (a + lost)
    if sums.promoted is not None and sums.promoted.unit < x.ar.unit:
        lost = lost + x.ar.u * (a + lost)
    return lost


def _largest_products(w: Floats, x: Floats) -> Floats:
    """The largest entry of w times x along the last axis, leading axes going together."""
    return np.stack([np.max(row * x, axis=-1, initial=0.0) for row in np.moveaxis(w, -2, 0)], -1)


# An adder adds the exponents of operands before it looks at their sum, and a subnormal number has that of the smallest
# normal one. Of which format a leaf is, its numbers tell.
_OPERANDS = sorted(
    (dtype.numbers for dtype in DTYPES.values() if dtype.is_real and dtype.numbers.emin > -126),
    key=lambda numbers: -numbers.emin,
)


def _aligned(x: Bounded) -> Floats:
    """Absolute values with subnormal numbers as the smallest normal one: of any format that holds all of them."""
    holds = (numbers.emin for numbers in _OPERANDS if not x.exact or (nearest(x.v, numbers) == x.v).all())
    emin = next(holds, FLOAT32.numbers.emin)
    return np.where(x.a > 0, np.maximum(x.a, 2.0**emin), 0.0)


def _digits(v: Floats) -> int:
    """Binary digits of the entry that has most of them."""
    finite = np.where(np.isfinite(v), v, 0.0)
    mantissa, _ = np.frexp(finite)
    digits = np.ldexp(mantissa, 53).astype(np.int64)
    last = digits & -digits
    return 54 - int(np.min(last, where=last > 0, initial=2**53)).bit_length()


def is_narrow(ar: Arithmetic) -> bool:
    """Whether sums are held in fewer digits than what everything is computed in."""
    return ar.sums is not None and ar.sums.accumulator.unit > ar.unit


def accumulator_unit(ar: Arithmetic) -> float:
    """The relative error of any one operation: in a sum, or before it."""
    return ar.u if ar.sums is None else max(ar.u, _unit(ar.sums, ar))


def accumulator_type(ar: Arithmetic) -> Any:
    """The NumPy type of the numbers that sums are held in; float32 where they are that or wider."""
    if not is_narrow(ar) or ar.sums is None:
        return FLOAT32.numpy
    held = ar.sums.accumulator
    return next((dtype.numpy for dtype in DTYPES.values() if dtype.is_real and dtype.numbers == held), FLOAT32.numpy)


def smallest_of(ar: Arithmetic) -> float:
    """The absolute error of one underflowing operation, in sums too."""
    if not is_narrow(ar) or ar.sums is None:
        return ar.smallest
    held = ar.sums.accumulator
    return max(ar.smallest, 2.0**held.emin if ar.flushes else held.smallest)


def _of(x: Bounded) -> Sums:
    assert x.ar.sums is not None
    return x.ar.sums
