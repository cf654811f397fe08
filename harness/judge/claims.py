"""Judging one result against one value: holds, fails with evidence, or is undecided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from harness.judge.comparison import Comparison
from harness.language.dtypes import FLOAT32, Dtype, is_real, of_array
from harness.language.exact.choice import Choice
from harness.language.exact.nonfinite import no_number
from harness.language.exact.probable import judged_within
from harness.language.exact.region import Bounded, Floats, exact_but_for, without_value
from harness.language.exact.storage import Storage, hull, in_format
from harness.language.rounding import Interval, around, spacing, stored
from harness.language.undecided import Undecided


@dataclass(frozen=True)
class Evidence:
    """Why a claim fails. `index`: the worst element; `stage`: the equation it was judged by.

    `any_claim`: it would fail whatever it claims (a wrong shape, a changed argument): that says nothing of the claim.
    `unwritten`: the reason says of an output buffer that it was not filled.
    """

    reason: str
    expected: str = ""
    got: str = ""
    bound: float | None = None
    index: tuple[int, ...] | None = None
    wrong: int = 0
    of: int = 0
    stage: str = ""
    ulps: float | None = None
    error: float | None = None
    any_claim: bool = False
    unwritten: bool = False

    def at(self, stage: str) -> Evidence:
        return replace(self, stage=stage)


@dataclass(frozen=True)
class Judgement:
    """`holds` None: undecided, for `doubt`. `ratio`: worst error / bound. `judged` of `entries` had a finite bound.

    `error` and `bound` are those of the worst element; None where the claim has no distance. `comparisons`: where
    results, values and bounds met; `bitwise`: whether results were compared bit for bit. `wrong`: which elements fail.
    """

    holds: bool | None
    evidence: Evidence | None = None
    ratio: float = 0.0
    judged: int = 0
    entries: int = 0
    doubt: str = ""
    error: float | None = None
    bound: float | None = None
    comparisons: tuple[Comparison, ...] = ()
    bitwise: bool = False
    wrong: np.ndarray | None = field(default=None, compare=False)

    def of(self, stage: str) -> Judgement:
        """The same, of comparisons with the value of that name."""
        return replace(self, comparisons=tuple(part.of(stage) for part in self.comparisons))


def fails(evidence: Evidence) -> Judgement:
    """The claim does not hold, for a reason that has no distance."""
    return Judgement(False, evidence, float("inf"))


def undecided(doubt: str) -> Judgement:
    """The case is not judged."""
    return Judgement(None, doubt=doubt)


UNBOUNDED = "no element has a finite bound"
HOLDS = Judgement(True)


def both(first: Judgement, second: Judgement) -> Judgement:
    """Two parts of one claim. One that fails decides; what is undecided beside what holds leaves the claim judged."""
    measured = [part for part in (first, second) if part.error is not None]
    worst = max(measured, key=lambda part: part.ratio, default=first)
    whole = Judgement(True, None, max(first.ratio, second.ratio), first.judged + second.judged,
                      first.entries + second.entries, "", worst.error, worst.bound,
                      first.comparisons + second.comparisons, first.bitwise or second.bitwise)  # fmt: skip
    for part in (first, second):
        if part.holds is False:
            return replace(part, judged=whole.judged, entries=whole.entries)
    for part in (first, second):
        if part.holds is None:
            return replace(whole, holds=None, doubt=part.doubt)
    return whole


def within(result: np.ndarray, value: Bounded, bound: np.ndarray, how: str, before: Floats = None) -> Judgement:
    """Whether a result may be what a kernel stores of numbers within a bound of the value.

    In float32, and wider, the bound has the rounding of the result in it. A result in a narrower format, or of a value
    that is stored in one, is one of the numbers that this may be rounded to; `before`: another bound of such a value
    before it is stored than its own.
    """
    got = np.asarray(result, np.float64)
    if not got.size:
        return HOLDS
    found = of_array(result.dtype)
    dtype = found if found and found.is_real and found.numbers.digits < value.ar.digits else None
    if value.storage is None and dtype is None:
        return _near(got, value, bound, how)
    if value.storage is None:
        options: tuple[Interval, ...] = (around(value.v, bound),)
    else:
        options = value.storage.options(value.storage.bound if before is None else before)
    if dtype is not None:
        options = tuple(in_format(option, dtype, value.ar) for option in options)
    whole = any(option.dtype is not None and not option.dtype.is_real for option in options)
    nan = np.False_ if whole else no_number(value)  # integers have none
    return _among(got, value.v if value.storage is None else value.storage.v, options, dtype, nan)


def _among(got: np.ndarray, v: Floats, options: Sequence[Interval], dtype: Dtype | None, nan: Any) -> Judgement:
    """Whether each element is among the numbers of some interval; what may be anything is not judged.

    dtype: the format of the result, where it is narrower than that of the arithmetic. nan: what has to be NaN.
    """
    centre, radius = hull(v, options)
    judged = nan | ~np.logical_or.reduce([np.isneginf(option.low) & np.isposinf(option.high) for option in options])
    count = int(judged.sum())
    if not count:
        return Judgement(None, entries=got.size, doubt=UNBOUNDED)
    beyond = judged & ~np.where(nan, np.isnan(got), np.logical_or.reduce([option.admits(got) for option in options]))
    with np.errstate(all="ignore"):
        error = np.where(judged & (got != centre), np.abs(got - centre), 0.0)
        error = np.where(np.isnan(error), np.where(beyond, np.inf, 0.0), error)
        ratio = np.where((error == 0) | ~np.isfinite(radius), 0.0, error / np.maximum(radius, 1e-300))
        ratio = np.where(beyond, np.maximum(ratio, np.nextafter(1.0, 2.0)), np.minimum(ratio, 1.0))
        ratio = np.where(beyond & (radius == 0), np.inf, ratio)
    worst = float(ratio.max())
    place = np.unravel_index(int(np.argmax(ratio if worst else np.where(np.isfinite(radius), radius, -1.0))), got.shape)
    distance = float(error[place]), float(radius[place])
    met = (Comparison(got, centre, radius, judged, dtype=dtype),)
    if not beyond.any():
        return Judgement(True, None, worst, count, got.size, "", *distance, comparisons=met)
    formats = " or ".join(option.dtype.name for option in options if option.dtype) or FLOAT32.name
    expected = "nan" if np.broadcast_to(nan, got.shape)[place] else _ends(options, place)
    evidence = Evidence(
        f"beyond what is stored as {formats}", expected, f"{got[place]:.9g}", float(radius[place]),
        tuple(int(i) for i in place), int(beyond.sum()), got.size,
        ulps=_ulps(float(got[place]), float(centre[place]), options[0].dtype or FLOAT32), error=float(error[place]),
    )  # fmt: skip
    return Judgement(False, evidence, worst, count, got.size, "", *distance, comparisons=met, wrong=beyond)


def _ends(options: Sequence[Interval], place: tuple[Any, ...]) -> str:
    """What is admitted at one place, as text."""
    low = min(float(option.written(option.low)[place]) for option in options)
    high = max(float(option.written(option.high)[place]) for option in options)
    return f"{low:.9g}" if low == high or np.isnan(low) else f"{low:.9g} to {high:.9g}"


def _near(got: np.ndarray, value: Bounded, bound: np.ndarray, how: str) -> Judgement:
    """|got - value| <= bound, for every element whose bound is finite; an exact infinity or NaN asks for itself."""
    judged = np.isfinite(bound) & (np.isfinite(value.v) | (bound == 0))
    count = int(judged.sum())
    if not count:
        return Judgement(None, entries=got.size, doubt=UNBOUNDED)
    with np.errstate(all="ignore"):
        agrees = (got == value.v) | (np.isnan(got) & np.isnan(value.v))
        error = np.where(judged & ~agrees, np.abs(got - value.v), 0.0)
        error = np.where(np.isnan(error), np.inf, error)
        ratio = np.where(error == 0, 0.0, error / np.maximum(bound, 1e-300))
        ratio = np.where(judged, np.where((bound == 0) & (error > 0), np.inf, ratio), 0.0)
    worst = float(ratio.max())
    # of many that are all exact, the one with the widest bound
    place = np.unravel_index(int(np.argmax(ratio if worst else np.where(judged, bound, -1.0))), ratio.shape)
    distance = float(error[place]), float(bound[place])
    met = (Comparison(got, value.v, bound, judged),)
    if worst <= 1:
        return Judgement(True, None, worst, count, got.size, "", *distance, comparisons=met)
    evidence = Evidence(
        how, f"{value.v[place]:.9g}", f"{got[place]:.9g}", float(bound[place]), tuple(int(i) for i in place),
        int((ratio > 1).sum()), got.size, ulps=_ulps(float(got[place]), float(value.v[place])),
        error=float(error[place]),
    )  # fmt: skip
    return Judgement(False, evidence, worst, count, got.size, "", *distance, comparisons=met, wrong=ratio > 1)


def _ulps(got: float, expected: float, dtype: Dtype = FLOAT32) -> float | None:
    """The distance in units in the last place of the expected number of a format; of zero it says nothing."""
    if expected == 0 or not dtype.is_real or not abs(expected) <= dtype.numbers.largest:
        return None
    with np.errstate(all="ignore"):
        unit = float(spacing(np.float64(expected), dtype.numbers))
    distance = abs(got - expected) / unit if np.isfinite(unit) and unit > 0 else float("nan")
    return distance if np.isfinite(distance) else None


def close(result: np.ndarray, value: Bounded) -> Judgement:
    """Within the bound derived for the value."""
    return within(result, value, np.asarray(value.bound()), "beyond the derived bound")


MODEL_FAILS = "rounding errors repeat, so nothing is promised of any element"


def probable(result: np.ndarray, value: Bounded) -> Judgement:
    """Within what the model of rounding promises; not judged where it is seen to fail, or where the value may overflow.

    `value`: evaluated in an arithmetic that is `probable`.
    """
    judged = within(result, value, judged_within(value), "beyond what rounding errors probably add up to")
    if judged.holds is None and np.isfinite(value.bound()).any():
        return replace(judged, doubt=MODEL_FAILS)
    return judged


def accurate(result: np.ndarray, value: Bounded, units: float) -> Judgement:
    """Within units * u * condition; not judged where the value may overflow."""
    assert value.k is not None, "conditions are tracked for falsifiers that ask for them"
    how = f"beyond the promised {units:g} units of u * condition"
    before = _promised(value.storage, value.storage.bound, units) if value.storage else None
    return within(result, value, _promised(value, value.bound(), units), how, before)


def _promised(value: Bounded | Storage, bound: Floats, units: float) -> np.ndarray:
    """The promise, where a value has a finite bound; a unit of a subnormal is the smallest number."""
    assert value.k is not None
    return np.where(np.isfinite(bound), units * (value.ar.unit * value.k + value.ar.smallest), np.inf)


def identical(result: Any, value: Any) -> Judgement:
    """Bit for bit between two results of a subject; against an equation, the exact value rounded once to float32."""
    dtype = _format(result) or _format(value) or FLOAT32
    left, right = _exact_side(result, dtype), _exact_side(value, dtype)
    if left.shape != right.shape:
        return fails(Evidence("different shapes", str(right.shape), str(left.shape)))
    real = is_real(left.dtype)
    if isinstance(result, np.ndarray) and isinstance(value, np.ndarray) and left.dtype == right.dtype and real:
        width = f"u{left.dtype.itemsize}"
        differ = np.ascontiguousarray(left).view(width) != np.ascontiguousarray(right).view(width)
    else:
        with np.errstate(invalid="ignore"):
            differ = ~((left == right) | ((left != left) & (right != right)))
    unjudged = _without_value(result) | _without_value(value)
    differ, judged = differ & ~unjudged, left.size - int(np.count_nonzero(unjudged))
    if left.size and not judged:
        return Judgement(None, entries=left.size, doubt=UNBOUNDED)
    if not differ.any():
        return Judgement(True, None, 0.0, judged, left.size, bitwise=True)
    place = np.unravel_index(int(np.argmax(differ)), differ.shape)
    a, b = left[place], right[place]
    ulps = _ulps(float(a), float(b), dtype) if real else None
    return Judgement(False, Evidence(
        "not identical", _shown(b), _shown(a), None, tuple(int(i) for i in place), int(differ.sum()), left.size,
        ulps=ulps,
    ), float("inf"), judged, left.size, wrong=differ)  # fmt: skip


def _without_value(side: Any) -> np.ndarray:
    return without_value(side) if isinstance(side, Bounded) else np.zeros((), np.bool_)


def _format(side: Any) -> Dtype | None:
    """The format of real numbers that a subject returned."""
    found = of_array(side.dtype) if isinstance(side, np.ndarray) else None
    return found if found is not None and found.is_real else None


def _exact_side(side: Any, dtype: Dtype) -> np.ndarray:
    """A side as an array; an exact value is rounded to the format of the other side, once."""
    if isinstance(side, Choice):
        return side.decided()
    if isinstance(side, Bounded):
        rounded = stored(side.v, dtype, side.ar.saturates)
        with np.errstate(all="ignore"):
            # One operation at most, and its exact result is a number of the format: it is never rounded (a power of two
            # times y).
            kept = (side.form.t == 1) & (side.form.m <= 1) & (rounded.astype(np.float64) == side.v)
            unjudged = without_value(side)
            if not (exact_but_for(side, unjudged) and np.all((np.asarray(side.bound()) == 0) | kept | unjudged)):
                raise Undecided(f"identical to a value that {dtype.name} may round")
        return rounded
    return np.asarray(side)


def _shown(value: Any) -> str:
    if is_real(np.asarray(value).dtype):
        return f"{float(value):.9g}"
    return str(value)


def finite(result: np.ndarray) -> Judgement:
    """No NaN and no infinity."""
    good = np.isfinite(result)
    if good.all():
        return Judgement(True, None, 0.0, good.size, good.size)
    place = np.unravel_index(int(np.argmin(good)), good.shape)
    return fails(Evidence("not finite", "a finite number", str(result[place]), None, tuple(int(i) for i in place),
                          int((~good).sum()), good.size))  # fmt: skip


def admissible(ids: np.ndarray, choice: Choice) -> Judgement:
    """A choice, in an order, that the bounds of the scores admit."""
    place, objection = choice.objection_at(ids)
    if objection:
        rows = place[: choice.scores.v.ndim - 1]  # of many choices the one that is objected to
        expected, got = (np.asarray(part)[rows].tolist() for part in (choice.index, ids))
        return fails(Evidence("a choice that the bound does not admit", f"{expected}", f"{got}: {objection}",
                              index=place if rows else None))  # fmt: skip
    return Judgement(True, None, 0.0, choice.index.size, choice.index.size)
