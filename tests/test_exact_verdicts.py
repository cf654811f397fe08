"""Verdicts where exact evaluation once was too narrow, or decided nothing: right kernels survive, wrong ones do not.

The kernels are written from the definitions, in NumPy and in loops, and share no code with the harness.
"""

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

CONTRACT = """
metadata: {{id: exact, version: 1.0.0, lifecycle: draft, title: t, references: [written for these tests]}}
dimensions: {{{dimensions}}}
inputs: {{{inputs}}}
equations:
{equations}
subjects:
  f: {{arguments: {{{arguments}}}, returns: {{out: out}}}}
proof_obligations: [{{id: EXACT, type: equivalence, property: p}}]
falsification_tests:
  - {{id: FALSIFY-EXACT-001, discharges: [EXACT], rule: r, claim: "{claim}", if_fails: i}}
"""
CASES = 120
F = np.float32
Array = Any


@pytest.fixture
def outcome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Searches a counterexample to `out` for a kernel. How small it becomes is no question here."""
    monkeypatch.setattr("harness.search.engine.shrink", lambda case, judgement, *_: (case, judgement))

    def search(kernel: Any, dimensions: str, inputs: dict[str, str], claim: str, **equations: str) -> Outcome:
        names = [*(part.split(":")[0].strip() for part in dimensions.split("},")), *inputs]
        text = CONTRACT.format(
            dimensions=dimensions, claim=claim,
            inputs=", ".join(f"{name}: {said}" for name, said in inputs.items()),
            equations="\n".join(f'  {name}: "{said}"' for name, said in equations.items()),
            arguments=", ".join(f"{name}: {name}" for name in names),
        )  # fmt: skip
        path = tmp_path / "exact-v1.yaml"
        path.write_text(text)
        (program,) = load((str(path),))
        subject = ModuleSubject("kernel", SimpleNamespace(f=lambda **given: {"out": kernel(**given)}))
        return Search(program, program.falsifiers[0], subject, CASES).run()

    return search


# --- experts of the best groups, as DeepSeek chooses them ----------------------------------------------------------

GROUPED = {
    "dimensions": "groups: {values: [2, 4, 8]}, size: {values: [2, 4]}, kept: {min: 1, max: groups}, "
                  "k: {min: 1, max: kept * size}",
    "inputs": {"logits": "{dtype: f32, shape: [groups * size]}"},
    "claim": "admissible(f().out, out)",
    "scores": "sigmoid(logits)",
    "best": "max(reshape(scores, groups, size), -1)",
    "chosen": "top_k(best, kept)",
    "among": "sum(where(arange(groups)[:, None] == chosen[None], 1, 0), -1)",
    "inside": "where((among > 0)[:, None], reshape(scores, groups, size), -inf)",
    "out": "top_k(reshape(inside, groups * size), k)",
}  # fmt: skip


def grouped(logits: Array, groups: int, size: int, kept: int, k: int, more: int = 0, mean: bool = False) -> Array:
    with np.errstate(over="ignore"):
        scores = (F(1) / (F(1) + np.exp(-logits))).reshape(groups, size)
    best = scores.mean(-1) if mean else scores.max(-1)
    chosen = sorted(range(groups), key=lambda group: (-best[group], group))[: kept + more]
    experts = [group * size + place for group in chosen for place in range(size)]
    return np.array(sorted(experts, key=lambda expert: (-scores.flat[expert], expert))[:k], np.int64)


def test_experts_of_the_best_groups(outcome: Any) -> None:
    right = outcome(grouped, **GROUPED)
    assert (right.verdict, right.reason) == (SURVIVED, "") and right.tally.undecided <= CASES * 0.02
    assert outcome(lambda **given: grouped(**given, more=1), **GROUPED).verdict == FALSIFIED
    assert outcome(lambda **given: grouped(**given, mean=True), **GROUPED).verdict == FALSIFIED


# --- the first of equal values --------------------------------------------------------------------------------------


def test_of_equal_values_the_first(outcome: Any) -> None:
    told = {"dimensions": "n: {min: 2, max: 9}", "inputs": {"x": "{dtype: f32, shape: [n]}"},
            "claim": "admissible(f().out, out)", "out": "top_k(x, 1)"}  # fmt: skip
    assert outcome(lambda x, n: np.array([np.argmax(x)]), **told).verdict == SURVIVED
    assert outcome(lambda x, n: np.array([n - 1 - np.argmax(x[::-1])]), **told).verdict == FALSIFIED


# --- integers beyond 64 bits ----------------------------------------------------------------------------------------

SHIFTED = {
    "dimensions": "n: {min: 1, max: 4}", "inputs": {"x": "{dtype: u8, shape: [n]}", "by": "{dtype: u8, shape: [n]}"},
    "claim": "identical(f().out, out)",
}  # fmt: skip


def test_integers_inside_64_bits(outcome: Any) -> None:
    told = {**SHIFTED, "out": "x << (by % 55)"}
    assert outcome(lambda x, by, n: x.astype(np.int64) << (by % 55).astype(np.int64), **told).verdict == SURVIVED
    assert outcome(lambda x, by, n: x.astype(np.int32) << (by % 55).astype(np.int32), **told).verdict == FALSIFIED


def test_integers_beyond_64_bits_are_undecided_by_name(outcome: Any) -> None:
    told = {**SHIFTED, "out": "(x + 1) << (by % 128)"}
    found = outcome(lambda x, by, n: np.zeros(n, np.int64) + x + 1, **{**told, "out": "(x + 1) << (64 + by * 0)"})
    assert found.verdict == UNDECIDED and "a << b leaves the integers of 64 bits" in found.reason


# --- the logarithm of a sum of powers -------------------------------------------------------------------------------

ROWS = {"dimensions": "rows: {min: 1, max: 3}, n: {values: [1, 2, 9, 65]}",
        "inputs": {"x": "{dtype: f32, shape: [rows, n]}"}, "claim": "close(f().out, out)"}  # fmt: skip
WRITTEN = {
    "whole": {"out": "x - log(sum(exp(x), -1))[:, None]"},
    "shifted": {"z": "x - max(x, -1)[:, None]", "out": "z - log(sum(exp(z), -1))[:, None]"},
}


def log_softmax(x: Array, rows: int, n: int, at_once: bool = False, base: Any = np.log) -> Array:
    top = x.max(-1, keepdims=True)
    z = x - top
    log = base(np.exp(z).sum(-1, keepdims=True, dtype=F))
    return x - (top + log) if at_once else z - log


@pytest.mark.parametrize("written", WRITTEN)
def test_log_softmax(outcome: Any, written: str) -> None:
    told = {**ROWS, **WRITTEN[written]}
    for at_once in (False, True):
        right = outcome(lambda at_once=at_once, **given: log_softmax(**given, at_once=at_once), **told)
        assert right.verdict == SURVIVED and right.tally.undecided == 0
    assert outcome(lambda **given: log_softmax(**given, base=np.log2), **told).verdict == FALSIFIED
    with np.errstate(all="ignore"):
        plain = outcome(lambda x, **_: x - np.log(np.exp(x).sum(-1, keepdims=True, dtype=F)), **told)
    assert plain.verdict == FALSIFIED  # it overflows


# --- means over a mask, and places in a grid ------------------------------------------------------------------------


def running_mean(x: Array, mask: Array, n: int) -> Array:
    mean = F(0)
    for count, entry in enumerate(x[mask % 2 == 1], 1):
        mean = F(mean + F(entry - mean) / F(count))
    return np.array([mean], F)


def test_a_running_mean_over_a_mask(outcome: Any) -> None:
    told = {
        "dimensions": "n: {min: 1, max: 40}", "claim": "close(f().out, out)",
        "inputs": {"x": "{dtype: f32, shape: [n]}", "mask": "{dtype: u8, shape: [n]}"},
        "kept": "where(mask % 2 == 1, 1, 0)",
        "out": "reshape(sum(kept * where(mask % 2 == 1, x, 0)), 1) / max(concat(reshape(sum(kept), 1), arange(1) + 1))",
    }  # fmt: skip
    assert outcome(running_mean, **told).verdict == SURVIVED
    assert outcome(lambda x, mask, n: np.array([x.mean(dtype=F)]), **told).verdict == FALSIFIED


def test_the_groups_of_a_grid(outcome: Any) -> None:
    told = {
        "dimensions": "g: {min: 1, max: 4}, p: {min: 1, max: 3}", "claim": "identical(f().out, out)",
        "inputs": {"table": "{dtype: f32, shape: [g, p]}"},
        "out": "table[(arange(g * p) // p)[:, None], arange(p)[None]]",
    }  # fmt: skip
    assert outcome(lambda table, g, p: np.repeat(table, p, 0), **told).verdict == SURVIVED
    assert outcome(lambda table, g, p: np.tile(table, (p, 1)), **told).verdict == FALSIFIED
