import numpy as np
import pytest

from benchmarks import float64_layer
from benchmarks.float64_layer import evaluate, relative_error
from benchmarks.layer_model import HIDDEN, INTERMEDIATE, TOP_K, Target


class Layer:
    router = np.zeros((TOP_K, HIDDEN), np.float32)


def test_against_a_loop_over_tokens_and_ranks(monkeypatch) -> None:
    rng = np.random.default_rng(0)
    weights = {
        (name, expert): rng.standard_normal(shape) / shape[1] ** 0.5
        for expert in range(TOP_K)
        for name, shape in {"gate": (INTERMEDIATE, HIDDEN), "up": (INTERMEDIATE, HIDDEN),
                            "down": (HIDDEN, INTERMEDIATE)}.items()
    }  # fmt: skip
    monkeypatch.setattr(float64_layer, "decoded", lambda _, name, expert: weights[name, expert])
    layer = Layer()
    layer.router = rng.standard_normal((TOP_K, HIDDEN)).astype(np.float32) / HIDDEN**0.5
    hidden = rng.standard_normal((2, HIDDEN)).astype(np.float32)
    chosen = np.array([rng.permutation(TOP_K) for _ in range(2)])
    expected = np.zeros((2, HIDDEN))
    for token, x in enumerate(hidden.astype(np.float64)):
        probs = np.exp(layer.router.astype(np.float64) @ x)
        for expert in range(TOP_K):
            g, u = weights["gate", expert] @ x, weights["up", expert] @ x
            silu = g / (1 + np.exp(-g))
            expected[token] += probs[expert] / probs.sum() * (weights["down", expert] @ (silu * u))
    got = evaluate(layer, Target(0, 0, hidden, chosen))
    assert np.allclose(got, expected, rtol=1e-12, atol=1e-12)


def test_relative_error() -> None:
    assert relative_error(np.array([3.0, 4.5], np.float32), np.array([[3.0, 4.0]])) == pytest.approx(0.1)
