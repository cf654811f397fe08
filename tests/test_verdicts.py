"""Verdicts on implementations whose truth is known: correct variants survive, faulty ones are falsified.

The two laws of the harness, tested on the contracts of this repository and on an implementation that shares no code
with it (tests/subjects). Each test runs only the falsifiers that have something to say.
"""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from harness.program.collection import load
from harness.search.engine import Search
from harness.search.outcome import FALSIFIED, SURVIVED, UNDECIDED, Outcome
from harness.subjects.subject import ModuleSubject
from tests.subjects import correct, faulty, orders

ROOT = Path(__file__).parent.parent
CORRECT_CASES = 25
GRID_CASES = 4  # for each of 22 implementations
FAULTY_CASES = 200  # the ci profile

PRODUCTS = ("BLOCKS-003", "BLOCKS-004", "BLOCKS-007", "BLOCKS-012", "SWIGLU-002")
INT8 = ("BLOCKS-008",)
ROUTERS = ("MOE-ROUTER-001", "MOE-ROUTER-002", "MOE-ROUTER-005", "MOE-ROUTER-007", "MOE-ROUTER-015", "QW3-MOE-002")
ACTIVATIONS = ("SWIGLU-001", "SWIGLU-002", "SWIGLU-011")
LAYERS = ("QW3-MOE-001", "QW3-MOE-002", "QW3-MOE-003", "QW3-MOE-005")
GROUPS = (
    (correct.PRODUCTS, PRODUCTS),
    (correct.INT8, INT8),
    (correct.ROUTERS, ROUTERS),
    (correct.ACTIVATIONS, ACTIVATIONS),
    (correct.LAYERS, LAYERS),
    (correct.THROUGHOUT, (*PRODUCTS, *INT8, *ROUTERS, *ACTIVATIONS, *LAYERS)),
)


@cache
def falsifiers() -> dict[str, tuple]:
    """Program and falsifier by id without "FALSIFY-"."""
    programs = load((str(ROOT / "contracts"),))
    return {
        part.source.id.removeprefix("FALSIFY-"): (program, part) for program in programs for part in program.falsifiers
    }


def tried(variant: type, falsifier: str, cases: int) -> Outcome:
    return Search(*falsifiers()[falsifier], ModuleSubject(variant.__name__, variant()), cases).run()


@pytest.mark.usefixtures("quick_shrink")
@pytest.mark.parametrize("variant", correct.VARIANTS, ids=lambda variant: variant.__name__)
def test_correct_variant_survives(variant: type) -> None:
    survives(variant, CORRECT_CASES)


@pytest.mark.series
@pytest.mark.usefixtures("quick_shrink")
@pytest.mark.parametrize("variant", correct.VARIANTS, ids=lambda variant: variant.__name__)
def test_correct_variant_survives_a_whole_run(variant: type) -> None:
    survives(variant, FAULTY_CASES)


def survives(variant: type, cases: int) -> None:
    wanted = dict.fromkeys(name for variants, names in GROUPS if variant in variants for name in names)
    assert wanted
    for falsifier in wanted:
        outcome = tried(variant, falsifier, cases)
        assert outcome.verdict == SURVIVED, (falsifier, outcome.reason, outcome.counterexample)


@pytest.mark.usefixtures("quick_shrink")
@pytest.mark.parametrize("name", orders.GRID)
def test_every_order_of_summation_survives(name: str) -> None:
    for falsifier in (*PRODUCTS, "MOE-ROUTER-001", "MOE-ROUTER-015", *LAYERS):
        outcome = tried(orders.GRID[name], falsifier, GRID_CASES)
        # so few cases may be open by more than a contract admits
        assert outcome.verdict in (SURVIVED, UNDECIDED), (falsifier, outcome.reason, outcome.counterexample)
        assert outcome.tally.undecided < outcome.tally.cases


def test_the_grid_is_complete_and_its_members_differ() -> None:
    assert len(orders.GRID) == 5 * 2 * 2 + 2
    rng = np.random.default_rng(0)
    raw = rng.integers(0, 256, (4, 4 * 144), np.uint8)
    raw.reshape(4, 4, 144)[..., :4] = np.frombuffer(np.array([1e-3, 1e-3], "<f2").tobytes(), np.uint8)
    x = rng.standard_normal(1024).astype(np.float32)
    sums = {name: kind().row_products(tensor=("q4_k", (4, 1024), raw.tobytes()), x=x)["products"]
            for name, kind in orders.GRID.items()}  # fmt: skip
    assert len({tuple(one.tolist()) for one in sums.values()}) >= 20  # float64 hides most of what differs before it
    exact = sums["Float64OnceDense"].astype(np.float64)
    assert all(np.abs(one - exact).max() < 1e-4 * np.abs(exact).max() for one in sums.values())


KNOWN_TO_DIE = [variant for variant in faulty.VARIANTS if variant.by]


@pytest.mark.usefixtures("quick_shrink")
@pytest.mark.parametrize("variant", KNOWN_TO_DIE, ids=lambda variant: variant.__name__)
def test_faulty_variant_is_falsified(variant: type[faulty.Faulty]) -> None:
    verdicts = {}
    for falsifier in variant.by:
        outcome = tried(variant, falsifier, FAULTY_CASES)
        verdicts[falsifier] = f"{outcome.verdict} {outcome.reason}"
        if outcome.verdict == FALSIFIED:
            shown = outcome.counterexample
            assert shown is not None
            assert shown["falsifier"] == f"FALSIFY-{falsifier}"
            assert shown["inputs"]
            assert shown["dimensions"]
            evidence = shown["evidence"]
            assert evidence["reason"]
            assert evidence["reason"] in outcome.reason
            assert evidence["expected"] != evidence["got"]
            return
    pytest.fail(f"{variant.__doc__} survived: {verdicts}")


# --- the command line ----------------------------------------------------------------------------------------------


def harness(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "harness", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "select"),
    [
        ("Int8Activations", "FALSIFY-BLOCKS-004"),
        ("Gelu", "FALSIFY-SWIGLU-002"),
        ("LastMinimumDropped", "FALSIFY-BLOCKS-001"),
    ],
)
def test_fault_is_reported_stored_and_replayed(fault: str, select: str, tmp_path: Path) -> None:
    subject = f"tests.subjects.faulty:{fault}"
    run = harness("run", "--subject", subject, "--select", select, "--jobs", "1", "--report", tmp_path)
    assert run.returncode == 1, run.stdout + run.stderr
    assert "FALSIFIED" in run.stdout
    assert select in run.stdout
    (case,) = (tmp_path / "cases").rglob("*.json")
    assert json.loads(case.read_text())["falsifier"] == select

    again = harness("replay", case, "--subject", subject)
    assert (again.returncode, again.stdout.split(":")[0]) == (1, "FALSIFIED"), again.stdout + again.stderr
    repaired = harness("replay", case, "--subject", "tests.subjects.plain:Plain")
    assert (repaired.returncode, repaired.stdout.split(":")[0]) == (0, "SURVIVED"), repaired.stdout + repaired.stderr


def test_correct_subject_exits_with_zero(tmp_path: Path) -> None:
    run = harness("run", "--subject", "tests.subjects.plain:Plain", "--select", "expert-slices", "--cases", "10",
                  "--jobs", "1", "--report", tmp_path)  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert "SURVIVED" in run.stdout
    assert not list(tmp_path.rglob("FALSIFY-*.json"))


# --- a kind of values that no kernel above is wrong on --------------------------------------------------------------

LAYER_NORM = """
metadata: {id: layer-norm, version: 1.0.0, lifecycle: draft, title: Normalisation of rows, references: [none yet]}
dimensions: {rows: {min: 1, max: 4}, width: {values: [8, 33, 64]}}
inputs: {x: {dtype: f32, shape: [rows, width], values: [offset]}}
equations:
  centred: stored(x - mean(x, -1)[..., None])     # else the bound covers every distribution, the one-pass form too
  out: centred * rsqrt(mean(centred * centred, -1) + 1e-5)[..., None]
subjects: {norm: {arguments: {x: x}, returns: {out: out}}}
proof_obligations: [{id: NORM, type: equivalence, property: rows have mean zero and variance one}]
falsification_tests:
  - {id: FALSIFY-NORM-001, discharges: [NORM], rule: Rows are normalised, if_fails: Look at the variance.,
     claim: "close(norm().out, out)"}
"""


def layer_norm(x: np.ndarray) -> dict[str, np.ndarray]:
    centred = x - x.mean(-1, keepdims=True, dtype=np.float32)
    variance = (centred * centred).mean(-1, keepdims=True, dtype=np.float32)
    return {"out": centred / np.sqrt(variance + np.float32(1e-5))}


def layer_norm_in_one_pass(x: np.ndarray) -> dict[str, np.ndarray]:
    """The variance as the mean of squares less the square of the mean: right where the mean is small."""
    mean = x.mean(-1, keepdims=True, dtype=np.float32)
    variance = (x * x).mean(-1, keepdims=True, dtype=np.float32) - mean * mean
    return {"out": (x - mean) / np.sqrt(np.maximum(variance, 0) + np.float32(1e-5))}


@pytest.mark.parametrize(("kernel", "verdict"), [(layer_norm, SURVIVED), (layer_norm_in_one_pass, FALSIFIED)])
def test_a_mean_far_above_the_spread_tells_a_variance_in_one_pass(kernel: Any, verdict: str, tmp_path: Path) -> None:
    path = tmp_path / "layer-norm-v1.yaml"
    path.write_text(LAYER_NORM, encoding="utf-8")
    (program,) = load((str(path),))
    (falsifier,) = program.falsifiers
    with np.errstate(all="ignore"):
        outcome = Search(program, falsifier, ModuleSubject("norm", SimpleNamespace(norm=kernel)), FAULTY_CASES).run()
    assert outcome.verdict == verdict, outcome.reason
