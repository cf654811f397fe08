"""Two values of one case by what float32 results they admit.

What is admitted at an entry is an interval, value and bound. Both are computed in float64, and the enlargement of u
by 2**-20 pays for the roundings of that (`Arithmetic.u`). So one interval lies inside another where it does not
reach out by more than 2**-20 of both bounds; two are equal where each lies inside the other. An infinite bound (the
entry is not judged) admits everything. Where values are given as a subject returned them, rounded, the middles may
be apart too; two intervals that do not meet are another function of what is given.

What counts are results, and those are float32 numbers: an excess that holds none is no difference. One that holds
subnormal numbers alone (below 2**-126 in size) is told, and counts only where a claim compares bits or asks more than
`close`: such numbers come of underflow, about which the bound knows only how many operations may lose one, and that
depends on the spelling (docs/gate-evidence.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.gate.meaning.evidence import Difference
from harness.gate.meaning.functions import (
    ROOM,
    distinct_digits,
    first_marked,
    function_diff,
    index_text,
    value_kind,
)
from harness.language.evaluate import Value
from harness.language.exact.choice import Choice, Truth
from harness.language.exact.domain import Exact
from harness.language.exact.region import Bounded

Interval = tuple[Any, Any]  # values, and how far off a result may be


@dataclass(frozen=True)
class Admitted:
    """Whether new admits more, or less, somewhere; `more` says where, and `factor` by how much.

    `apart`: an entry for which nothing is admitted by both. `inner`: whether what is made of the value may admit
    something else although the value itself does not: it is another polynomial, or tied otherwise. `subnormal`: more or
    less is admitted, but of subnormal numbers alone.
    """

    judged: int = 0
    more: Difference | None = None
    less: bool = False
    factor: float = 1.0
    apart: Difference | None = None
    inner: bool = False
    subnormal: bool = False


def admitted(domain: Exact, old: Value, new: Value, subnormals: bool = True) -> Admitted:
    """Which float32 results are admitted, of values that are the same function; whether `subnormals` count."""
    if isinstance(old, Choice) and isinstance(new, Choice):
        return _choices(old, new)
    if isinstance(old, Truth) and isinstance(new, Truth):
        more, less = new.doubt & ~old.doubt, old.doubt & ~new.doubt
        example = Difference(index_text(first_marked(more)), "decided", "in doubt") if more.any() else None
        return Admitted(int(old.doubt.size), example, bool(less.any()))
    if value_kind(old) != "real numbers" or value_kind(new) != "real numbers":
        found = function_diff(domain, old, new)
        return Admitted(found.judged, None, False, 1.0, found.difference)
    x, y = domain.real(old), domain.real(new)
    sides = (x.v, x.bound()), (y.v, y.bound())
    return intervals(*sides, _other_region(x, y), LEAST_NORMAL if not subnormals else 0.0)


LEAST_NORMAL = 2.0**-126


def intervals(old: Interval, new: Interval, inner: bool = False, least: float | None = None) -> Admitted:
    """Values with their bounds in two versions, entry by entry.

    `least`: an excess counts that holds a float32 number of at least this size; None: every excess does.
    """
    (v, before), (w, after) = ([np.asarray(part, np.float64) for part in side] for side in (old, new))
    judged = (np.isfinite(before) & np.isfinite(v)) | (np.isfinite(after) & np.isfinite(w))
    both = np.isfinite(before) & np.isfinite(after)
    with np.errstate(all="ignore"):
        apart = np.where(both, np.abs(v - w), 0.0)
        room = ROOM * np.where(both, before + after, 0.0)
        wider = judged & ~(after + apart <= before + room)
        narrower = judged & ~(before + apart <= after + room)
        lost = judged & (apart > before + after + room)
        more, less = wider, narrower
        if least is not None:
            more = wider & ~(both & ~_seen((v, before), (w, after), least))
            less = narrower & ~(both & ~_seen((w, after), (v, before), least))
        factor = np.where(more, (after + apart) / before, 1.0)
    if lost.any():
        place = first_marked(lost)
        example = Difference(index_text(place), *distinct_digits(float(v[place]), float(w[place])))
        return Admitted(int(judged.sum()), None, False, 1.0, example)
    subnormal = bool(least) and bool(_subnormal(wider & ~more, narrower & ~less, (v, before), (w, after)))
    if not more.any():
        return Admitted(int(judged.sum()), None, bool(less.any()), inner=inner, subnormal=subnormal)
    finite = np.where(np.isfinite(factor), factor, 1.0)
    place = first_marked(finite == finite.max()) if finite.max() > 1 else first_marked(more)
    excess = float(finite[place]) if finite.max() > 1 else float("inf")
    example = Difference(index_text(place), f"+-{before[place]:.3g}", f"+-{after[place] + apart[place]:.3g}")
    return Admitted(int(judged.sum()), example, bool(less.any()), excess, inner=inner, subnormal=subnormal)


def _subnormal(wider: Any, narrower: Any, old: Interval, new: Interval) -> bool:
    """Whether what does not count holds any float32 number at all."""
    with np.errstate(all="ignore"):
        return bool((wider & _seen(old, new, 0.0)).any() or (narrower & _seen(new, old, 0.0)).any())


def _seen(old: Interval, new: Interval, least: float) -> Any:
    """Where the new interval holds a float32 number that the old one does not, of at least that size."""
    (v, before), (w, after) = old, new
    above = _holds(v + before, w + after, least)
    return above | _holds(-(v - before), -(w - after), least)


def _holds(start: Any, end: Any, least: float) -> Any:
    """Where (start, end] holds a float32 number of at least that size."""
    last = end.astype(np.float32)  # the largest float32 number that is not above the end
    last = np.where(last > end, np.nextafter(last, np.float32(-np.inf)), last).astype(np.float64)
    return (last > start) & ((np.abs(last) >= least) | (start < -least))


def bounds(old: Any, new: Any) -> Admitted:
    """Two bounds of one and the same value."""
    before, after = np.broadcast_arrays(np.asarray(old, np.float64), np.asarray(new, np.float64))
    return intervals((np.zeros(before.shape), before), (np.zeros(after.shape), after))


def _other_region(x: Bounded, y: Bounded) -> bool:
    """Whether what is made of the two may have other bounds: regions go on through an equation (`exact/region.py`)."""
    mine, its = x.form, y.form
    if (mine.t, mine.m, mine.r, x.exact) != (its.t, its.m, its.r, y.exact) or abs(mine.c - its.c) > ROOM * (
        mine.c + its.c
    ):
        return True
    for parts in ((x.a, y.a), (x.e, y.e)):
        old, new = np.broadcast_arrays(*parts)
        with np.errstate(all="ignore"):
            if not np.all((np.abs(old - new) <= ROOM * (old + new)) | (old == new) | np.isnan(old) | np.isnan(new)):
                return True
    keys = [part.close().key for part in (x, y)]
    if keys[0] is None or keys[1] is None:
        return keys[0] is not keys[1]
    return not np.array_equal(np.isnan(keys[0]), np.isnan(keys[1]))


def _choices(old: Choice, new: Choice) -> Admitted:
    """A choice is admitted where no entry stands before one that is surely larger (`Choice.objection`)."""
    before, after = _sure(old), _sure(new)
    if before.shape != after.shape:
        return Admitted()
    lost, won = before & ~after, after & ~before
    doubt = bool(new.doubt) and not old.doubt
    if not (lost.any() or doubt):
        return Admitted(before.size, None, bool(won.any() or (old.doubt and not new.doubt)))
    if not lost.any():
        return Admitted(before.size, Difference("", "decided", f"in doubt: {new.doubt}"), bool(won.any()))
    i, j = first_marked(lost)
    example = Difference("", f"entry {i} surely ranks before entry {j}", "either may rank first")
    return Admitted(before.size, example, bool(won.any()))


def _sure(choice: Choice) -> np.ndarray:
    """Pairs of which the first is surely larger than the second, where the order can matter."""
    p, e = choice.scores.v, np.broadcast_to(choice.scores.e, choice.scores.v.shape)
    with np.errstate(invalid="ignore"):
        return np.asarray((p - e)[:, None] > (p + e)[None, :])
