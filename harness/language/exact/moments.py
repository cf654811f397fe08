"""Means and variances: kernels compute them by updates, which have terms that the equation does not have.

Welford's running mean is m + (x - m) / i: it subtracts what was added, and divides at every step. It has a derivation
of its own (docs/bound.md, "Means" and "Variances"), and with it Chan's way of joining the means of two parts. So a
value remembers that it is a sum, a mean, what is left of an array without its mean, or the squares of that; and
that it is a power of e, for the logarithm of a sum of such (log_sum.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil, inf, log2
from typing import TYPE_CHECKING, Any
from weakref import ref

import numpy as np

if TYPE_CHECKING:
    from harness.language.exact.region import Bounded

Floats = Any  # np.ndarray of float64
Move = Callable[[Any], Any]  # an indexing, reshape or transpose

JOINED = 4  # roundings of (m' - m) w: the difference, w = n' / n by a reciprocal and a product, the product
SQUARED = 4  # roundings of one term of a sum of squares by updates, beyond those of a square that is summed
SAME = 2.0**-50  # one mean computed twice in float64: v / n and v (1 / n)


@dataclass(frozen=True, eq=False)
class SumOf:
    """The sum of `entries` numbers along an axis of `of`, which is kept only where it is needed elsewhere.

    `present`: how many of them are not zero, entry by entry. `exponents`: what they are powers of e of, if they are.
    `moves`: how the sums were indexed or reshaped since.
    """

    of: ref[Any]
    axis: int | None
    present: Floats
    entries: int
    exponents: Bounded | None = None
    moves: tuple[Move, ...] = ()

    def moved(self, move: Move) -> SumOf:
        return replace(self, present=move(self.present), moves=(*self.moves, move))


@dataclass(frozen=True, eq=False)
class MeanOf:
    """The mean along an axis of `of`."""

    of: Floats
    axis: int | None

    def moved(self, _move: Move) -> MeanOf:
        return self


@dataclass(frozen=True, eq=False)
class Centred:
    """An array less its mean along an axis."""

    axis: int | None

    def moved(self, _move: Move) -> None:
        """At other places the axis may be another one."""


@dataclass(frozen=True, eq=False)
class SquaresOf(Centred):
    """The squares of `of`, an array less its mean along an axis, which is one stored number per entry."""

    of: Bounded


@dataclass(frozen=True, eq=False)
class PowersOf:
    """e to the `exponents`."""

    exponents: Bounded

    def moved(self, move: Move) -> PowersOf:
        return PowersOf(self.exponents.map(move))


Origin = SumOf | MeanOf | Centred | PowersOf


def sum_of(x: Bounded, axis: int | None, present: Floats) -> SumOf:
    """What to remember of the sum of x along an axis; `present`: how many of its entries are not zero."""
    axis = axis if axis is None else axis % x.v.ndim
    entries = x.v.size if axis is None else x.v.shape[axis]
    exponents = x.origin.exponents if isinstance(x.origin, PowersOf) else None
    return SumOf(ref(x.v), axis, present, entries, exponents)


def mean_entries(x: Bounded, y: Bounded) -> int:
    """Of how many numbers x / y is the mean, at most; 0 where it is none.

    It is one where a sum is divided by the number of its entries, or by one that leaves out some of the zeros: a mean
    over a mask is taken of the entries that the mask leaves.
    """
    if not isinstance(x.origin, SumOf) or not y.exact:
        return 0
    if y.v.ndim == 0 and y.v == x.origin.entries and x.origin.present.size:
        return x.origin.entries
    count, present = np.broadcast_arrays(y.v, x.origin.present)
    means = (count >= present) & (count <= x.origin.entries) & (count == np.floor(count)) & (count >= 1)
    return int(np.max(count, where=means, initial=0))


def summed_for_mean(x: Bounded, entries: int) -> Bounded:
    """A sum that is divided by the number of its entries, with what updates of a mean round and lose besides.

    A zero takes part: it changes a running mean. Nothing is known to be exact: a third of an integer is in between.
    """
    assert isinstance(x.origin, SumOf)
    present = max(1, int(np.max(x.origin.present, initial=1)))
    more = max(1, -(-entries // present))
    form = replace(x.form, t=x.form.t * more, c=x.form.c * more, r=x.form.r + ceil(JOINED * log2(entries)),
                   grid=-inf, low=-inf, pow2=False)  # fmt: skip
    lost = np.where(x.a > 0, 2 * entries**2 * x.ar.smallest, 0.0)  # 2 for every entry of the mean, which is a share
    new = x.with_parts(form, x.v, x.e + lost, x.a, x.k)
    new.parts = x.parts
    new.terms = None if x.terms is None else x.terms.repeated(more)
    return new


def centred(x: Bounded, y: Bounded) -> Centred | None:
    """What x - y is, if y is the mean of x along an axis, repeated along it."""
    origin = y.origin
    if not isinstance(origin, MeanOf) or origin.of.shape != x.shape or y.v.ndim > x.v.ndim:
        return None
    if origin.of is not x.v and not np.array_equal(origin.of, x.v):
        return None
    with np.errstate(all="ignore"):
        mean = x.v.mean(origin.axis, keepdims=True)
        off = np.abs(np.broadcast_to(y.v, x.shape) - mean)
        return Centred(origin.axis) if (off <= SAME * np.abs(x.v).mean(origin.axis, keepdims=True)).all() else None


def error_of_squares(x: Bounded, axis: int | None) -> Floats | None:
    """How far the errors of the means carry the sum of x, which are the squares of an array less its mean.

    None where x are other numbers. The root of the sum is a distance: twice the distance of the centred entries covers
    the running means as well, each of which has an error of its own.
    """
    origin = x.origin
    if not isinstance(origin, SquaresOf) or origin.axis != (axis if axis is None else axis % x.v.ndim):
        return None
    s, e = origin.of.v, np.broadcast_to(origin.of.e, origin.of.shape)
    with np.errstate(all="ignore"):
        root, moved = np.sqrt((s * s).sum(axis)), np.sqrt((e * e).sum(axis))
        return np.asarray(4 * moved * (root + moved))
