"""Shrinking of arrays: after Hypothesis has found the simplest recipe, entries that do not matter become zero.

Integers with a range become its low end; they and real numbers stay what their kind promises: of probabilities rows
become the simplest there are.
Whole inputs are tried first, then halves of each, quarters, ... down to single entries or blocks (delta debugging,
Zeller and Hildebrandt 2002); then the entries that are left become 1. The claim must keep failing in the same way, and
the falsifier must still apply to the smaller case: without its NaN, a case for a refusal of NaN shows nothing. The
budget counts trials, so that a run ends in the same case on every machine; the caller may say that it is spent before,
where the subject is slow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import numpy as np

from harness.judge.claims import Judgement
from harness.language.dtypes import is_real
from harness.language.packed import Packed
from harness.program.case import Case, Value

TRIALS = 600


class Spent(Exception):
    """No trial is left."""


def shrink(
    case: Case, judgement: Judgement, judge: Callable[[Case], Judgement], admits: Callable[[Case], bool],
    spent: Callable[[], bool] = lambda: False, may_be_drawn: Callable[[Case], bool] = lambda _: True,
    lows: Mapping[str, int] = MappingProxyType({}),
    simplest: Mapping[str, tuple[np.ndarray, ...]] = MappingProxyType({}),
) -> tuple[Case, Judgement]:  # fmt: skip
    """The smallest case found within the budget that still fails for the same reason, and that `admits` admits.

    `may_be_drawn`: asked before a case is judged. `lows`: the low ends of inputs with a range. `simplest`:
    of inputs that promise something of whole rows, arrays to try in the place of theirs.
    """
    smaller = _Shrinking(case, judgement, judge, admits, spent, may_be_drawn, lows)
    try:
        for name, arrays in simplest.items():
            smaller.replace(name, arrays)
        while smaller.zero():
            pass
        for name in case.inputs:
            smaller.simplify(name)
    except Spent:
        pass
    return smaller.case, smaller.judgement


class _Shrinking:
    """The smallest case so far, with its judgement and the trials that are left."""

    def __init__(
        self, case: Case, judgement: Judgement, judge: Callable[[Case], Judgement], admits: Callable[[Case], bool],
        spent: Callable[[], bool], may_be_drawn: Callable[[Case], bool], lows: Mapping[str, int],
    ) -> None:  # fmt: skip
        self.case, self.judgement, self.judge, self.admits, self.spent = case, judgement, judge, admits, spent
        self.may_be_drawn, self.lows = may_be_drawn, lows
        self.wanted = _failure(judgement)
        self.left = TRIALS

    def zero(self) -> bool:
        """Set to zero what does not matter, large pieces of every input before small ones; whether anything was."""
        progress = False
        parts = 1
        while parts // 2 < max((len(self._present(name)) for name in self.case.inputs), default=0):
            for name in self.case.inputs:
                while self._zero_piece(name, parts):
                    progress = True
            parts *= 2
        return progress

    def replace(self, name: str, arrays: tuple[np.ndarray, ...]) -> None:
        """Put the first of some arrays in the place of an input, whole or else by rows, that keeps the failure."""
        if any(self._fails(self.case.with_input(name, array)) for array in arrays):
            return
        rows = np.ndindex(self.case.inputs[name].shape[:-1]) if arrays else ()
        for row in rows:
            for array in arrays:
                value = self.case.inputs[name].copy()
                value[row] = array[row]
                if self._fails(self.case.with_input(name, value)):
                    break

    def _zero_piece(self, name: str, parts: int) -> bool:
        """Divide what is not zero in an input into `parts` pieces and set one of them to zero; whether one could be."""
        value = self.case.inputs[name]
        low = self.lows.get(name, 0)
        pieces = [piece for piece in np.array_split(self._present(name), parts) if len(piece)]
        return any(self._fails(self.case.with_input(name, _without(value, piece, low))) for piece in pieces)

    def _present(self, name: str) -> np.ndarray:
        return _present(self.case.inputs[name], self.lows.get(name, 0))

    def simplify(self, name: str) -> None:
        """Replace the numbers of an input by ones, or by ones with their signs."""
        for value in _simpler(self.case.inputs[name]):
            if self._fails(self.case.with_input(name, value)):
                return

    def _fails(self, candidate: Case) -> bool:
        """Whether the candidate fails in the same way; if so, it becomes the smallest case so far."""
        if not self.left or self.spent():
            raise Spent
        if not self.may_be_drawn(candidate):
            return False
        self.left -= 1
        try:
            judgement = self.judge(candidate)
        except Exception:
            return False  # a smaller case that breaks the evaluation is no counterexample
        if judgement.holds is not False or _failure(judgement) != self.wanted or not self.admits(candidate):
            return False
        self.case, self.judgement = candidate, judgement
        return True


def _failure(judgement: Judgement) -> tuple[str, str]:
    """What has to stay the same for a smaller case to fail in the same way: the reason and the stage."""
    assert judgement.evidence is not None
    return judgement.evidence.reason, judgement.evidence.stage


def _present(value: Value, low: int) -> np.ndarray:
    """The positions of what is not zero, or not the low end: entries of an array, blocks of a quantised tensor."""
    if isinstance(value, Packed):
        return np.flatnonzero(value.raw.reshape(-1, value.format.size).any(axis=1))
    return np.flatnonzero(value != low if low else value)


def _without(value: Value, piece: np.ndarray, low: int) -> Value:
    """The value with some of its entries set to zero, or to the low end, or some of its blocks to zero."""
    if isinstance(value, Packed):
        raw = value.raw.copy()
        raw.reshape(-1, value.format.size)[piece] = 0
        return Packed(value.format, value.shape, raw, value.label)
    smaller = value.copy()
    smaller.reshape(-1)[piece] = low
    return smaller


def _simpler(value: Value) -> Iterator[Value]:
    """The array with ones for its finite entries that are not zero: all positive, then with their signs."""
    if isinstance(value, Packed) or not is_real(value.dtype):
        return
    present = np.isfinite(value) & (value != 0)
    one = np.ones(value.shape, value.dtype)
    for ones in (one, np.copysign(one, value)):
        simple = np.where(present, ones, value)
        if not np.array_equal(simple, value):
            yield simple
