"""Smaller still: after Hypothesis has found the simplest recipe, what does not matter in its arrays becomes zero.

The order: whole inputs first, then halves, quarters, ... down to single entries (delta debugging, Zeller and
Hildebrandt 2002), then the values that are left become 1. The claim must keep failing in the same way.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np

from harness.language.claims.judge import Judgement
from harness.language.packed import Packed
from harness.search.case import Case

SECONDS = 3.0
TRIALS = 400


def shrink(case: Case, judgement: Judgement, judge: Callable[[Case], Judgement]) -> tuple[Case, Judgement]:
    """The smallest case found within the budget that still fails for the same reason."""
    deadline = time.perf_counter() + SECONDS
    budget = TRIALS
    assert judgement.evidence is not None
    reason, stage = judgement.evidence.reason, judgement.evidence.stage

    def fails(candidate: Case) -> Judgement | None:
        nonlocal budget
        budget -= 1
        try:
            tried = judge(candidate)
        except Exception:
            return None  # a smaller case that breaks the evaluation is no counterexample
        same = tried.evidence is not None and (tried.evidence.reason, tried.evidence.stage) == (reason, stage)
        return tried if tried.holds is False and same else None

    progress = True
    while progress:
        progress = False
        for name in list(case.inputs):
            chunks = 1
            while budget > 0 and time.perf_counter() < deadline:
                smaller = None
                for candidate in _zeroed(case, name, chunks):
                    if budget <= 0 or time.perf_counter() > deadline:
                        break
                    tried = fails(candidate)
                    if tried is not None:
                        smaller, judgement = candidate, tried
                        break
                if smaller is not None:
                    case, progress = smaller, True
                    continue
                if chunks >= min(64, _parts(case.inputs[name])):
                    break
                chunks *= 2
    for name in list(case.inputs):
        if budget > 0 and time.perf_counter() < deadline:
            simple = _ones(case, name)
            tried = fails(simple) if simple is not None else None
            if tried is not None and simple is not None:
                case, judgement = simple, tried
    return case, judgement


def _parts(value: object) -> int:
    return int(np.prod(value.raw.shape[:-1])) if isinstance(value, Packed) else int(np.size(value))


def _zeroed(case: Case, name: str, chunks: int) -> Iterator[Case]:
    """The case with one of `chunks` parts of what is not zero in an input set to zero."""
    value = case.inputs[name]
    if isinstance(value, Packed):
        rows = value.raw.reshape(-1, value.raw.shape[-1])
        present = np.flatnonzero(rows.any(axis=1))
        for part in np.array_split(present, chunks):
            if len(part):
                raw = value.raw.copy()
                raw.reshape(-1, raw.shape[-1])[part] = 0
                yield case.with_input(name, Packed(value.format, value.shape, raw, value.label))
        return
    present = np.flatnonzero(value)
    for part in np.array_split(present, chunks):
        if len(part):
            smaller = value.copy()
            smaller.reshape(-1)[part] = 0
            yield case.with_input(name, smaller)


def _ones(case: Case, name: str) -> Case | None:
    value = case.inputs[name]
    if isinstance(value, Packed) or value.dtype.kind != "f":
        return None
    ones = np.where(value == 0, 0, np.copysign(1, value)).astype(value.dtype)
    return None if np.array_equal(ones, value) else case.with_input(name, ones)
