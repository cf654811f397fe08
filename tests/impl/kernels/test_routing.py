import numpy as np
import pytest

from impl.kernels.routing import (
    choose,
    renormalised_top_k,
    router_logits,
    softmax,
)


def logits_of(router, x):
    logits = np.empty((1, router.shape[0]), np.float32)
    router_logits(x.reshape(1, -1), router.reshape(-1), logits)
    return logits[0]


@pytest.mark.parametrize("hidden", [1, 31, 32, 33, 63, 64, 65, 300, 2048])
def test_logits_meet_float64(hidden):
    rng = np.random.default_rng(hidden)
    router = rng.standard_normal((7, hidden)).astype(np.float32)
    x = rng.standard_normal(hidden).astype(np.float32)
    logits = logits_of(router, x)
    bound = 2**-24 * (hidden + 2) * (np.abs(router).astype(np.float64) @ np.abs(x))
    assert np.all(np.abs(logits - router.astype(np.float64) @ x) <= bound)


def test_equal_rows_give_equal_logits():
    rng = np.random.default_rng(0)
    router = np.tile(rng.standard_normal(77).astype(np.float32), (5, 1))
    logits = logits_of(router, rng.standard_normal(77).astype(np.float32))
    assert np.unique(logits).size == 1


def test_softmax_meets_float64_and_survives_large_logits():
    logits = np.array([1000, 999, 0, -1000], np.float32)
    probs = np.empty(4, np.float32)
    softmax(logits, probs)
    exact = np.exp(logits.astype(np.float64) - 1000)
    np.testing.assert_allclose(probs, exact / exact.sum(), rtol=1e-6)


def test_top_k_is_descending_with_ties_to_the_lower_index():
    probs = np.array([0.1, 0.3, 0.1, 0.3, 0.2], np.float32)
    experts = np.empty(4, np.int64)
    weights = np.empty(4, np.float32)
    renormalised_top_k(probs, experts, weights)
    assert experts.tolist() == [1, 3, 4, 0]
    np.testing.assert_allclose(weights, np.array([0.3, 0.3, 0.2, 0.1]) / 0.9, rtol=1e-6)


def test_probabilities_that_underflow_are_still_ranked():
    experts = np.empty(3, np.int64)
    weights = np.empty(3, np.float32)
    renormalised_top_k(np.array([0, 1, 0], np.float32), experts, weights)
    assert experts.tolist() == [1, 0, 2]
    assert weights.tolist() == [1, 0, 0]


def test_each_token_chooses_for_itself():
    logits = np.array([[0, 3, 1], [2, 2, 0]], np.float32)
    probs, experts, weights = np.empty((2, 3), np.float32), np.empty((2, 2), np.int64), np.empty((2, 2), np.float32)
    choose(logits, probs, experts, weights)
    assert experts.tolist() == [[1, 2], [0, 1]]
    np.testing.assert_allclose(probs.sum(axis=1), 1, rtol=1e-6)
    np.testing.assert_allclose(weights, [[1 / (1 + np.exp(-2)), 1 / (1 + np.exp(2))], [0.5, 0.5]], rtol=1e-6)
