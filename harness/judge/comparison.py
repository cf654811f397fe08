"""What one comparison of a result with a value could notice: how wide its bound is, and which wrong results it admits.

A bound as large as the values admits nearly anything, and a claim that is judged by such bounds has shown nothing.
Nothing is evaluated again here: a result, a value and a bound have met, and are asked what else would have passed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from harness.judge.wide import DOUBLED, FOREIGN, LOST, MOVED, SCALED, WIDE, ZEROS
from harness.language.dtypes import Dtype
from harness.language.rounding import nearest, spacing

LEAST_SIZE = 2.0**-96  # of an rms: below, what underflows takes its share of the bound (docs/bound.md)
APART = 0.01  # of the rms: a decoy that is nowhere farther off is no wrong result, it is a small error


@dataclass(frozen=True, eq=False)
class Comparison:
    """A result, a value and a bound where they met, in float64 and of one shape; `stage`: what the value is called.

    `judged`: the elements that are held against the claim. `dtype`: the format of the result where it is
    narrower than that of the arithmetic: a wrong result would have been rounded to it, too.
    """

    got: np.ndarray
    value: np.ndarray
    bound: np.ndarray
    judged: np.ndarray
    stage: str = ""
    dtype: Dtype | None = None

    def of(self, stage: str) -> Comparison:
        return replace(self, stage=stage)

    @property
    def unjudged(self) -> int:
        """How many elements have no finite bound."""
        return int(self.judged.size - np.count_nonzero(self.judged))

    @cached_property
    def measured(self) -> np.ndarray:
        """Which elements are judged by a distance: an infinity and NaN have to be met."""
        return np.asarray(self.judged & np.isfinite(self.value) & np.isfinite(self.bound))

    @cached_property
    def sizes(self) -> np.ndarray:
        """The absolute values of the measured elements."""
        return np.asarray(np.abs(self._taken(self.value)))

    @cached_property
    def bounds(self) -> np.ndarray:
        """The bounds of the measured elements."""
        return self._taken(self.bound)

    def _taken(self, part: np.ndarray) -> np.ndarray:
        """The measured elements of an array, in one row; without a copy where that is all of them."""
        return np.ravel(part) if self.measured.all() else np.asarray(part[self.measured])

    @cached_property
    def rms(self) -> float:
        """The root mean square of the measured values."""
        if not self.sizes.size:
            return 0.0
        with np.errstate(all="ignore"):
            return math.sqrt(np.add.reduce(self.sizes * self.sizes) / self.sizes.size)  # np.mean, without its overhead

    @cached_property
    def width(self) -> float | None:
        """The median bound as a share of the rms.

        None where the values are zero or so small that underflow makes up the bound: that says nothing of the claim.
        """
        if not self.bounds.any():
            return 0.0
        if not self.rms >= LEAST_SIZE:
            return None
        return self.median_bound / self.rms

    @cached_property
    def median_bound(self) -> float:
        middle = self.bounds.size // 2
        return float(np.partition(self.bounds, middle)[middle])

    @property
    def lost(self) -> bool:
        """Whether the values are next to zero beside bounds that are not: x + 1e30 - 1e30."""
        return self.width is None and self.median_bound >= LEAST_SIZE

    @property
    def wide_elements(self) -> int:
        """How many judged elements have a bound that is too wide by itself; none where there is no width."""
        return 0 if self.width is None else int(np.count_nonzero(self.bounds > WIDE * self.rms))

    @cached_property
    def sharpness(self) -> float | None:
        """The least s for which a result that is too large by the factor 1 + s leaves its bound in some element."""
        if self.width is None:
            return None
        present = self.sizes > 0
        room = self.bounds if self.dtype is None else self.bounds + spacing(self.sizes, self.dtype.numbers) / 2
        with np.errstate(all="ignore"):
            shares = room / self.sizes if present.all() else room[present] / self.sizes[present]
        return float(shares.min()) if shares.size else 0.0

    def decoys(self, other: np.ndarray | None = None) -> list[tuple[str, bool]]:
        """Wrong results by name, each with whether it would have been admitted. `other`: the result of another case.

        Asked are those that are off by more than APART of the rms in a judged element. A bound that is too wide is not
        asked: that it admits wrong results is known.
        """
        if self.width is None or self.width > WIDE:
            return []
        asked = []
        with np.errstate(all="ignore"):
            for name, made in self._made(other):
                decoy = made if self.dtype is None else nearest(made, self.dtype.numbers)
                off = np.abs(decoy - self.value)[self.measured]
                if not (off <= APART * self.rms).all():  # NaN is as far off as can be
                    asked.append((name, bool((off <= self.bounds).all())))
        return asked

    def _made(self, other: np.ndarray | None) -> Iterator[tuple[str, np.ndarray]]:
        value = self.value
        yield ZEROS, np.zeros_like(value)
        yield SCALED, value * (1 + APART)
        if value.size > 1:
            yield MOVED, np.roll(value, 1)
            yield LOST, _with_last(value, 0.0)
            yield DOUBLED, _with_last(value, value.flat[-2])
        if other is not None and other.shape == value.shape:
            yield FOREIGN, other


def width(value: np.ndarray, bound: np.ndarray) -> float | None:
    """The width of a bound where no result is compared; None where no element has a finite one."""
    judged = np.isfinite(value) & np.isfinite(bound)
    return Comparison(value, value, np.asarray(bound), judged).width if judged.any() else None


def _with_last(value: np.ndarray, last: float) -> np.ndarray:
    changed = value.copy()
    changed.flat[-1] = last
    return changed
