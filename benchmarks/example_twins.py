"""What one would write without a contract: examples as plain Hypothesis tests, each the twin of one falsifier.

A twin draws the dimensions that its contract names, and a seed; NumPy makes the arrays; the value is computed in
float64 and compared by `assert_allclose`. It tries normal numbers alone, with a tolerance chosen by hand: it is here
for its speed (benchmarks/example_speed.py).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import ml_dtypes
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

F, D = np.float32, np.float64
BF16 = ml_dtypes.bfloat16
SEEDS = st.integers(0, 2**32 - 1)
EXPERTS = st.sampled_from([1, 2, 4, 16])
Kernel = Any  # an object whose methods are the contract's functions
Test = Callable[[], None]
TWINS: dict[str, Callable[[Kernel], Test]] = {}  # by the id of the falsifier


def of(falsifier: str) -> Callable[[Callable[[Kernel], Test]], Callable[[Kernel], Test]]:
    """Enter the twin of a falsifier in the table."""

    def entered(twin: Callable[[Kernel], Test]) -> Callable[[Kernel], Test]:
        TWINS[falsifier] = twin
        return twin

    return entered


def normal(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return rng.standard_normal(shape).astype(F)


def close(got: np.ndarray, expected: np.ndarray) -> None:
    assert_allclose(got, expected, rtol=1e-4, atol=1e-5)


def softmax(x: np.ndarray) -> np.ndarray:
    powers = np.exp(x - x.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def centred(x: np.ndarray) -> np.ndarray:
    less = x - x.mean(-1, keepdims=True)
    return less / np.sqrt((less * less).mean(-1, keepdims=True) + 1e-5)


@of("FALSIFY-RMS-NORM-001")
def rms_norm(kernel: Kernel) -> Test:
    @given(width=st.sampled_from([1, 2, 3, 8, 31, 64, 130]), seed=SEEDS)
    def test(width: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        x, weight = normal(rng, width), normal(rng, width)
        wide = x.astype(D)
        close(kernel.normalise(x=x, weight=weight)["out"], wide / np.sqrt(np.mean(wide * wide) + 1e-6) * weight)

    return test


@of("FALSIFY-BF16-RMS-NORM-001")
def bf16_rms_norm(kernel: Kernel) -> Test:
    @given(
        rows=st.integers(1, 3),
        width=st.sampled_from([1, 2, 3, 8, 31, 64, 130]),
        dtype=st.sampled_from([BF16, np.float16]),
        seed=SEEDS,
    )
    def test(rows: int, width: int, dtype: Any, seed: int) -> None:
        rng = np.random.default_rng(seed)
        x, weight = normal(rng, rows, width).astype(dtype), normal(rng, width).astype(BF16)
        wide = x.astype(D)
        expected = wide / np.sqrt((wide * wide).mean(-1, keepdims=True) + 1e-6) * weight.astype(D)
        assert_allclose(kernel.normalise(x=x, weight=weight)["out"].astype(D), expected, rtol=1e-2, atol=1e-2)

    return test


@of("FALSIFY-LAYER-NORM-001")
def layer_norm(kernel: Kernel) -> Test:
    @given(rows=st.integers(1, 3), width=st.sampled_from([2, 3, 8, 31, 64, 100]), seed=SEEDS)
    def test(rows: int, width: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        x, weight, bias = normal(rng, rows, width), normal(rng, width), normal(rng, width)
        close(kernel.normalise(x=x, weight=weight, bias=bias)["out"], centred(x.astype(D)) * weight + bias)

    return test


@of("FALSIFY-GROUP-NORM-001")
def group_norm(kernel: Kernel) -> Test:
    @given(groups=st.integers(1, 4), per=st.integers(2, 4), seed=SEEDS)
    def test(groups: int, per: int, seed: int) -> None:
        x = normal(np.random.default_rng(seed), groups, per, per)
        expected = centred(x.astype(D).reshape(groups, per * per)).reshape(x.shape)
        close(kernel.normalise(x=x)["out"], expected)

    return test


@of("FALSIFY-ROW-SOFTMAX-001")
def row_softmax(kernel: Kernel) -> Test:
    @given(rows=st.integers(1, 4), columns=st.sampled_from([1, 2, 3, 7, 16, 33, 64, 65]), seed=SEEDS)
    def test(rows: int, columns: int, seed: int) -> None:
        x = normal(np.random.default_rng(seed), rows, columns)
        close(kernel.normalise(x=x)["probabilities"], softmax(x.astype(D)))

    return test


@of("FALSIFY-CAUSAL-SOFTMAX-001")
def causal_softmax(kernel: Kernel) -> Test:
    @given(tokens=st.sampled_from([1, 2, 3, 5, 8, 17, 33]), seed=SEEDS)
    def test(tokens: int, seed: int) -> None:
        scores = normal(np.random.default_rng(seed), tokens, tokens)
        seen = np.arange(tokens)[:, None] >= np.arange(tokens)
        close(kernel.attend(scores=scores)["probabilities"], softmax(np.where(seen, scores.astype(D), -np.inf)))

    return test


@of("FALSIFY-CAUSAL-ATTENTION-001")
def causal_attention(kernel: Kernel) -> Test:
    @given(tokens=st.sampled_from([1, 2, 3, 7, 16, 40]), width=st.sampled_from([1, 4, 16]), seed=SEEDS)
    def test(tokens: int, width: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        q, k, v = (normal(rng, tokens, width) for _ in range(3))
        scores = q.astype(D) @ k.T.astype(D) / np.sqrt(width)
        seen = np.arange(tokens)[:, None] >= np.arange(tokens)
        close(kernel.attend(q=q, k=k, v=v)["out"], softmax(np.where(seen, scores, -np.inf)) @ v)

    return test


@of("FALSIFY-WINDOW-ATTENTION-001")
def window_attention(kernel: Kernel) -> Test:
    @given(
        tokens=st.sampled_from([1, 2, 5, 9, 20]),
        window=st.sampled_from([1, 2, 4, 8]),
        width=st.sampled_from([1, 4]),
        seed=SEEDS,
    )
    def test(tokens: int, window: int, width: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        q, k, v = (normal(rng, tokens, width) for _ in range(3))
        scores = q.astype(D) @ k.T.astype(D) / np.sqrt(width)
        back = np.arange(tokens)[:, None] - np.arange(tokens)
        seen = (back >= 0) & (back < window)
        got = kernel.attend(q=q, k=k, v=v, window=window)["out"]
        close(got, softmax(np.where(seen, scores, -np.inf)) @ v)

    return test


@of("FALSIFY-SWIGLU-001")
def swiglu(kernel: Kernel) -> Test:
    @given(tokens=st.integers(1, 3), width=st.sampled_from([1, 4, 7, 16, 33]), seed=SEEDS)
    def test(tokens: int, width: int, seed: int) -> None:
        both = normal(np.random.default_rng(seed), tokens, 2 * width)
        gate, up = both[:, :width].astype(D), both[:, width:].astype(D)
        close(kernel.activate(both=both)["out"], gate * sigmoid(gate) * up)

    return test


@of("FALSIFY-GELU-GATE-001")
def gelu_gate(kernel: Kernel) -> Test:
    @given(width=st.sampled_from([1, 4, 7, 33]), seed=SEEDS)
    def test(width: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        x, gate = normal(rng, width), normal(rng, width)
        wide = x.astype(D)
        inner = 0.7978845608028654 * (wide + 0.044715 * wide**3)
        close(kernel.activate(x=x, gate=gate)["out"], 0.5 * wide * (1 + np.tanh(inner)) * gate)

    return test


@of("FALSIFY-LINEAR-001")
def linear(kernel: Kernel) -> Test:
    @given(
        tokens=st.integers(1, 4),
        inner=st.sampled_from([1, 3, 8, 33, 128]),
        outer=st.sampled_from([1, 2, 5, 16]),
        seed=SEEDS,
    )
    def test(tokens: int, inner: int, outer: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        x, w, bias = normal(rng, tokens, inner), normal(rng, outer, inner), normal(rng, outer)
        close(kernel.project(x=x, weights=w, bias=bias)["out"], x.astype(D) @ w.T.astype(D) + bias)

    return test


@of("FALSIFY-BF16-MATMUL-001")
def bf16_matmul(kernel: Kernel) -> Test:
    @given(rows=st.integers(1, 6), n=st.sampled_from([1, 3, 16, 64, 200, 257]), columns=st.integers(1, 3), seed=SEEDS)
    def test(rows: int, n: int, columns: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        weights, x = normal(rng, rows, n).astype(BF16), normal(rng, n, columns).astype(BF16)
        got = kernel.product(weights=weights, x=x)["y"].astype(D)
        assert_allclose(got, weights.astype(D) @ x.astype(D), rtol=1e-2, atol=1e-2)

    return test


@of("FALSIFY-EMBEDDING-001")
def embedding(kernel: Kernel) -> Test:
    @given(vocabulary=st.integers(1, 300), width=st.sampled_from([1, 3, 16]), tokens=st.integers(1, 6), seed=SEEDS)
    def test(vocabulary: int, width: int, tokens: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        table, ids = normal(rng, vocabulary, width), rng.integers(0, vocabulary, tokens)
        assert_allclose(kernel.look_up(table=table, ids=ids)["rows"], table[ids], rtol=0, atol=0)

    return test


@of("FALSIFY-ROPE-HALVES-001")
def rope_halves(kernel: Kernel) -> Test:
    @given(tokens=st.integers(1, 4), half=st.sampled_from([1, 2, 3, 8, 32]), seed=SEEDS)
    def test(tokens: int, half: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        x, cosines, sines = normal(rng, tokens, 2 * half), normal(rng, tokens, half), normal(rng, tokens, half)
        low, high = x[:, :half].astype(D), x[:, half:].astype(D)
        expected = np.concatenate([low * cosines - high * sines, high * cosines + low * sines], 1)
        close(kernel.rotate(x=x, cosines=cosines, sines=sines)["out"], expected)

    return test


@of("FALSIFY-ROUTER-SIGMOID-BIAS-001")
def router_sigmoid_bias_choice(kernel: Kernel) -> Test:
    @given(tokens=st.integers(1, 4), width=st.sampled_from([1, 4, 16]), experts=EXPERTS, data=st.data(), seed=SEEDS)
    def test(tokens: int, width: int, experts: int, data: st.DataObject, seed: int) -> None:
        k = data.draw(st.integers(1, experts))
        rng = np.random.default_rng(seed)
        u, e, b = normal(rng, tokens, width), normal(rng, experts, width), normal(rng, experts)
        biased = sigmoid(u.astype(D) @ e.T.astype(D)) + b
        chosen = kernel.route(u=u, e=e, b=b, k=k)["experts"]
        best = np.sort(biased, -1)[:, ::-1][:, :k]
        close(np.take_along_axis(biased, chosen, -1), best)  # by their scores: two may lie next to each other

    return test


@of("FALSIFY-ROUTER-SIGMOID-BIAS-002")
def router_sigmoid_bias_weights(kernel: Kernel) -> Test:
    @given(tokens=st.integers(1, 4), width=st.sampled_from([1, 4, 16]), experts=EXPERTS, data=st.data(), seed=SEEDS)
    def test(tokens: int, width: int, experts: int, data: st.DataObject, seed: int) -> None:
        k = data.draw(st.integers(1, experts))
        rng = np.random.default_rng(seed)
        u, e, b = normal(rng, tokens, width), normal(rng, experts, width), normal(rng, experts)
        got = kernel.route(u=u, e=e, b=b, k=k)
        g = np.take_along_axis(sigmoid(u.astype(D) @ e.T.astype(D)), got["experts"], -1)
        close(got["weights"], 2.5 * g / g.sum(-1, keepdims=True))

    return test


@of("FALSIFY-CROSS-ENTROPY-001")
def cross_entropy(kernel: Kernel) -> Test:
    @given(tokens=st.integers(1, 5), classes=st.sampled_from([2, 3, 10, 33, 64]), seed=SEEDS)
    def test(tokens: int, classes: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        logits, ids = normal(rng, tokens, classes), rng.integers(0, classes, tokens)
        kept = (rng.integers(0, 2, tokens) > 0) | (np.arange(tokens) == 0)
        wide = logits.astype(D)
        logp = wide - np.log(np.exp(wide).sum(1, keepdims=True))
        losses = -0.9 * np.take_along_axis(logp, ids[:, None], 1)[:, 0] - 0.1 * logp.mean(1)
        got = kernel.lose(logits=logits, targets=np.where(kept, ids, -100))["losses"]
        close(got, np.where(kept, losses, 0))

    return test


@of("FALSIFY-QUANTISE-001")
def quantise_scale(kernel: Kernel) -> Test:
    @given(
        rows=st.integers(1, 4),
        width=st.sampled_from([1, 2, 8, 33, 128]),
        dtype=st.sampled_from([F, BF16, np.float16]),
        seed=SEEDS,
    )
    def test(rows: int, width: int, dtype: Any, seed: int) -> None:
        x = normal(np.random.default_rng(seed), rows, width).astype(dtype)
        close(kernel.quantise_rows(x=x)["scale"], np.abs(x.astype(D)).max(1) / 127)

    return test


@of("FALSIFY-QUANTISE-002")
def quantise_rows(kernel: Kernel) -> Test:
    @given(
        rows=st.integers(1, 4),
        width=st.sampled_from([1, 2, 8, 33, 128]),
        dtype=st.sampled_from([F, BF16, np.float16]),
        seed=SEEDS,
    )
    def test(rows: int, width: int, dtype: Any, seed: int) -> None:
        x = normal(np.random.default_rng(seed), rows, width).astype(dtype)
        got = kernel.quantise_rows(x=x)
        assert_allclose(got["quants"], np.rint(x.astype(D) / got["scale"][:, None]), rtol=0, atol=1)

    return test


@of("FALSIFY-ROW-QUANTISE-002")
def row_quantise(kernel: Kernel) -> Test:
    @given(rows=st.integers(1, 3), width=st.sampled_from([1, 2, 8, 32, 33]), seed=SEEDS)
    def test(rows: int, width: int, seed: int) -> None:
        x = normal(np.random.default_rng(seed), rows, width)
        wide = x.astype(D)
        expected = np.rint(wide * 127 / np.abs(wide).max(1, keepdims=True))
        assert_allclose(kernel.quantise(x=x)["quants"], expected, rtol=0, atol=1)

    return test


@of("FALSIFY-COLUMN-SUMS-001")
def column_sums(kernel: Kernel) -> Test:
    @given(rows=st.sampled_from([1, 2, 5, 16, 17, 100]), columns=st.integers(1, 9), seed=SEEDS)
    def test(rows: int, columns: int, seed: int) -> None:
        x = normal(np.random.default_rng(seed), rows, columns)
        close(kernel.reduce(x=x)["sums"], x.astype(D).sum(0))

    return test


@of("FALSIFY-MAX-POOL-001")
def max_pool(kernel: Kernel) -> Test:
    @given(channels=st.integers(1, 3), pairs=st.sampled_from([1, 2, 5, 16]), seed=SEEDS)
    def test(channels: int, pairs: int, seed: int) -> None:
        x = normal(np.random.default_rng(seed), channels, 2 * pairs)
        assert_allclose(kernel.pool(x=x)["out"], x.reshape(channels, pairs, 2).max(-1), rtol=0, atol=0)

    return test


CONTEXTS = st.sampled_from([2, 16, 300, 4096, 131072])


@of("FALSIFY-ROPE-001")
def rope(kernel: Kernel) -> Test:
    @given(tokens=st.integers(1, 4), pairs=st.sampled_from([1, 2, 3, 8, 32]), context=CONTEXTS, seed=SEEDS)
    def test(tokens: int, pairs: int, context: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        x, positions = normal(rng, tokens, 2 * pairs), rng.integers(0, context, tokens)
        angle = positions[:, None] * 1e4 ** (-np.arange(pairs) / pairs)
        even, odd, c, s = x[:, ::2].astype(D), x[:, 1::2].astype(D), np.cos(angle), np.sin(angle)
        expected = np.stack([even * c - odd * s, odd * c + even * s], -1).reshape(x.shape)
        assert_allclose(kernel.rotate(x=x, positions=positions)["out"], expected, rtol=1e-2, atol=5e-2)

    return test


@of("FALSIFY-ROPE-PARTIAL-001")
def rope_partial(kernel: Kernel) -> Test:
    @given(
        tokens=st.integers(1, 3),
        half=st.sampled_from([1, 2, 3, 8, 32]),
        rest=st.sampled_from([0, 2, 5, 16]),
        context=CONTEXTS,
        seed=SEEDS,
    )
    def test(tokens: int, half: int, rest: int, context: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        x, positions = normal(rng, tokens, 2 * half + rest), rng.integers(0, context, tokens)
        inv_freq = (1e4 ** (-np.arange(half) / half)).astype(F)
        angle = positions[:, None] * inv_freq.astype(D)
        a, b, c, s = x[:, :half].astype(D), x[:, half : 2 * half].astype(D), np.cos(angle), np.sin(angle)
        expected = np.concatenate([a * c - b * s, b * c + a * s, x[:, 2 * half :]], 1)
        got = kernel.rotate(x=x, inv_freq=inv_freq, positions=positions)["out"]
        assert_allclose(got, expected, rtol=1e-2, atol=5e-2)

    return test


@of("FALSIFY-YARN-001")
def yarn(kernel: Kernel) -> Test:
    @given(
        tokens=st.integers(1, 3),
        pairs=st.sampled_from([2, 3, 8, 32]),
        factor=st.sampled_from([2, 4, 16, 64]),
        context=CONTEXTS,
        data=st.data(),
        seed=SEEDS,
    )
    def test(tokens: int, pairs: int, factor: int, context: int, data: st.DataObject, seed: int) -> None:
        low = data.draw(st.integers(0, pairs - 2))
        high = data.draw(st.integers(low + 1, pairs - 1))
        rng = np.random.default_rng(seed)
        positions, inv_freq = rng.integers(0, context, tokens), (1e4 ** (-np.arange(pairs) / pairs)).astype(F)
        ramp = np.clip((np.arange(pairs) - low) / (high - low), 0, 1)
        angle = positions[:, None] * (inv_freq / factor * ramp + inv_freq * (1 - ramp))
        scale = 0.1 * np.log(factor) + 1
        got = kernel.table(inv_freq=inv_freq, low=low, high=high, factor=factor, positions=positions)
        assert_allclose(got["cosine"], np.cos(angle) * scale, rtol=1e-2, atol=5e-2)
        assert_allclose(got["sine"], np.sin(angle) * scale, rtol=1e-2, atol=5e-2)

    return test


@of("FALSIFY-GEGLU-001")
def geglu(kernel: Kernel) -> Test:
    erf = np.vectorize(math.erf, otypes=[D])

    @given(tokens=st.integers(1, 3), width=st.sampled_from([1, 4, 7, 16, 33]), seed=SEEDS)
    def test(tokens: int, width: int, seed: int) -> None:
        both = normal(np.random.default_rng(seed), tokens, 2 * width)
        gate, up = both[:, :width].astype(D), both[:, width:].astype(D)
        close(kernel.activate(both=both)["out"], gate * (1 + erf(gate / np.sqrt(2))) / 2 * up)

    return test


@of("FALSIFY-TIME-STEP-001")
def time_step(kernel: Kernel) -> Test:
    @given(tokens=st.integers(1, 4), heads=st.sampled_from([1, 3, 8, 24]), seed=SEEDS)
    def test(tokens: int, heads: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        dt, bias = normal(rng, tokens, heads), normal(rng, heads)
        close(kernel.step(dt=dt, bias=bias)["delta"], np.logaddexp(dt.astype(D) + bias, 0))

    return test
