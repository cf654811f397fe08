"""Traces of kernels that keep wider values than they show: `stagewise` accuses some, `stagewise_rounded` none.

The attack of the derivation in docs/bound.md: kernels in float64 and with fused steps, on every kind of input.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from harness.program.collection import load
from harness.search.engine import Search
from harness.search.outcome import FALSIFIED, SURVIVED, Outcome
from harness.subjects.subject import ModuleSubject
from tests.subjects import wider
from tests.subjects.plain import Plain

ROOT = Path(__file__).parent.parent
CASES = 80
ROUNDED = ("SWIGLU-016", "QW3-MOE-029")
pytestmark = pytest.mark.usefixtures("quick_shrink")


@cache
def falsifiers() -> dict[str, tuple]:
    paths = tuple(str(ROOT / "contracts" / f"{name}-v2.yaml") for name in ("expert-swiglu", "qwen3-moe-ffn"))
    return {
        part.source.id.removeprefix("FALSIFY-"): (program, part)
        for program in load(paths)
        for part in program.falsifiers
    }


def tried(kind: type, falsifier: str) -> Outcome:
    return Search(*falsifiers()[falsifier], ModuleSubject(kind.__name__, kind()), CASES).run()


@pytest.mark.parametrize("falsifier", ROUNDED)
@pytest.mark.parametrize("kind", [Plain, wider.Float64Between, wider.FusedActivation, wider.HalfAUnitOff])
def test_a_right_kernel_survives_whatever_it_keeps(kind: type, falsifier: str) -> None:
    outcome = tried(kind, falsifier)
    assert outcome.verdict == SURVIVED, (outcome.reason, outcome.counterexample)
    assert 0 < outcome.tally.margin <= 1


def test_a_kernel_that_keeps_wider_values_is_accused_where_the_shown_ones_are_taken_for_them() -> None:
    assert tried(wider.Float64Between, "QW3-MOE-002").verdict == FALSIFIED
    assert tried(Plain, "QW3-MOE-002").verdict == SURVIVED


def test_a_wrong_kernel_is_falsified_although_it_keeps_wider_values() -> None:
    outcome = tried(wider.NormalisedTwice, "QW3-MOE-029")
    assert outcome.verdict == FALSIFIED and outcome.counterexample is not None
    assert outcome.counterexample["evidence"]["stage"] == "output"
