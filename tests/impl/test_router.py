import numpy as np
import pytest

from impl.descriptors import QuantizedTensorRef
from impl.errors import InvalidShape, NonFiniteValue, UnsupportedOperation
from impl.router import Routing, check_top_k, read_router, route

ROUTER = np.arange(12, dtype=np.float32)


def ref(offset=0, byte_size=48, qtype=0, shape=None):
    return QuantizedTensorRef(offset, byte_size, 12, qtype, shape)


def test_the_router_is_read_in_place():
    data = ROUTER.view(np.uint8)
    got = read_router("f", ref(), data, 3, 4)
    np.testing.assert_array_equal(got, ROUTER)
    assert np.shares_memory(got, data)


def test_a_router_that_is_not_aligned_is_copied():
    data = np.concatenate([np.zeros(1, np.uint8), ROUTER.view(np.uint8)])
    got = read_router("f", ref(offset=1), data, 3, 4)
    np.testing.assert_array_equal(got, ROUTER)
    assert got.flags.aligned


@pytest.mark.parametrize(
    ("router", "message"),
    [
        (ref(offset=1), r"f: router range \[1, 49\) exceeds file size 48"),
        (ref(offset=-8), "exceeds file size 48"),
        (ref(byte_size=-48), "exceeds file size 48"),
        (ref(offset=2**64 - 8), "exceeds file size 48"),
        (ref(byte_size=44), r"f: router byte_size 44 != expected 48 \(num_experts 3 × hidden_dim 4 × 4\)"),
        (ref(shape=(4, 3)), r"f: router shape \(4, 3\) != expected \(3, 4\)"),
    ],
)
def test_a_router_that_does_not_fit_is_refused(router, message):
    with pytest.raises(InvalidShape, match=message):
        read_router("f", router, ROUTER.view(np.uint8), 3, 4)


def test_a_quantised_router_is_refused_before_its_bytes_are_looked_at():
    with pytest.raises(UnsupportedOperation, match=r"f: router qtype = 12 \(not F32\)") as caught:
        read_router("f", ref(offset=10**9, qtype=12), ROUTER.view(np.uint8), 3, 4)
    assert caught.value.operation == "moe_router_quantized_read"


def one_token(routing):
    return Routing(routing.logits[0], routing.probs[0], routing.experts[0], routing.weights[0])


@pytest.mark.parametrize("k", [-1, 0, 4])
def test_k_must_be_among_the_experts(k):
    with pytest.raises(InvalidShape, match=f"f: num_experts_per_tok {k} must be between 1 and num_experts 3"):
        check_top_k("f", 3, k)


@pytest.mark.parametrize("n", [0, -2])
def test_there_must_be_experts(n):
    with pytest.raises(InvalidShape, match=f"f: num_experts must be > 0, got {n}"):
        check_top_k("f", n, 0)


@pytest.mark.parametrize("k", [1, 3, 8])
def test_routing_meets_float64(k):
    rng = np.random.default_rng(k)
    router = rng.standard_normal((8, 100)).astype(np.float32) / 5
    x = rng.standard_normal(100).astype(np.float32)
    got = one_token(route("f", x.reshape(1, -1), router.reshape(-1), 8, k))
    exact = router.astype(np.float64) @ x
    probs = np.exp(exact - exact.max())
    probs /= probs.sum()
    chosen = np.argsort(-probs, kind="stable")[:k]
    np.testing.assert_allclose(got.logits, exact, atol=1e-5)
    np.testing.assert_allclose(got.probs, probs, rtol=1e-5)
    assert got.experts.tolist() == chosen.tolist()
    np.testing.assert_allclose(got.weights, probs[chosen] / probs[chosen].sum(), rtol=1e-5)
    assert got.weights.dtype == np.float32


def test_a_router_of_zeros_takes_the_first_k_evenly():
    got = one_token(route("f", np.ones((1, 4), np.float32), np.zeros(20, np.float32), 5, 4))
    assert got.experts.tolist() == [0, 1, 2, 3]
    assert got.weights.tolist() == [0.25] * 4


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_poisoned_router_is_not_turned_into_a_plausible_one(bad):
    router = np.zeros((3, 4), np.float32)
    router[1, 2] = bad
    with pytest.raises(NonFiniteValue, match=rf"f: logits\[1\] = {bad} is not finite"):
        route("f", np.ones((1, 4), np.float32), router.reshape(-1), 3, 2)


def test_logits_that_overflow_are_refused():
    with pytest.raises(NonFiniteValue, match=r"logits\[0\] = inf"):
        route("f", np.full((1, 4), 1e38, np.float32), np.full(8, 1e38, np.float32), 2, 1)
