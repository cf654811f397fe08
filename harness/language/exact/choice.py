"""Jumps: top-k choices and comparisons, decided only where the bound decides them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from harness.language.exact.region import Bounded, Floats, add, stored_as
from harness.language.operators import COMPARE
from harness.language.undecided import Undecided


@dataclass(frozen=True)
class Choice:
    """The k entries of `scores` that rank first, in descending order; equal scores: lower index first."""

    scores: Bounded
    index: np.ndarray
    doubt: str  # empty where the bound decides both the set and its order

    @property
    def shape(self) -> tuple[int, ...]:
        return self.index.shape

    def decided(self) -> np.ndarray:
        """The indices, or Undecided."""
        if self.doubt:
            raise Undecided(self.doubt, self)
        return self.index

    @cached_property
    def key(self) -> tuple[bytes, bytes, int]:
        """What it is a choice of: equal where the same equation is evaluated again."""
        return self.scores.v.tobytes(), np.asarray(self.scores.e).tobytes(), len(self.index)

    def admitted(self) -> Iterator[np.ndarray]:
        """Every choice that the bound admits, in its order; the first is that of the exact scores.

        Entries that are tied by descent are taken by index, as where the bound decides.
        """
        v, e = self.scores.v, np.broadcast_to(self.scores.e, self.scores.v.shape)
        if not np.isfinite(e).all() or np.isnan(v).any():
            return
        order = np.argsort(-v, kind="stable")

        def extended(taken: list[int]) -> Iterator[np.ndarray]:
            if len(taken) == len(self.index):
                yield np.array(taken, np.int64)
                return
            left = order[~np.isin(order, taken)]
            reaches = v[left] + e[left] >= np.max(v[left] - e[left])
            for place, entry in enumerate(left):
                if reaches[place] and not _tied(self.scores, left[:place], entry).any():
                    yield from extended([*taken, int(entry)])

        yield from extended([])

    def objection(self, ids: np.ndarray) -> str:
        """Why `ids` is no admissible choice, or "" where the bound admits it.

        Scores that every kernel holds as one and the same number are tied: of them the lower index goes first.
        """
        p, e = self.scores.v, np.broadcast_to(self.scores.e, self.scores.v.shape)
        stored = _stored(self.scores, p, e)
        if len(ids) != len(self.index):
            return f"{len(ids)} chosen instead of {len(self.index)}"
        if len(set(ids.tolist())) < len(ids):
            return f"an entry is chosen twice: {ids.tolist()}"
        high = p + e
        low = p - e
        for rank, entry in enumerate(ids):
            later = np.setdiff1d(np.arange(len(p)), ids[: rank + 1])
            better = later[low[later] > high[entry]]
            if len(better):
                other = better[np.argmax(p[better])]
                return (
                    f"rank {rank} is entry {entry} with score {p[entry]:.9g} (+-{e[entry]:.2g}), "
                    f"but entry {other} has {p[other]:.9g} (+-{e[other]:.2g})"
                )
            first = later[stored[later] & stored[entry] & (p[later] == p[entry]) & (later < entry)]
            if len(first):
                return f"rank {rank} is entry {entry} with score {p[entry]:.9g}, but entry {first[0]} has the same"
        return ""


def _stored(x: Bounded, v: Floats, e: Floats) -> np.ndarray:
    """Which entries are no result of a rounding: exact numbers, and literals, which are their own keys.

    Equal numbers that a subject returned have no keys: it may have ranked what it had before it rounded.
    """
    if x.key is None:
        return np.asarray(e == 0)
    with np.errstate(invalid="ignore"):
        return np.asarray((x.key == v) & ((e == 0) | (e == np.abs(v - stored_as(v, x.ar)))))


def top_k(p: Bounded, k: int) -> Choice:
    """The k largest entries of p, descending.

    Entries are tied exactly only where their keys say that they descend from equal exact inputs by the same
    functions, or are exactly the same infinity; then the lower index goes first. Otherwise overlapping intervals leave
    the choice in doubt. So an excluded entry (-inf) is chosen only where too few others are left.
    """
    p = p.close()
    order = np.argsort(-p.v, kind="stable")
    e = np.broadcast_to(p.e, p.v.shape)
    if np.isnan(p.v).any() or not np.isfinite(e).all():
        return Choice(p, order[:k], "a score has no finite bound")
    # Equal keys have equal values, so a stable sort has put them in index order already.
    for rank in range(min(k, len(order))):
        entry, later = order[rank], order[rank + 1 :]
        overlap = p.v[later] + e[later] >= p.v[entry] - e[entry]
        open_ = later[
            overlap & ~_tied(p, later, entry) & ~((e[later] == 0) & (e[entry] == 0) & (p.v[later] < p.v[entry]))
        ]
        if len(open_):
            return Choice(p, order[:k], f"entries {entry} and {open_[0]} are within their bounds of each other")
    return Choice(p, order[:k], "")


def _tied(p: Bounded, others: np.ndarray, entry: int) -> np.ndarray:
    """Which of the others every kernel takes for equal to an entry: by descent, or as exact numbers."""
    same = p.v[others] == p.v[entry]
    if p.exact:
        return np.asarray(same)
    e = np.broadcast_to(p.e, p.v.shape)
    exact = same & (e[others] == 0) & (e[entry] == 0)
    return exact if p.key is None else np.asarray(exact | (p.key[others] == p.key[entry]))


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
