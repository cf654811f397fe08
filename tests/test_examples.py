"""Contracts of other kernels (examples/): right kernels survive, kernels that are wrong in a plain way do not.

The kernels are written from the definitions that the contracts cite, and share no code with the harness.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.language.taken_rows import RowPlan
from harness.program.arithmetic import arithmetic_of
from harness.search.outcome import FALSIFIED, SURVIVED
from harness.search.trial import Trial
from harness.subjects.reference import Reference
from harness.teeth.cases import cases_of
from tests.example_kernels import NAMES, WITH_TORCH, kernels, outcomes, program


def pairs(side: str) -> list[object]:
    """Every kernel of a side, with the name of its example."""
    found = [(name, kernel) for name in NAMES for kernel in getattr(kernels(name), side)]
    return [pytest.param(name, kernel, id=f"{name}-{kernel.__name__}") for name, kernel in found]


@pytest.mark.parametrize("name", NAMES)
def test_an_example_has_two_right_kernels_and_four_wrong_ones_that_say_what_is_wrong(name: str) -> None:
    right, wrong = kernels(name).RIGHT, kernels(name).WRONG
    assert len(set(right)) >= 2 and len(set(wrong)) >= 4
    stories = {kernel.__dict__.get("__doc__") for kernel in wrong}
    assert None not in stories and len(stories) == len(wrong)


def test_torch_has_a_kernel_of_many_examples() -> None:
    assert set(WITH_TORCH) <= set(NAMES) and len(WITH_TORCH) >= 25


@pytest.mark.parametrize("name, kernel", pairs("RIGHT"))
def test_a_right_kernel_survives(name: str, kernel: type) -> None:
    for outcome in outcomes(name, kernel):
        assert outcome.verdict == SURVIVED, (outcome.falsifier, outcome.reason, outcome.counterexample)


@pytest.mark.usefixtures("quick_shrink")
@pytest.mark.parametrize("name, kernel", pairs("WRONG"))
def test_a_wrong_kernel_is_falsified(name: str, kernel: type) -> None:
    assert any(outcome.verdict == FALSIFIED for outcome in outcomes(name, kernel))


@pytest.mark.parametrize("name", ["output-head", "top-k-sampling"])
def test_by_rows_or_whole_the_verdict_of_a_case_is_the_same(name: str) -> None:
    """Of all contracts here, these take rows of an equation."""
    by_rows = program(name)
    assert any(by_rows.by_rows.of(index, by_rows.equations) for index in by_rows.by_rows.indices)
    whole = replace(by_rows, by_rows=RowPlan())
    for falsifier in by_rows.falsifiers:
        for case in cases_of(by_rows, falsifier, 25):
            trials = [Trial(part, falsifier, case, Reference(), arithmetic_of(part)) for part in (by_rows, whole)]
            judged, expected = [trial.judge() for trial in trials]
            assert (judged.holds, judged.judged, judged.entries) == (expected.holds, expected.judged, expected.entries)
