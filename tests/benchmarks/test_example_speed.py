"""The twins compute the rule that they stand for, and a short measurement ends in a table."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings

from benchmarks.example_twins import TWINS
from tests.example_kernels import NAMES, kernels, program

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "example_speed.py"
EXAMPLE = {part.source.id: name for name in NAMES for part in program(name).falsifiers}


def passes(falsifier: str, kernel: type, cases: int) -> bool:
    test = seed(1)(TWINS[falsifier](kernel()))
    checks = list(HealthCheck)
    test = settings(max_examples=cases, database=None, deadline=None, phases=[Phase.generate],
                    suppress_health_check=checks, report_multiple_bugs=False)(test)  # fmt: skip
    try:
        test()
    except AssertionError:
        return False
    return True


def test_twins_are_of_falsifiers_that_there_are() -> None:
    assert set(TWINS) <= set(EXAMPLE)
    assert len({EXAMPLE[name] for name in TWINS}) >= 12


@pytest.mark.parametrize("falsifier", TWINS)
def test_a_twin_passes_right_kernels(falsifier: str) -> None:
    assert all(passes(falsifier, kernel, 30) for kernel in kernels(EXAMPLE[falsifier]).RIGHT)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # a wrong kernel divides by zero
@pytest.mark.parametrize("falsifier", TWINS)
def test_a_twin_notices_a_wrong_kernel(falsifier: str) -> None:
    wrong = kernels(EXAMPLE[falsifier]).WRONG
    assert not all(passes(falsifier, kernel, 100) for kernel in wrong)


def test_a_measurement_is_a_table() -> None:
    command = [sys.executable, SCRIPT, "max-pool", "--rounds", "1", "--cases", "30"]
    ended = subprocess.run(command, check=True, capture_output=True, text=True, cwd=SCRIPT.parent.parent)
    head, rule, row, *rest = ended.stdout.splitlines()
    assert head.count("|") == rule.count("|") == row.count("|") == 6
    assert row.startswith("| MAX-POOL-001 | ")
    assert rest[-1].startswith("times the twin: ")


def test_text_that_no_falsifier_has() -> None:
    ended = subprocess.run([sys.executable, SCRIPT, "no-such"], check=False, capture_output=True, text=True)
    assert ended.returncode == 2
    assert "no falsifier of an example has 'no-such' in its id" in ended.stderr
    assert "Traceback" not in ended.stderr
