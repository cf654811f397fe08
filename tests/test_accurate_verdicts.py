"""`accurate` without units through a whole search: right kernels survive, each that loses precision is falsified."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from harness.program.collection import load
from harness.search.engine import Search
from harness.search.outcome import FALSIFIED, SURVIVED, UNDECIDED, Outcome
from harness.subjects.subject import ModuleSubject
from tests.harness.program.large_result import with_claim
from tests.subjects.precision import RIGHT, WRONG, F, in_lanes

CONTRACT = """
metadata: {{id: product, version: 1.0.0, lifecycle: draft, title: t, references: [written for these tests]}}
dimensions: {{n: {{values: [{n}]}}, rows: {{values: [{rows}]}}}}
inputs:
  w: {{dtype: f32, shape: [rows, n], values: [{kind}]}}
  x: {{dtype: f32, shape: [n], values: [{kind}]}}
equations: {{{equations}}}
subjects:
  f: {{arguments: {{w: w, x: x}}, returns: {{y: {returned}}}}}
proof_obligations: [{{id: PRODUCT, type: equivalence, property: p}}]
falsification_tests:
  - {{id: FALSIFY-PRODUCT-001, discharges: [PRODUCT], rule: r, claim: "{claim}", if_fails: i}}
"""
PROMISED = "accurate(f().y, y)"


@pytest.fixture
def outcome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Searches 20 cases for a counterexample. How small it becomes is no question here."""
    monkeypatch.setattr("harness.search.engine.shrink", lambda case, judgement, *_: (case, judgement))

    def search(kernel: Any, equations: str = 'y: "w @ x"', claim: str = PROMISED, n: int = 2048, rows: int = 16,
               kind: str = "normal", cases: int = 20, returned: str = "y") -> Outcome:  # fmt: skip
        path = tmp_path / "product-v1.yaml"
        path.write_text(CONTRACT.format(equations=equations, claim=claim, n=n, rows=rows, kind=kind, returned=returned))
        (program,) = load((str(path),))
        subject = ModuleSubject("kernel", SimpleNamespace(f=lambda w, x: {"y": kernel(w, x)}))
        with np.errstate(all="ignore"):
            return Search(program, program.falsifiers[0], subject, cases).run()

    return search


@pytest.mark.parametrize("name", RIGHT)
def test_right_kernels_survive(outcome, name):
    found = outcome(RIGHT[name])
    assert found.verdict == SURVIVED, found.reason
    assert found.tally.judged > 0.99 * found.tally.entries


@pytest.mark.parametrize("name", WRONG)
def test_lost_precision_is_found_in_the_first_cases(outcome, name):
    assert outcome(WRONG[name]).verdict == FALSIFIED


@pytest.mark.parametrize("name", ["f16 partial sums", "tf32 inputs"])
def test_that_the_bound_admits_some_of_it(outcome, name):
    """On rows without zeros, which few terms would make sharp."""
    dense = 'y: "where(all(w * x != 0), w @ x, 0 * (w @ x))"'
    kernel = WRONG[name]

    def where_dense(w, x):
        return np.where((w * x != 0).all(), kernel(w, x), F(0) * in_lanes(w * x))

    assert outcome(where_dense, dense, "close(f().y, y)", cases=10).verdict == SURVIVED
    assert outcome(where_dense, dense, PROMISED, cases=10).verdict == FALSIFIED


def _softmax(z):
    powers = np.exp(z - z.max())
    return powers / powers.sum(dtype=F)


def _two_layers(w, x):
    h = np.tanh(F(0.02) * in_lanes(w * x))
    return in_lanes(w[:, : len(h)] * h)


def _rms_norm(x, weight):
    return x / np.sqrt(np.mean(x * x, -1, dtype=F, keepdims=True) + F(1e-6)) * weight


@pytest.mark.parametrize(
    ("equations", "kernel"),
    [
        ('y: "exp(0.01 * (w @ x))"', lambda w, x: np.exp(F(0.01) * in_lanes(w * x))),
        ('y: "softmax(w @ x)"', lambda w, x: _softmax(in_lanes(w * x))),
        ('y: "sum(w, 1) / n"', lambda w, x: w.sum(1, dtype=F) / F(w.shape[1])),
        ('h: "stored(tanh(0.02 * (w @ x)))", y: "w[:, :rows] @ h"', _two_layers),
        ('y: "rms_norm(x[None] + w, x, 1e-6)[:, 0]"', lambda w, x: _rms_norm(x + w, x)[:, 0]),
        ('chosen: "top_k(w @ x, 3)", y: "(w @ x)[chosen]"', lambda w, x: np.sort(in_lanes(w * x))[: -4 : -1]),
    ],
)  # fmt: skip
def test_equations_of_other_kinds(outcome, equations, kernel):
    assert outcome(kernel, equations, n=512, cases=10).verdict == SURVIVED
    assert outcome(lambda w, x: kernel(w, x) * F(1.01), equations, n=512, cases=10).verdict == FALSIFIED


def test_beside_other_claims(outcome):
    claim = f"close(f().y, y) and {PROMISED} and finite(f().y)"
    assert outcome(RIGHT["lanes"], claim=claim, cases=5).verdict == SURVIVED
    assert outcome(WRONG["tf32 inputs"], claim=claim).verdict == FALSIFIED


def test_what_rounds_the_same_again_and_again_is_not_judged(outcome):
    """Every entry is the same: the model does not hold, and nothing is said of any kernel."""
    equal = 'one: "0.7 + 0 * w", y: "sum(stored(one), 1)"'
    found = outcome(lambda w, x: np.full(len(w), F(0.7) * w.shape[1]), equal, n=16384, rows=2, cases=3)
    assert found.verdict == UNDECIDED and "rounding errors repeat" in found.reason + str(found.tally.doubts)


@pytest.mark.parametrize("narrow", ["bf16", "f16"])
def test_results_in_narrow_formats_are_what_the_promise_is_rounded_to(outcome, narrow):
    """Half of bf16's last place would hide a float32 error of any kernel; the interval of one number does not."""
    from harness.language.dtypes import DTYPES

    kept = DTYPES[narrow].numpy
    right = lambda w, x: (in_lanes(w * x) * F(0.001)).astype(kept)  # noqa: E731
    equations, returned = 'y: "0.001 * (w @ x)"', f"{{equation: y, dtype: {narrow}}}"
    assert outcome(right, equations, returned=returned).verdict == SURVIVED
    for name in ("int8 activations", "bf16 accumulators", "f16 partial sums"):
        wrong = lambda w, x, name=name: (WRONG[name](w, x) * F(0.001)).astype(kept)  # noqa: E731
        assert outcome(wrong, equations, returned=returned).verdict == FALSIFIED, name


@pytest.mark.parametrize(("times", "verdict"), [(F(1), SURVIVED), (F(1.001), FALSIFIED)])
def test_of_rows_that_a_claim_reads_those_are_promised(monkeypatch, times, verdict):
    monkeypatch.setattr("harness.search.engine.shrink", lambda case, judgement, *_: (case, judgement))
    program = with_claim("accurate(head().out[sample], out[sample])")

    def head(w, b, x):
        out = (w * b * x).sum(1, dtype=F)
        return {"hidden": w * b, "out": out * times, "total": out.sum(dtype=F)}

    with np.errstate(all="ignore"):
        found = Search(program, program.falsifiers[0], ModuleSubject("head", SimpleNamespace(head=head)), 6).run()
    assert found.verdict == verdict, found.reason
