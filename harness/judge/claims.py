"""Judging one result against one value: holds, fails with evidence, or is undecided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from harness.judge.comparison import Comparison
from harness.language.exact.choice import Choice
from harness.language.exact.probable import judged_within
from harness.language.exact.region import Bounded
from harness.language.undecided import Undecided


@dataclass(frozen=True)
class Evidence:
    """Why a claim fails. `index`: the worst element; `stage`: the equation it was judged by.

    `any_claim`: it would fail whatever it claims (a wrong shape, a changed argument): that says nothing of the claim.
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

    def at(self, stage: str) -> Evidence:
        return replace(self, stage=stage)


@dataclass(frozen=True)
class Judgement:
    """`holds` None: undecided, for `doubt`. `ratio`: worst error / bound. `judged` of `entries` had a finite bound.

    `error` and `bound` are those of the worst element; None where the claim has no distance. `comparisons`: where
    results, values and bounds met; `bitwise`: whether results were compared bit for bit.
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


def within(result: np.ndarray, value: Bounded, bound: np.ndarray, how: str) -> Judgement:
    """|result - value| <= bound, for every element whose bound is finite; an exact infinity asks for itself."""
    got = np.asarray(result, np.float64)
    if not got.size:
        return HOLDS
    judged = np.isfinite(bound) & (np.isfinite(value.v) | (np.isinf(value.v) & (bound == 0)))
    count = int(judged.sum())
    if not count:
        return Judgement(None, entries=got.size, doubt=UNBOUNDED)
    with np.errstate(all="ignore"):
        error = np.where(judged & (got != value.v), np.abs(got - value.v), 0.0)
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
    return Judgement(False, evidence, worst, count, got.size, "", *distance, comparisons=met)


def _ulps(got: float, expected: float) -> float | None:
    """The distance in units in the last place of the expected float32; of zero it says nothing."""
    if expected == 0:
        return None
    with np.errstate(all="ignore"):
        unit = float(np.spacing(np.abs(np.float32(expected))))
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
    promised = units * (value.ar.unit * value.k + value.ar.smallest)  # a unit of a subnormal is the smallest number
    promised = np.where(np.isfinite(value.bound()), promised, np.inf)
    return within(result, value, promised, f"beyond the promised {units:g} units of u * condition")


def identical(result: Any, value: Any) -> Judgement:
    """Bit for bit between two results of a subject; against an equation, the exact value rounded once to float32."""
    left, right, bits = _comparable(result, value)
    if left.shape != right.shape:
        return fails(Evidence("different shapes", str(right.shape), str(left.shape)))
    if bits and left.dtype == right.dtype and left.dtype.kind == "f":
        width = f"u{left.dtype.itemsize}"
        differ = np.ascontiguousarray(left).view(width) != np.ascontiguousarray(right).view(width)
    else:
        with np.errstate(invalid="ignore"):
            differ = ~((left == right) | ((left != left) & (right != right)))
    if not differ.any():
        return Judgement(True, None, 0.0, left.size, left.size, bitwise=True)
    place = np.unravel_index(int(np.argmax(differ)), differ.shape)
    a, b = left[place], right[place]
    ulps = _ulps(float(a), float(b)) if left.dtype.kind == "f" else None
    return Judgement(False, Evidence(
        "not identical", _shown(b), _shown(a), None, tuple(int(i) for i in place), int(differ.sum()), left.size,
        ulps=ulps,
    ), float("inf"), left.size, left.size)  # fmt: skip


def _comparable(result: Any, value: Any) -> tuple[np.ndarray, np.ndarray, bool]:
    sides = [_exact_side(side) for side in (result, value)]
    raw = isinstance(result, np.ndarray) and isinstance(value, np.ndarray)
    return sides[0], sides[1], raw


def _exact_side(side: Any) -> np.ndarray:
    if isinstance(side, Choice):
        return side.decided()
    if isinstance(side, Bounded):
        with np.errstate(all="ignore"):
            single = side.v.astype(np.float32)
            # One operation at most, and its exact result is a float32: it is never rounded (a power of two times y).
            kept = (side.form.t == 1) & (side.form.m <= 1) & (single.astype(np.float64) == side.v)
            if not (side.exact and np.all((np.asarray(side.bound()) == 0) | kept)):
                raise Undecided("identical to a value that float32 may round")
        return single
    return np.asarray(side)


def _shown(value: Any) -> str:
    if isinstance(value, np.floating):
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
    objection = choice.objection(np.asarray(ids))
    if objection:
        return fails(Evidence("a choice that the bound does not admit", f"{choice.index.tolist()}",
                              f"{np.asarray(ids).tolist()}: {objection}"))  # fmt: skip
    return Judgement(True, None, 0.0, len(choice.index), len(choice.index))
