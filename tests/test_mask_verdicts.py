"""Verdicts on masked kernels: wrong ones are falsified whatever number fills what is masked, right ones never.

A filler far below all else used to widen the bounds of everything computed from it, until a kernel that forgot the mask
was within them.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from harness.program.collection import load
from harness.search.engine import Search
from harness.search.outcome import FALSIFIED, SURVIVED, Outcome
from harness.subjects.subject import ModuleSubject

CONTRACT = """
metadata: {{id: masked, version: 1.0.0, lifecycle: draft, title: t, references: [written for these tests]}}
dimensions: {{size: {{min: {least}, max: 6}}{width}}}
inputs: {{{inputs}}}
equations:
{equations}
subjects:
  f: {{arguments: {{{arguments}}}, returns: {{out: out}}}}
proof_obligations: [{{id: MASKED, type: equivalence, property: p}}]
falsification_tests:
  - {{id: FALSIFY-MASKED-001, discharges: [MASKED], rule: r, claim: "close(f().out, out)", if_fails: i}}
"""
VECTOR = {"x": "{dtype: f32, shape: [size]}"}
ATTENTION = {
    "q": "{dtype: f32, shape: [size, width], values: [zeros, integers, normal, heavy]}",
    "k": "{dtype: f32, shape: [size, width], values: [zeros, integers, normal, heavy]}",
    "v": "{dtype: f32, shape: [size, width], values: [integers, normal, heavy]}",
}
CASES = 120
NUMBERS = ("-1e9", "-1e11", "-1e30", "-3e38")
FILLERS = (*NUMBERS, "-inf")
F = np.float32
Array = Any


@pytest.fixture
def verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Searches a counterexample to `out` for a kernel. How small it becomes is no question here."""
    monkeypatch.setattr("harness.search.engine.shrink", lambda case, judgement, *_: (case, judgement))

    def search(kernel: Any, inputs: dict[str, str], least: int = 2, **equations: str) -> str:
        text = CONTRACT.format(
            least=least,
            width=", width: {min: 1, max: 3}" if inputs is ATTENTION else "",
            inputs=", ".join(f"{name}: {said}" for name, said in inputs.items()),
            equations="\n".join(f"  {name}: {said}" for name, said in equations.items()),
            arguments=", ".join(f"{name}: {name}" for name in inputs),
        )
        path = tmp_path / "masked-v1.yaml"
        path.write_text(text)
        (program,) = load((str(path),))
        subject = ModuleSubject("kernel", SimpleNamespace(f=lambda **given: {"out": kernel(**given)}))
        outcome: Outcome = Search(program, program.falsifiers[0], subject, CASES).run()
        return outcome.verdict

    return search


# --- softmax of one entry, all others masked ---------------------------------------------------------------------


@pytest.mark.parametrize("filler", FILLERS)
def test_a_softmax_that_forgot_its_mask(verdict: Any, filler: str) -> None:
    def uniform(x: Array) -> Array:
        return np.full(len(x), 1 / len(x), F)

    masked = f"where(arange(size) < 1, x, {filler})"
    assert verdict(uniform, VECTOR, masked=masked, out="softmax(masked)") == FALSIFIED


@pytest.mark.parametrize("filler", FILLERS)
def test_a_softmax_with_its_mask(verdict: Any, filler: str) -> None:
    def one_hot(x: Array) -> Array:
        return np.eye(1, len(x), dtype=F)[0]

    masked = f"where(arange(size) < 1, x, {filler})"
    assert verdict(one_hot, VECTOR, masked=masked, out="softmax(masked)") == SURVIVED


@pytest.mark.parametrize("filler", FILLERS)
def test_a_masked_softmax_written_out(verdict: Any, filler: str) -> None:
    masked = {"m": f"where(arange(size) < 2, x, {filler})", "e": "exp(m - max(m))", "out": "e / sum(e)"}

    def softmax(x: Array, seen: int = 2) -> Array:
        e = np.exp(np.where(np.arange(len(x)) < seen, x, -np.inf) - x[:seen].max())
        return (e / e.sum()).astype(F)

    assert verdict(softmax, VECTOR, **masked) == SURVIVED
    assert verdict(partial(softmax, seen=3), VECTOR, **masked) == FALSIFIED
    assert verdict(lambda x: np.full(len(x), 1 / len(x), F), VECTOR, **masked) == FALSIFIED


@pytest.mark.parametrize("filler", FILLERS)
def test_what_relu_cuts_off_does_not_matter(verdict: Any, filler: str) -> None:
    out = f"sum(relu(where(arange(size) < 2, x, {filler})))"
    assert verdict(lambda x: np.maximum(x[:2], 0).sum(dtype=F), VECTOR, out=out) == SURVIVED
    assert verdict(lambda x: np.maximum(x, 0).sum(dtype=F), VECTOR, out=out) == FALSIFIED


# --- a maximum over what is not masked ---------------------------------------------------------------------------


@pytest.mark.parametrize("filler", FILLERS)
def test_a_maximum_that_is_a_constant(verdict: Any, filler: str) -> None:
    out = f"max(where(arange(size) < 2, x, {filler}))"
    assert verdict(lambda x: F(12345), VECTOR, out=out) == FALSIFIED
    assert verdict(lambda x: x.max(), VECTOR, out=out) == FALSIFIED  # of the masked entries, too


@pytest.mark.parametrize("sign, function", [("-", "max"), ("", "min")])
def test_an_extreme_over_what_is_not_masked(verdict: Any, sign: str, function: str) -> None:
    for filler in FILLERS:
        out = f"{function}(where(arange(size) < 2, x, {sign}{filler.removeprefix('-')}))"
        assert verdict(lambda x: getattr(np, function)(x[:2]), VECTOR, out=out) == SURVIVED


# --- causal attention --------------------------------------------------------------------------------------------


def attention(q: Array, k: Array, v: Array, ahead: int = 0, filler: float = -np.inf) -> Array:
    """`ahead`: how many entries after its own a row sees."""
    scores = (q @ k.T).astype(F)
    seen = np.arange(len(k)) <= np.arange(len(q))[:, None] + ahead
    scores = np.where(seen, scores, F(filler))
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return (weights @ v / weights.sum(-1, keepdims=True)).astype(F)


def causal(filler: str, added: bool = False) -> dict[str, str]:
    seen = "arange(size)[None] <= arange(size)[..., None]"
    masked = f"scores + where({seen}, 0, {filler})" if added else f"where({seen}, scores, {filler})"
    return {"scores": "q @ transpose(k)", "masked": masked, "p": "softmax(masked)", "out": "p @ v"}


@pytest.mark.parametrize("filler, added", [(filler, False) for filler in FILLERS] + [("-inf", True), ("-1e30", True)])
def test_attention_that_looks_ahead(verdict: Any, filler: str, added: bool) -> None:
    assert verdict(partial(attention, ahead=1), ATTENTION, **causal(filler, added)) == FALSIFIED


@pytest.mark.parametrize("filler, added", [("-inf", False), ("-inf", True), ("-1e30", False), ("-1e30", True)])
def test_causal_attention_with_any_filler_of_its_own(verdict: Any, filler: str, added: bool) -> None:
    for own in (-np.inf, -1e30):
        assert verdict(partial(attention, filler=own), ATTENTION, **causal(filler, added)) == SURVIVED


@pytest.mark.parametrize("scale", ["/ 8", "* 0.3"])
def test_a_scale_behind_the_mask(verdict: Any, scale: str) -> None:
    equations = causal("-inf", added=True)
    equations["p"] = f"softmax(masked {scale})"
    factor = F(0.125 if "8" in scale else 0.3)

    def scaled(q: Array, k: Array, v: Array, ahead: int = 0) -> Array:
        return attention((q * factor).astype(F), k, v, ahead)

    assert verdict(scaled, ATTENTION, **equations) == SURVIVED
    assert verdict(partial(scaled, ahead=1), ATTENTION, **equations) == FALSIFIED
    assert verdict(attention, ATTENTION, **equations) == FALSIFIED


def test_a_row_of_which_nothing_is_left_is_not_judged(verdict: Any) -> None:
    """The sum is zero: NaN, zeros and uniform weights are all right; the other rows are judged as ever."""
    masked = causal("-inf") | {"masked": "where(arange(size)[None] < arange(size)[..., None], scores, -inf)"}
    rows = {"least": 6}  # one of six is fewer than the fifth that may be open
    for nothing in (np.nan, 0.0, 0.5):

        def kernel(given: Any, nothing: float = nothing, wrong: float = 0.0) -> Array:
            with np.errstate(invalid="ignore"):
                out = attention(**given, ahead=-1) + F(wrong)
            out[0] = nothing
            return out

        assert verdict(lambda **given: kernel(given), ATTENTION, **rows, **masked) == SURVIVED
        assert verdict(lambda **given: kernel(given, wrong=0.5), ATTENTION, **rows, **masked) == FALSIFIED


# --- infinities that are results ---------------------------------------------------------------------------------


def test_masked_scores_are_results_like_others(verdict: Any) -> None:
    out = "where(arange(size) < 1, x, -inf)"

    def masked(x: Array, filler: float = -np.inf) -> Array:
        return np.where(np.arange(len(x)) < 1, x, F(filler))

    assert verdict(masked, VECTOR, out=out) == SURVIVED
    for filler in (np.inf, np.nan, -3e38):
        assert verdict(partial(masked, filler=filler), VECTOR, out=out) == FALSIFIED
