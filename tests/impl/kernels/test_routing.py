import numpy as np
import pytest

from impl.kernels.routing import renormalised_top_k, router_logits, softmax


@pytest.mark.parametrize("hidden", [1, 31, 32, 33, 300])
def test_logits_meet_float64(hidden):
    rng = np.random.default_rng(hidden)
    router = rng.standard_normal((7, hidden)).astype(np.float32)
    x = rng.standard_normal(hidden).astype(np.float32)
    logits = np.empty(7, np.float32)
    router_logits(router.reshape(-1), x, logits)
    bound = 2**-24 * (hidden + 2) * (np.abs(router).astype(np.float64) @ np.abs(x))
    assert np.all(np.abs(logits - router.astype(np.float64) @ x) <= bound)


def test_equal_rows_give_equal_logits():
    rng = np.random.default_rng(0)
    router = np.tile(rng.standard_normal(77).astype(np.float32), (5, 1))
    logits = np.empty(5, np.float32)
    router_logits(router.reshape(-1), rng.standard_normal(77).astype(np.float32), logits)
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
