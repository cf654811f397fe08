"""Jumps: top-k choices and comparisons, decided only where the bound decides them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from harness.language.arithmetic import Arithmetic
from harness.language.exact.region import Bounded, Floats, add, stored_as
from harness.language.operators import COMPARE
from harness.language.undecided import Undecided


@dataclass(frozen=True)
class Row:
    """The scores that one choice is among: values, errors, and keys (None: only exact ones can be tied)."""

    v: Floats
    e: Floats
    key: Floats | None
    ar: Arithmetic

    def tied(self, others: np.ndarray, entry: int) -> np.ndarray:
        """Which of the others every kernel takes for equal to an entry: by descent, or as exact numbers."""
        same = self.v[others] == self.v[entry]
        exact = same & (self.e[others] == 0) & (self.e[entry] == 0)
        return exact if self.key is None else np.asarray(exact | (self.key[others] == self.key[entry]))

    def stored(self) -> np.ndarray:
        """Which entries are no result of a rounding: exact numbers, and literals, which are their own keys.

        Equal numbers that a subject returned have no keys: it may have ranked what it had before it rounded.
        """
        if self.key is None:
            return np.asarray(self.e == 0)
        with np.errstate(invalid="ignore"):
            rounding = np.abs(self.v - stored_as(self.v, self.ar))
            return np.asarray((self.key == self.v) & ((self.e == 0) | (self.e == rounding)))

    def doubt(self, k: int) -> str:
        """Why the bound leaves the first k in doubt, or ""."""
        if np.isnan(self.v).any() or not np.isfinite(self.e).all():
            return "a score has no finite bound"
        v, e = self.v, self.e
        order = np.argsort(-v, kind="stable")
        # Equal keys have equal values, so a stable sort has put them in index order already.
        for rank in range(min(k, len(order))):
            entry, later = order[rank], order[rank + 1 :]
            overlap = v[later] + e[later] >= v[entry] - e[entry]
            surely_less = (e[later] == 0) & (e[entry] == 0) & (v[later] < v[entry])
            open_ = later[overlap & ~self.tied(later, entry) & ~surely_less]
            if len(open_):
                return f"entries {entry} and {open_[0]} are within their bounds of each other"
        return ""

    def admitted(self, k: int) -> Iterator[np.ndarray]:
        """Every choice of k that the bound admits, in its order; the first is that of the exact scores.

        Entries that are tied by descent are taken by index, as where the bound decides.
        """
        v, e = self.v, self.e
        if not np.isfinite(e).all() or np.isnan(v).any():
            return
        order = np.argsort(-v, kind="stable")

        def extended(taken: list[int]) -> Iterator[np.ndarray]:
            if len(taken) == k:
                yield np.array(taken, np.int64)
                return
            left = order[~np.isin(order, taken)]
            reaches = v[left] + e[left] >= np.max(v[left] - e[left])
            for place, entry in enumerate(left):
                if reaches[place] and not self.tied(left[:place], entry).any():
                    yield from extended([*taken, int(entry)])

        yield from extended([])

    def objection(self, ids: np.ndarray) -> tuple[int, str]:
        """The rank at which `ids` is no admissible choice, and why; "" where the bound admits it.

        Scores that every kernel holds as one and the same number are tied: of them the lower index goes first.
        """
        p, e, stored = self.v, self.e, self.stored()
        if len(set(ids.tolist())) < len(ids):
            return 0, f"an entry is chosen twice: {ids.tolist()}"
        high, low = p + e, p - e
        for rank, entry in enumerate(ids):
            later = np.setdiff1d(np.arange(len(p)), ids[: rank + 1])
            better = later[low[later] > high[entry]]
            if len(better):
                other = better[np.argmax(p[better])]
                return rank, (
                    f"rank {rank} is entry {entry} with score {p[entry]:.9g} (+-{e[entry]:.2g}), "
                    f"but entry {other} has {p[other]:.9g} (+-{e[other]:.2g})"
                )
            first = later[stored[later] & stored[entry] & (p[later] == p[entry]) & (later < entry)]
            if len(first):
                score = f"score {p[entry]:.9g}"
                return rank, f"rank {rank} is entry {entry} with {score}, but entry {first[0]} has the same"
        return 0, ""


@dataclass(frozen=True)
class Choice:
    """Of each row of `scores`, along the last axis, the entries that rank first, descending; of equal ones the lower.

    `doubts`: by row, why the bound does not decide the set and its order. `one`: of each row the first alone, and the
    index has no axis for it.
    """

    scores: Bounded
    index: np.ndarray
    doubts: Mapping[int, str]
    one: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        return self.index.shape

    @property
    def doubt(self) -> str:
        """Why the first row that is in doubt is so; empty where none is."""
        return next((self._told(row, doubt) for row, doubt in self.doubts.items()), "")

    def decided(self) -> np.ndarray:
        """The indices, or Undecided."""
        if self.doubts:
            raise Undecided(self.doubt, self)
        return self.index

    @cached_property
    def key(self) -> tuple[bytes, bytes, tuple[int, ...], bool]:
        """What it is a choice of: equal where the same equation is evaluated again."""
        return self.scores.v.tobytes(), np.asarray(self.scores.e).tobytes(), self.index.shape, self.one

    @property
    def rows(self) -> int:
        """How many choices it is."""
        return int(np.prod(self.scores.shape[:-1], dtype=int))

    def row(self, number: int) -> Row:
        """The scores of one row; rows of all leading axes are counted through."""
        return row_of(self.scores, number)

    def ranked(self, index: np.ndarray) -> np.ndarray:
        """An index of this shape with its rows counted through: [rows, ranks]."""
        return np.asarray(index).reshape(self.rows, 1 if self.one else self.index.shape[-1])

    def with_row(self, number: int, ids: np.ndarray) -> np.ndarray:
        """The index with other entries in one row."""
        changed = self.ranked(self.index).copy()
        changed[number] = ids
        return changed.reshape(self.index.shape)

    def admitted(self, number: int = 0) -> Iterator[np.ndarray]:
        """Every choice that the bound admits in a row, in its order; the first is that of the exact scores."""
        return self.row(number).admitted(self.ranked(self.index).shape[1])

    def objection(self, ids: np.ndarray) -> str:
        """Why `ids` is no admissible choice, or "" where the bound admits it."""
        return self.objection_at(ids)[1]

    def objection_at(self, ids: np.ndarray) -> tuple[tuple[int, ...], str]:
        """The same with the place in `ids` that it is about."""
        ids = np.asarray(ids)
        if ids.shape != self.index.shape:
            return (), f"{ids.shape[-1]} chosen instead of {self.index.shape[-1]}"
        ranked = self.ranked(ids)
        for number in np.flatnonzero((ranked != self.ranked(self.index)).any(-1)):  # the exact choice is admitted
            rank, why = self.row(int(number)).objection(ranked[number])
            if why:
                place = np.unravel_index(number, self.scores.shape[:-1]) if self.scores.v.ndim > 1 else ()
                at = tuple(int(part) for part in place)
                return at if self.one else (*at, rank), self._told(int(number), why)
        return (), ""

    def _told(self, number: int, why: str) -> str:
        return f"row {number}: {why}" if self.scores.v.ndim > 1 else why


def row_of(p: Bounded, number: int) -> Row:
    """One row of scores along the last axis."""
    n = p.shape[-1]
    v, e = p.v.reshape(-1, n)[number], np.broadcast_to(p.e, p.v.shape).reshape(-1, n)[number]
    return Row(v, e, None if p.key is None else p.key.reshape(-1, n)[number], p.ar)


def top_k(p: Bounded, k: int, one: bool = False) -> Choice:
    """The k largest entries of p along its last axis, descending; `one`: the largest alone, without an axis for it.

    Entries are tied exactly only where their keys say that they descend from equal exact inputs by the same
    functions, or are exactly the same infinity; then the lower index goes first. Otherwise overlapping intervals leave
    the choice in doubt. So an excluded entry (-inf) is chosen only where too few others are left.
    """
    p = p.close()
    order = np.argsort(-p.v, axis=-1, kind="stable")
    index = order[..., 0] if one else order[..., :k]
    asked = ((int(number), row_of(p, int(number)).doubt(k)) for number in np.flatnonzero(_may_be_open(p, order, k)))
    return Choice(p, index, {number: doubt for number, doubt in asked if doubt}, one)


def _may_be_open(p: Bounded, order: np.ndarray, k: int) -> np.ndarray:
    """The rows in which the first k are not separated from all after them at a glance: most rows are."""
    n = p.shape[-1]
    v, e = p.v.reshape(-1, n), np.broadcast_to(p.e, p.v.shape).reshape(-1, n)
    places = order.reshape(-1, n)
    with np.errstate(invalid="ignore"):
        low, high = (np.take_along_axis(part, places, -1) for part in (v - e, v + e))
        later = np.maximum.accumulate(high[:, ::-1], -1)[:, ::-1]
        ranks = min(k, n - 1)
        clear = (low[:, :ranks] > later[:, 1 : ranks + 1]).all(-1) | (e == 0).all(-1)
        return ~(clear & np.isfinite(e).all(-1) & ~np.isnan(v).any(-1))


@dataclass(frozen=True)
class Truth:
    """Entrywise truth of a comparison; `doubt` marks entries that the bound does not decide."""

    v: np.ndarray
    doubt: np.ndarray

    @property
    def shape(self) -> tuple[int, ...]:
        return self.v.shape

    def decided(self) -> np.ndarray:
        if self.doubt.any():
            raise Undecided("a comparison closer than the bound")
        return self.v

    def map(self, move: Callable[[np.ndarray], np.ndarray]) -> Truth:
        """The same truths at other places: what `move` does to an array of them."""
        return Truth(np.asarray(move(self.v)), np.asarray(move(np.broadcast_to(self.doubt, self.v.shape))))


def compare(op: str, x: Bounded, y: Bounded) -> Truth:
    """x op y, entry by entry; exact values are compared exactly."""
    x, y = x.close(), y.close()
    difference = add(x, y, -1)
    slack = np.broadcast_to(np.asarray(x.e) + np.asarray(y.e), difference.v.shape)
    # What is certainly no number compares as NaN does. An infinity that is not certain may be anything.
    no_number = (np.isnan(x.v) & (x.e == 0)) | (np.isnan(y.v) & (y.e == 0))
    return Truth(COMPARE[op].apply(x.v, y.v), (slack > 0) & ~no_number & ~(np.abs(difference.v) > slack))


def where_truth(truth: Truth, x: Truth, y: Truth) -> Truth:
    """x where true, y elsewhere; where the condition is in doubt, sides that differ are too."""
    doubt = np.where(truth.v, x.doubt, y.doubt) | (truth.doubt & (x.doubt | y.doubt | (x.v != y.v)))
    return Truth(np.where(truth.v, x.v, y.v), doubt)


def chooses_for_sure(truth: Truth, x: np.ndarray, y: np.ndarray) -> bool:
    """Whether it is certain which of two integers stands where; in doubt, both sides may still be the same."""
    return not truth.doubt.any() or not np.any(truth.doubt & (np.asarray(x) != np.asarray(y)))


def where(truth: Truth, x: Bounded, y: Bounded) -> Bounded:
    """x where true, y elsewhere; in doubt, a bound that covers both."""
    x, y = x.close(), y.close()
    v = np.where(truth.v, x.v, y.v)
    if x.exact and y.exact and not truth.doubt.any():
        return Bounded(v, x.ar)
    xe, ye = np.broadcast_to(x.e, x.v.shape), np.broadcast_to(y.e, y.v.shape)
    e: Floats = np.where(truth.v, xe, ye)
    with np.errstate(invalid="ignore"):
        both = np.abs(x.v - y.v) + np.maximum(xe, ye)
        e = np.where(truth.doubt, both, e)
    e = np.where(np.isnan(e), np.inf, e)
    return Bounded(v, x.ar, e, _own_keys(truth, x, y, v, e))


def _own_keys(truth: Truth, x: Bounded, y: Bounded, v: Floats, e: Floats) -> Floats | None:
    """Ties survive where an entry is a stored number or a literal, which is its own key.

    Keys of functions do not mix: exp(x) with key 2 and an input 2 are not tied. Nor is sqrt(1), whose key is 1 as well
    but whose value a kernel may miss: a literal is off by no more than its own rounding.
    """
    if truth.doubt.any() or (x.key is None and y.key is None):
        return None
    keys = [np.full(part.shape, np.nan) if part.key is None else part.key for part in (x, y)]
    key = np.where(truth.v, *keys)
    with np.errstate(invalid="ignore"):
        rounding = np.where(np.isinf(v), 0.0, np.abs(v - stored_as(v, x.ar)))
    return np.where((key == v) & (e == rounding), key, np.nan)
