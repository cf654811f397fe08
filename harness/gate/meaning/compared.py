"""Two values of one case against each other: as functions, and by what float32 results they admit.

Functions differ at an entry where both are known to within a bound and lie further apart than the two bounds
together. An entry without a finite bound, or a jump (`top_k`, `round`, a comparison) that its bound does not decide,
shows nothing.

What is admitted at an entry is an interval, value and bound. Both are computed in float64, and the enlargement of u
by 2**-20 pays for the roundings of that (`Arithmetic.u`). So one interval lies inside another where it does not
reach out by more than 2**-20 of both bounds; two are equal where each lies inside the other. An infinite bound (the
entry is not judged) admits everything. Where values are given as a subject returned them, rounded, the middles may
be apart too; two intervals that do not meet are another function of what is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.language.evaluate import Value
from harness.language.exact.choice import Choice, Truth
from harness.language.exact.domain import Exact, truth_of
from harness.language.exact.kinds import is_whole
from harness.language.exact.region import Bounded
from harness.language.packed import Packed

ROOM = 2.0**-20


@dataclass(frozen=True)
class Difference:
    """Where two functions differ: `place` like `[0, 3]`, and both values as text."""

    place: str
    old: str
    new: str


@dataclass(frozen=True)
class Seen:
    """What one case shows. `judged`: entries that could have differed."""

    judged: int = 0
    difference: Difference | None = None


@dataclass(frozen=True)
class Admitted:
    """Whether new admits more, or less, somewhere; `more` says where, and `factor` by how much.

    `apart`: an entry for which nothing is admitted by both. `inner`: whether what is made of the value may admit
    something else although the value itself does not: it is another polynomial, or tied otherwise.
    """

    judged: int = 0
    more: Difference | None = None
    less: bool = False
    factor: float = 1.0
    apart: Difference | None = None
    inner: bool = False


def kind_of(value: Value) -> str:
    """The kind of a value, in words."""
    if isinstance(value, Bounded | Packed):
        return "real numbers"
    if isinstance(value, Truth) or getattr(value, "dtype", None) == np.bool_ or isinstance(value, bool):
        return "truth"
    if is_whole(value):
        return "integers"
    return "texts" if isinstance(value, str | list) else "real numbers"


def functions(domain: Exact, old: Value, new: Value) -> Seen:
    """Whether two values of the same case in float64 differ."""
    kinds = kind_of(old), kind_of(new)
    if kinds[0] != kinds[1]:
        return Seen(1, Difference("", kinds[0], kinds[1]))
    if kinds[0] == "texts":
        return Seen(1, None if old == new else Difference("", repr(old), repr(new)))
    if kinds[0] == "truth":
        return _truths(truth_of(old), truth_of(new))
    if kinds[0] == "integers":
        return _integers(old, new)
    if _packed(old) != _packed(new):
        return Seen(1, Difference("", _packed(old) or "numbers", _packed(new) or "numbers"))
    return _reals(domain.real(old), domain.real(new))


def admitted(domain: Exact, old: Value, new: Value) -> Admitted:
    """Which float32 results are admitted, of values that are the same function of the inputs."""
    if isinstance(old, Choice) and isinstance(new, Choice):
        return _choices(old, new)
    if isinstance(old, Truth) and isinstance(new, Truth):
        more, less = new.doubt & ~old.doubt, old.doubt & ~new.doubt
        shown = Difference(_shown(_place(more)), "decided", "in doubt") if more.any() else None
        return Admitted(int(old.doubt.size), shown, bool(less.any()))
    if kind_of(old) != "real numbers" or kind_of(new) != "real numbers":
        found = functions(domain, old, new)
        return Admitted(found.judged, None, False, 1.0, found.difference)
    x, y = domain.real(old), domain.real(new)
    return intervals((x.v, x.bound()), (y.v, y.bound()), _other_region(x, y))


def intervals(old: tuple[Any, Any], new: tuple[Any, Any], inner: bool = False) -> Admitted:
    """Values with their bounds in two versions, entry by entry."""
    (v, before), (w, after) = ([np.asarray(part, np.float64) for part in side] for side in (old, new))
    judged = (np.isfinite(before) & np.isfinite(v)) | (np.isfinite(after) & np.isfinite(w))
    with np.errstate(all="ignore"):
        apart = np.where(np.isfinite(before) & np.isfinite(after), np.abs(v - w), 0.0)
        room = ROOM * np.where(np.isfinite(before) & np.isfinite(after), before + after, 0.0)
        more = judged & ~(after + apart <= before + room)
        less = judged & ~(before + apart <= after + room)
        lost = judged & (apart > before + after + room)
        factor = np.where(more, (after + apart) / before, 1.0)
    if lost.any():
        place = _place(lost)
        shown = Difference(_shown(place), *_apart(float(v[place]), float(w[place])))
        return Admitted(int(judged.sum()), None, False, 1.0, shown)
    if not more.any():
        return Admitted(int(judged.sum()), None, bool(less.any()), inner=inner)
    finite = np.where(np.isfinite(factor), factor, 1.0)
    place = _place(finite == finite.max()) if finite.max() > 1 else _place(more)
    excess = float(finite[place]) if finite.max() > 1 else float("inf")
    shown = Difference(_shown(place), f"+-{before[place]:.3g}", f"+-{after[place] + apart[place]:.3g}")
    return Admitted(int(judged.sum()), shown, bool(less.any()), excess, inner=inner)


def bounds(old: Any, new: Any) -> Admitted:
    """Two bounds of one and the same value."""
    before, after = np.broadcast_arrays(np.asarray(old, np.float64), np.asarray(new, np.float64))
    return intervals((np.zeros(before.shape), before), (np.zeros(after.shape), after))


def _other_region(x: Bounded, y: Bounded) -> bool:
    """Whether what is made of the two may have other bounds: regions go on through an equation (`exact/region.py`)."""
    if (x.t, x.m, x.exact) != (y.t, y.m, y.exact) or abs(x.c - y.c) > ROOM * (x.c + y.c):
        return True
    for parts in ((x.a, y.a), (x.e, y.e)):
        mine, its = np.broadcast_arrays(*parts)
        with np.errstate(all="ignore"):
            if not np.all((np.abs(mine - its) <= ROOM * (mine + its)) | (mine == its) | np.isnan(mine) | np.isnan(its)):
                return True
    keys = [part.close().key for part in (x, y)]
    if keys[0] is None or keys[1] is None:
        return keys[0] is not keys[1]
    return not np.array_equal(np.isnan(keys[0]), np.isnan(keys[1]))


def _reals(x: Bounded, y: Bounded) -> Seen:
    if x.shape != y.shape:
        return Seen(1, Difference("", f"shape {list(x.shape)}", f"shape {list(y.shape)}"))
    a, b = np.asarray(x.bound()), np.asarray(y.bound())
    judged = np.isfinite(a) & np.isfinite(b) & np.isfinite(x.v) & np.isfinite(y.v)
    with np.errstate(all="ignore"):
        apart = np.where(judged, np.abs(x.v - y.v), 0.0)
        differ = judged & (apart > (a + b) * (1 + ROOM))
    if not differ.any():
        return Seen(int(judged.sum()))
    with np.errstate(all="ignore"):
        relative = np.where(differ, apart / np.maximum(np.abs(x.v), np.abs(y.v)), -1.0)
    place = _place(relative == relative.max())
    return Seen(int(judged.sum()), Difference(_shown(place), *_apart(float(x.v[place]), float(y.v[place]))))


def _apart(x: float, y: float) -> tuple[str, str]:
    """Both numbers with as many digits as it takes to tell them apart."""
    for digits in (6, 9, 12, 17):
        if f"{x:.{digits}g}" != f"{y:.{digits}g}":
            return f"{x:.{digits}g}", f"{y:.{digits}g}"
    return repr(x), repr(y)


def _integers(old: Value, new: Value) -> Seen:
    if any(isinstance(side, Choice) and side.doubt for side in (old, new)):
        return Seen()
    x, y = (np.asarray(side.index if isinstance(side, Choice) else side) for side in (old, new))
    if x.shape != y.shape:
        return Seen(1, Difference("", f"shape {list(x.shape)}", f"shape {list(y.shape)}"))
    if np.array_equal(x, y):
        return Seen(max(1, x.size))
    place = _place(x != y)
    return Seen(max(1, x.size), Difference(_shown(place), str(x[place]), str(y[place])))


def _truths(x: Truth, y: Truth) -> Seen:
    if x.v.shape != y.v.shape:
        return Seen(1, Difference("", f"shape {list(x.v.shape)}", f"shape {list(y.v.shape)}"))
    judged = ~(x.doubt | y.doubt)
    differ = judged & (x.v != y.v)
    if not differ.any():
        return Seen(int(judged.sum()))
    place = _place(differ)
    return Seen(int(judged.sum()), Difference(_shown(place), *(str(bool(side.v[place])).lower() for side in (x, y))))


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
    i, j = _place(lost)
    shown = Difference("", f"entry {i} surely ranks before entry {j}", "either may rank first")
    return Admitted(before.size, shown, bool(won.any()))


def _sure(choice: Choice) -> np.ndarray:
    """Pairs of which the first is surely larger than the second, where the order can matter."""
    p, e = choice.scores.v, np.broadcast_to(choice.scores.e, choice.scores.v.shape)
    with np.errstate(invalid="ignore"):
        return np.asarray((p - e)[:, None] > (p + e)[None, :])


def _packed(value: Value) -> str:
    return f"{value.dtype} tensor" if isinstance(value, Packed) else ""


def _place(mask: np.ndarray) -> tuple[Any, ...]:
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(mask)), mask.shape)) if mask.ndim else ()


def _shown(place: tuple[Any, ...]) -> str:
    return f"[{', '.join(map(str, place))}]" if place else ""
