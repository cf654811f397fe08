"""Two values of one case by what results they admit.

What is admitted at an entry is an interval, value and bound. Both are computed in float64, and the enlargement of u
by 2**-20 pays for the roundings of that (`Arithmetic.u`). So one interval lies inside another where it does not
reach out by more than 2**-20 of both bounds; two are equal where each lies inside the other. An infinite bound (the
entry is not judged) admits everything. Where values are given as a subject returned them, rounded, the middles may
be apart too; two intervals that do not meet are another function of what is given.

What counts are results, and those are float32 numbers (where everything is computed in float64 every excess counts): an
excess that holds none is no difference. An excess smaller than 2**23 of the smallest numbers (2**-126, the smallest
normal one) is what underflow loses: the bound counts a few of the smallest numbers for each multiplication, and that
depends on the spelling. It is told, and counts only where a claim compares bits or asks more than `close`
(docs/gate-evidence.md).

A value that is stored in a format is one of the numbers that it may be rounded to, and with several formats one of
any: those sets are compared (stored_numbers.py), and not their middles.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from harness.gate.meaning.equations.functions import (
    ROOM,
    distinct_digits,
    first_marked,
    function_diff,
    index_text,
    value_kind,
)
from harness.gate.meaning.equations.stored_numbers import (
    covered,
    formats_of,
    meet,
    options_of,
    told,
    unjudged,
    unstored_bound,
    width,
)
from harness.gate.meaning.evidence import Difference
from harness.language.dtypes import Dtype
from harness.language.evaluate import Value
from harness.language.exact.choice import Choice, Truth
from harness.language.exact.domain import Exact
from harness.language.exact.region import Bounded, Floats

Interval = tuple[Any, Any]  # values, and how far off a result may be


@dataclass(frozen=True)
class Admitted:
    """Whether new admits more, or less, somewhere; `more` says where, and `factor` by how much.

    `apart`: an entry for which nothing is admitted by both. `inner`: whether what is made of the value may admit
    something else although the value itself does not: it is another polynomial, or tied otherwise. `underflow`:
    more or less is admitted, but by no more than underflow loses.
    """

    judged: int = 0
    more: Difference | None = None
    less: bool = False
    factor: float = 1.0
    apart: Difference | None = None
    inner: bool = False
    underflow: bool = False


def admitted(domain: Exact, old: Value, new: Value, underflow: bool = True) -> Admitted:
    """Which float32 results are admitted, of values that are the same function; whether `underflow` counts."""
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
    least = None if domain.ar.float64 else 0.0 if underflow else LOST * domain.ar.smallest
    if x.storage is not None or y.storage is not None:
        return stored_results(x, y, least=least)
    sides = (x.v, x.bound()), (y.v, y.bound())
    return intervals(*sides, _other_region(x, y), least)


def stored_results(
    x: Bounded,
    y: Bounded,
    bounds: tuple[Floats, Floats] | None = None,
    least: float | None = None,
    dtype: Dtype | None = None,
) -> Admitted:
    """Two values of which at least one is stored in a format, or the result is: by the numbers that may be stored.

    Of the same formats the bounds before storing count as well: where one is larger, more is stored somewhere, though
    perhaps in no case that was tried. `bounds`: what a claim allows, where these are not the bounds of the values;
    `dtype`: the narrow format of the result that it judges.
    """
    sides = (x, y)
    limits = [np.asarray(bound, np.float64) for bound in bounds or (unstored_bound(x), unstored_bound(y))]
    known = np.isfinite(limits[0]) & np.isfinite(limits[1])
    room = ROOM * np.where(known, limits[0] + limits[1], 0.0)
    before, after = (options_of(side, bound, dtype) for side, bound in zip(sides, limits, strict=True))
    wide = [options_of(side, bound + room, dtype) for side, bound in zip(sides, limits, strict=True)]
    judged = ~(unjudged(before) & unjudged(after))
    lost = judged & ~meet(*wide)
    if lost.any():
        place = first_marked(lost)
        example = Difference(index_text(place), told(before, place), told(after, place))
        return Admitted(int(judged.sum()), None, False, 1.0, example)
    inner = _other_region(x, y)
    pairs = [(part.storage.v if part.storage else part.v, bound) for part, bound in zip(sides, limits, strict=True)]
    same = formats_of(x, dtype) == formats_of(y, dtype)
    unstored = intervals(pairs[0], pairs[1], inner, least) if same else Admitted()
    if unstored.apart is not None:  # what is stored is the same all the same
        unstored = Admitted()
    more, less = judged & ~covered(after, wide[0]), judged & ~covered(before, wide[1])
    if not more.any():
        return replace(unstored, judged=int(judged.sum()), less=unstored.less or bool(less.any()), inner=inner)
    with np.errstate(all="ignore"):
        factor = np.where(more, width(after) / width(before), 1.0)
    finite = np.where(np.isfinite(factor), factor, 1.0)
    place = first_marked(finite == finite.max()) if finite.max() > 1 else first_marked(more)
    excess = float(finite[place]) if finite.max() > 1 else float("inf")
    example = Difference(index_text(place), told(before, place), told(after, place))
    return Admitted(int(judged.sum()), example, unstored.less or bool(less.any()), excess, inner=inner)


LOST = 2.0**23  # of the smallest numbers: as many as there are up to the smallest normal one


def intervals(old: Interval, new: Interval, inner: bool = False, least: float | None = None) -> Admitted:
    """Values with their bounds in two versions, entry by entry.

    `least`: an excess counts that is at least as large and holds a float32 number; None: every excess does.
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
        seen = (_seen((v, before), (w, after)), _seen((w, after), (v, before))) if least is not None else (True, True)
        wider, narrower = wider & (seen[0] | ~both), narrower & (seen[1] | ~both)
        more = wider & ~(after + apart - before < (least or 0.0))
        less = narrower & ~(before + apart - after < (least or 0.0))
        factor = np.where(more, (after + apart) / before, 1.0)
    certain = ~np.isfinite(v) & (before == 0), ~np.isfinite(w) & (after == 0)  # an infinity, or NaN, in every kernel
    more, less = more | (certain[0] & ~certain[1]), less | (certain[1] & ~certain[0])
    judged = judged | certain[0] | certain[1]
    if lost.any():
        place = first_marked(lost)
        example = Difference(index_text(place), *distinct_digits(float(v[place]), float(w[place])))
        return Admitted(int(judged.sum()), None, False, 1.0, example)
    underflow = bool((wider & ~more).any() or (narrower & ~less).any())
    if not more.any():
        return Admitted(int(judged.sum()), None, bool(less.any()), inner=inner, underflow=underflow)
    finite = np.where(np.isfinite(factor), factor, 1.0)
    place = first_marked(finite == finite.max()) if finite.max() > 1 else first_marked(more)
    excess = float(finite[place]) if finite.max() > 1 else float("inf")
    example = Difference(index_text(place), f"+-{before[place]:.3g}", f"+-{after[place] + apart[place]:.3g}")
    return Admitted(int(judged.sum()), example, bool(less.any()), excess, inner=inner, underflow=underflow)


def _seen(old: Interval, new: Interval) -> Any:
    """Where the new interval holds a float32 number that the old one does not."""
    (v, before), (w, after) = old, new
    return _holds(v + before, w + after) | _holds(-(v - before), -(w - after))


def _holds(start: Any, end: Any) -> Any:
    """Where (start, end] holds a float32 number."""
    last = end.astype(np.float32)  # the largest float32 number that is not above the end
    last = np.where(last > end, np.nextafter(last, np.float32(-np.inf)), last).astype(np.float64)
    return last > start


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
    i, j = first_marked(lost)[-2:]
    example = Difference("", f"entry {i} surely ranks before entry {j}", "either may rank first")
    return Admitted(before.size, example, bool(won.any()))


def _sure(choice: Choice) -> np.ndarray:
    """Pairs of which the first is surely larger than the second, where the order can matter."""
    p, e = choice.scores.v, np.broadcast_to(choice.scores.e, choice.scores.v.shape)
    with np.errstate(invalid="ignore"):
        return np.asarray((p - e)[..., :, None] > (p + e)[..., None, :])
