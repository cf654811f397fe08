"""What keeps a mutant from being told apart: the bound of a stage, and the equation in which that bound became wide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.judge.wide import WIDE
from harness.language.evaluate import Bindings
from harness.language.exact.choice import Choice
from harness.language.exact.region import Bounded
from harness.language.undecided import Undecided

# The exact values are float64: what differs by less (256 of its units) is another order of the same operations.
SAME = 2.0**-44


@dataclass(frozen=True)
class Hiding:
    """A stage that a mutant changes, and by how much: `share` of its bound; None where there is no distance.

    `equation`: the first one up to that stage whose bound is wide, else the stage. `width`: that bound over the values.
    """

    stage: str
    share: float | None
    equation: str
    width: float | None

    def told(self) -> str:
        """In words."""
        by = "" if self.share is None else f" by up to {self.share:.2g} of its bound"
        if self.width is None:
            return f"{self.stage} changes{by}, within the bounds of {self.equation}"
        wide = f"{self.width:.2g} times its values" if np.isfinite(self.width) else "infinite"
        return f"{self.stage} changes{by}; the bound of {self.equation} is {wide}"


def change_within(mutant: Any, right: Any) -> tuple[bool, float | None]:
    """Whether a mutant's value differs from the original's at all, and by what share of the bound at most."""
    if isinstance(right, Choice):
        index = mutant.index if isinstance(mutant, Choice) else np.asarray(mutant)
        return not np.array_equal(index, right.index), None
    if not isinstance(right, Bounded):
        return not np.array_equal(np.asarray(mutant), np.asarray(right)), None
    value = np.asarray(mutant.v if isinstance(mutant, Bounded) else mutant, np.float64)
    with np.errstate(all="ignore"):
        error = np.abs(value - right.v)
        changed = ~((error <= SAME * np.abs(right.v)) | (value == right.v) | (np.isnan(value) & np.isnan(right.v)))
        shares = np.where(changed & np.isfinite(right.bound()), error / right.bound(), 0.0)
    return bool(changed.any()), float(np.nan_to_num(shares.max(initial=0.0), nan=0.0))


def hiding(bindings: Bindings, stage: str, share: float | None, on_the_way: Iterable[str]) -> Hiding:
    """What hides a change of a stage; `on_the_way`: the equations up to that stage, in order of computation."""
    with np.errstate(all="ignore"):
        for name in on_the_way:
            width = width_of(bindings, name)
            if width is not None and width > WIDE:
                return Hiding(stage, share, name, width)
        return Hiding(stage, share, stage, width_of(bindings, stage))


def width_of(bindings: Bindings, name: str) -> float | None:
    """The bound of an equation over its values: the median of the one by the root mean square of the other.

    None where it has no bound (integers), no entries or no value.
    """
    try:
        value = bindings.value(name)
    except (ArithmeticError, LookupError, TypeError, ValueError, Undecided):
        return None
    if not isinstance(value, Bounded) or not value.v.size:
        return None
    bound = float(np.median(value.bound()))
    size = float(np.sqrt(np.mean(np.square(value.v[np.isfinite(value.v)])))) if np.isfinite(value.v).any() else 0.0
    if bound == 0:
        return 0.0
    return bound / size if size else float("inf")
