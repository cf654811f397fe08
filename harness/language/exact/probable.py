"""How far a float32 evaluation of a region probably is from its value: what `accurate` without units promises.

The sound bound (region.py) supposes that all roundings conspire. In the model of Higham and Mary (2019) and Connolly,
Higham and Mary (2021) the rounding errors of successive operations, at most u each, are mean-independent. Then, by
the inequality of Azuma,

    P(|error| > LAMBDA * u * sqrt(W)) <= 2 exp(-LAMBDA**2 / 2),        W = the sum of the squares of all that is rounded

LAMBDA makes that at most CHANCE for all ELEMENTS of a run together. It is the same in every case, so that a case that
is replayed is judged as it was. What a leaf is off by is added as it is. docs/bound.md derives the rules for W and says
how they were attacked.

A region is kept as its parts, each a sum by itself: where two sums nearly cancel, their partial sums do not. The rules
hold for kernels that compute what is summed (a product of a number with a sum of more than two terms, say) before they
sum it, or that run several sums in one.

The model fails where roundings repeat: equal terms, terms of a few values, terms that are lost one by one beside a
large one. The evaluator sees that: it sums in float32 as well, in several orders, and where its own error is beyond a
quarter of what is promised the element is not judged (`seen`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from harness.language.exact.accumulated import accumulator_type, accumulator_unit, smallest_of
from harness.language.exact.partial_sums import AT_ONCE, OWN_ORDERS, largest, row_sums

if TYPE_CHECKING:
    from harness.language.arithmetic import Arithmetic
    from harness.language.exact.region import Bounded

Floats = Any  # np.ndarray of float64
Move = Callable[[Any], Any]
Own = tuple[np.ndarray, ...]

ELEMENTS = 1e9  # of one run, numbers that are closed on the way among them
CHANCE = 1e-9  # that any of them is farther off than promised, though its kernel is right
LAMBDA = sqrt(2 * log(2 * ELEMENTS / CHANCE))  # 9.2
SEEN = LAMBDA / 4  # of the evaluator's own error: from here on the model is not taken to hold
MOST_PARTS = 8  # of one region; of more the sound bound decides


@dataclass(frozen=True, eq=False)
class Part:
    """One sum of a region, entry by entry. None: each is a single product, `rounded` zero and `squares` value squared.

    rounded   the sum of the squares of its partial sums, and of partial sums inside what it sums
    squares   the sum of the squares of its terms
    terms     how many there are, at most
    """

    value: Floats
    rounded: Floats | None = None
    squares: Floats | None = None
    terms: int = 1

    def of(self) -> Floats:
        return self.value * self.value if self.squares is None else self.squares

    def moved(self, move: Move) -> Part:
        rounded, squares = (None if part is None else move(part) for part in (self.rounded, self.squares))
        return Part(move(self.value), rounded, squares, self.terms)


@dataclass(frozen=True, eq=False)
class Parts:
    """The parts of a region, and the evaluator's own float32 values, one for each of OWN_ORDERS."""

    each: tuple[Part, ...]
    own: Own

    def moved(self, move: Move) -> Parts:
        return Parts(tuple(part.moved(move) for part in self.each), _own(move, self.own))


def parts_of(x: Bounded) -> Parts | None:
    """The parts of a region; None where they are not known, or too many: there the sound bound decides."""
    if not x.form.is_leaf:
        return x.parts
    with np.errstate(over="ignore"):
        own = x.v.astype(np.float32)
    return Parts((Part(x.v),), (own,) * len(OWN_ORDERS))


def added(x: Bounded, y: Bounded, sign: int) -> Parts | None:
    """Of x + y, or of x - y."""
    left, right = parts_of(x), parts_of(y)
    if left is None or right is None or len(left.each) + len(right.each) > MOST_PARTS:
        return None
    if sign < 0:
        right = negated(right)
    shape = np.broadcast_shapes(x.shape, y.shape)
    parts = (part.moved(lambda array: np.broadcast_to(array, shape)) for part in (*left.each, *right.each))
    return Parts(tuple(parts), _own(np.add, left.own, right.own))


def negated(x: Parts) -> Parts:
    """Of -x."""
    parts = tuple(Part(-part.value, part.rounded, part.squares, part.terms) for part in x.each)
    return Parts(parts, _own(np.negative, x.own))


def multiplied(x: Bounded, y: Bounded) -> Parts | None:
    """Of x * y."""
    return _products(parts_of(x), parts_of(y), lambda a, b: a * b, lambda a, b: _own(np.multiply, a, b))


def rows(w: Bounded, x: Bounded) -> Parts | None:
    """Of the rows of w times x."""
    left, right = parts_of(w), parts_of(x)
    if left is None or right is None or len(left.each) * len(right.each) > MOST_PARTS:
        return None
    count = w.shape[-1]
    if not count:
        return None

    def part(a: Part, b: Part) -> Part:
        inner = _product(a, b, row_sums)
        squares = row_sums(a.value**2, b.value**2) if inner.squares is None else inner.squares
        return _summed(inner, squares, _each_sum(a.value, b.value, largest), count)

    with np.errstate(all="ignore"):
        parts = tuple(part(a, b) for a in left.each for b in right.each)
        own = tuple(
            _each_sum(a, b, _summed_as(how, w.ar)) for a, b, how in zip(left.own, right.own, OWN_ORDERS, strict=True)
        )
    return Parts(parts, own)


def summed(x: Bounded, axis: int | None) -> Parts | None:
    """Of the sum of x over an axis, or over all."""
    sums = parts_of(x)
    if sums is None:
        return None
    count = x.v.size if axis is None else x.shape[axis]

    def over(array: Floats, how: Callable[[Floats], Floats]) -> Floats:
        whole = array.reshape(-1) if axis is None else np.moveaxis(array, axis, 0)
        flat = whole.reshape(count, -1)
        step = max(1, AT_ONCE // max(count, 1))
        found = [how(np.ascontiguousarray(flat[:, at : at + step])) for at in range(0, flat.shape[1], step)]
        return np.concatenate(found or [np.zeros(0)]).reshape(whole.shape[1:])

    def statistic(array: Floats) -> Floats:
        """Of all entries: also column by column, in case rows are not what a kernel sums first."""
        found = over(array, largest)
        return np.maximum(found, over(array.T, largest)) if axis is None and array.ndim > 1 else found

    def part(a: Part) -> Part:
        inner = a.moved(lambda array: np.asarray(array.sum(axis)))
        return _summed(inner, np.asarray(a.of().sum(axis)), statistic(a.value), count)

    if not count:
        return None
    with np.errstate(all="ignore"):
        own = tuple(over(array, _summed_as(how, x.ar)) for array, how in zip(sums.own, OWN_ORDERS, strict=True))
        return Parts(tuple(part(a) for a in sums.each), own)


def joined(parts: list[Bounded], join: Callable[[list[Any]], Any]) -> Parts | None:
    """Of several values as one: the first parts of all are one part, and so on."""
    sums = [parts_of(part) for part in parts]
    known = [one for one in sums if one is not None]
    if len(known) < len(sums):
        return None

    def part(place: int) -> Part:
        here = [one.each[place] if place < len(one.each) else Part(np.zeros(of.shape))
                for one, of in zip(known, parts, strict=True)]  # fmt: skip
        terms = max(one.terms for one in here)
        value = join([one.value for one in here])
        if terms == 1:
            return Part(value)
        rounded = join([np.zeros(one.value.shape) if one.rounded is None else one.rounded for one in here])
        return Part(value, rounded, join([one.of() for one in here]), terms)

    most = max(len(one.each) for one in known)
    own = _own(lambda *arrays: join(list(arrays)), *(one.own for one in known))
    return Parts(tuple(part(place) for place in range(most)), own)


def promise(x: Bounded) -> tuple[Floats, Any]:
    """How far a kernel probably is from x, at most; and where the model is seen to fail, so that it promises nothing.

    Never more than the sound bound, which is all that is said of a leaf, or where the model does not apply.
    """
    bound = np.asarray(x.bound())
    parts, form, ar = parts_of(x), x.form, x.ar
    if x.is_leaf or parts is None or not applies(ar, form.t):
        return bound, np.zeros(bound.shape, np.bool_)
    with np.errstate(all="ignore"):
        whole = _one(parts.each)
        each = form.r if x.terms is None else form.r + x.terms.sums  # a term may be rounded to enter a narrow sum
        rounded = (0.0 if whole.rounded is None else whole.rounded) + each * whole.of()
        deviation = accumulator_unit(ar) * np.sqrt(rounded)
        lost = (form.m + 2) * smallest_of(ar) * form.c
        promised = np.asarray(x.e) * (1 + ar.gamma(form.t - 1 + form.r)) + lost + LAMBDA * deviation
        own = np.max([np.abs(array - x.v) for array in parts.own], 0)
        sharper = np.isfinite(bound) & (promised < bound)
        return np.where(sharper, promised, bound), sharper & ~(own <= SEEN * deviation + lost)


def applies(ar: Arithmetic, terms: int) -> bool:
    """Whether the model says something of a sum of so many terms, and the evaluator can see where it fails.

    Not where it adds in float64 as kernels do: its own error is none to compare theirs with. Blocks in narrow
    accumulators and the adders of tensor cores have orders of their own.
    """
    own = ar.sums is None or (ar.sums.adder is None and not ar.sums.blocks)
    return own and not ar.float64 and ar.model_holds(terms)


def judged_within(x: Bounded) -> Floats:
    """What is promised of each entry, infinite where nothing is."""
    promised, seen = promise(x)
    return np.where(seen, np.inf, promised)


def _one(parts: tuple[Part, ...]) -> Part:
    """Several sums as one: in one accumulator, one after the other, or each by itself and then joined, in any order."""
    if len(parts) == 1:
        return parts[0]
    alone = [0.0 if part.rounded is None else part.rounded for part in parts]
    continued = [_continued(part, [other.value for other in parts if other is not part]) for part in parts]
    most = np.sum(continued, 0) + np.max([one - other for one, other in zip(alone, continued, strict=True)], 0)
    joins = (len(parts) - 1) * np.sum([np.abs(part.value) for part in parts], 0) ** 2
    return Part(
        np.sum([part.value for part in parts], 0),
        most + joins,
        np.sum([part.of() for part in parts], 0),
        sum(part.terms for part in parts),
    )


def _continued(part: Part, others: list[Floats]) -> Floats:
    """The squares of the partial sums of a part that starts from a sum of some others instead of from zero.

    From minus its own sum it is the part backwards, which `rounded` covers; so is all between that and zero. From
    farther away the start adds to every partial sum (the inequality of Minkowski).
    """
    along, against = (sum(np.maximum(way * np.sign(part.value) * other, 0.0) for other in others) for way in (1, -1))
    beyond = np.maximum(along, against - np.abs(part.value))
    beyond = np.where(part.value == 0, sum(np.abs(other) for other in others), np.maximum(beyond, 0.0))
    rounded = 0.0 if part.rounded is None else part.rounded
    return (np.sqrt(rounded) + sqrt(part.terms) * beyond) ** 2


def _products(x: Parts | None, y: Parts | None, times: Callable[[Floats, Floats], Floats],
              own: Callable[[Any, Any], Any]) -> Parts | None:  # fmt: skip
    if x is None or y is None or len(x.each) * len(y.each) > MOST_PARTS:
        return None
    return Parts(tuple(_product(a, b, times) for a in x.each for b in y.each), own(x.own, y.own))


def _product(a: Part, b: Part, times: Callable[[Floats, Floats], Floats]) -> Part:
    """a times b, entry by entry or summed over rows. Of a sum, the product may be rounded once, or each of its terms.

    Two sums may be written out: then each partial sum of the one is added as often as the other has terms.
    """
    value = times(a.value, b.value)
    if a.rounded is None and b.rounded is None:
        return Part(value)
    once = times(a.value**2, b.value**2)
    if b.rounded is None:
        assert a.rounded is not None
        rounded = times(a.rounded, b.value**2)
    elif a.rounded is None:
        rounded = times(a.value**2, b.rounded)
    else:
        rounded = 2 * times(a.rounded, b.terms * b.value**2 + b.of())
        rounded = rounded + 2 * times(a.terms * a.value**2 + a.of(), b.rounded)
    return Part(value, rounded + once, times(a.of(), b.of()), a.terms * b.terms)


def _summed(inner: Part, squares: Floats, outer: Floats, count: int) -> Part:
    """The sum of `count` entries; `inner` sums up what each holds, `outer` are the partial sums of the entries.

    Entries that are sums themselves may be summed term by term: a partial sum of entries then stays in the accumulator
    for as long as the next one takes.
    """
    if inner.rounded is None:
        return Part(inner.value, outer, squares, count)
    rounded = (np.sqrt(inner.terms * outer) + np.sqrt(inner.rounded)) ** 2
    return Part(inner.value, rounded, squares, inner.terms * count)


def _each_sum(w: Floats, x: Floats, how: Callable[[Any], Any]) -> Any:
    """`how` of the products of every row of w with x, some rows at a time."""
    lead = np.broadcast_shapes(w.shape[:-2], x.shape[:-1])
    result = np.zeros((*lead, w.shape[-2]), w.dtype)
    w, x = np.broadcast_to(w, (*lead, *w.shape[-2:])), np.broadcast_to(x, (*lead, x.shape[-1]))
    for places, some in _together(lead, *w.shape[-2:]):
        products = w[(*places, some)] * x[places][:, None, :]
        columns = np.ascontiguousarray(products.reshape(-1, products.shape[-1]).T)
        result[(*places, some)] = how(columns).reshape(products.shape[:2])
    return result


def _together(lead: tuple[int, ...], count: int, n: int) -> Iterator[tuple[Any, slice]]:
    """Places of the leading axes, and rows, whose products are taken together."""
    places = int(np.prod(lead, dtype=np.int64))
    rows_at_once = max(1, min(count, AT_ONCE // max(n, 1)))
    leads_at_once = max(1, AT_ONCE // max(n * count, 1)) if rows_at_once == count else 1
    for at in range(0, places, leads_at_once):
        flat = np.arange(at, min(places, at + leads_at_once))
        index = np.unravel_index(flat, lead) if lead else (None,)
        for row in range(0, count, rows_at_once):
            yield index, slice(row, row + rows_at_once)


def _summed_as(how: Callable[[Any], Any], ar: Arithmetic) -> Callable[[Any], Any]:
    """One of the evaluator's own orders, in the numbers that sums are held in."""
    dtype = accumulator_type(ar)
    if dtype == np.float32:
        return how
    return lambda columns: how(columns.astype(dtype)).astype(np.float32)


def _own(operation: Callable[..., Any], *values: Own) -> Own:
    """The evaluator's values of an operation; computed once where no sum has told its orders apart yet."""
    with np.errstate(all="ignore"):
        first = operation(*(own[0] for own in values))
        if all(part is own[0] for own in values for part in own):
            return (first,) * len(OWN_ORDERS)
        return first, *(operation(*each) for each in list(zip(*values, strict=True))[1:])
