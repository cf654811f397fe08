"""Each primitive: its value against NumPy in float64, and float32 results of plain kernels inside its bound."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.language.arithmetic import float32
from harness.language.exact import primitives as P
from harness.language.exact.region import Bounded

AR = float32()
F = np.float32
VALUES = st.lists(st.floats(-30, 30, width=32), min_size=1, max_size=6)


def leaf(values, error=0.0) -> Bounded:
    v = np.asarray(values, np.float64)
    return Bounded(v, AR) if not error else Bounded(v, AR, np.full(v.shape, error))


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


# name: (the rule, the same in NumPy for any float type)
RULES = {
    "exp": (P.exp, np.exp),
    "sigmoid": (P.sigmoid, _sigmoid),
    "silu": (P.silu, lambda x: x * _sigmoid(x)),
    "relu": (P.relu, lambda x: np.maximum(x, 0)),
    "abs": (P.abs_, np.abs),
    "softmax": (P.softmax, lambda x: np.exp(x - x.max()) / np.exp(x - x.max()).sum()),
    "sqrt": (lambda x: P.sqrt(P.abs_(x)), lambda x: np.sqrt(np.abs(x))),
    "stored": (P.stored, np.asarray),
}


@pytest.mark.parametrize("name", RULES)
@given(VALUES, st.sampled_from([0.0, 2.0**-12, 0.5]), st.integers(0, 99))
def test_value_and_bound(name, values, error, seed):
    rule, numpy = RULES[name]
    value = rule(leaf(values, error))
    np.testing.assert_allclose(value.v, numpy(np.array(values)), rtol=1e-12, atol=1e-300)
    moved = np.array(values) + error * np.random.default_rng(seed).uniform(-1, 1, len(values))
    kept = moved if error else np.array(values)
    got = numpy(kept.astype(F)).astype(np.float64)
    slack = np.abs(kept.astype(F) - kept) * 2 + 1e-12 if error else 0.0  # moved values rounded to float32
    assert (np.abs(got - value.v) <= value.bound() * (1 + 1e-6) + slack * np.maximum(1, np.abs(value.v))).all()


@given(VALUES, st.floats(0.015625, 100, width=32), st.sampled_from([1.0, -1.0]))
def test_division_and_multiplication_with_the_reciprocal(values, divisor, sign):
    x, y = np.array(values, F), F(divisor * sign)
    value = P.divide(leaf(x), leaf(y))
    np.testing.assert_allclose(value.v, x.astype(np.float64) / float(y), rtol=1e-15)
    for got in (x / y, x * (F(1) / y)):
        assert (np.abs(got - value.v) <= value.bound()).all()


def test_division_by_what_may_be_zero_is_not_judged():
    assert np.isinf(P.divide(leaf([1.0]), leaf([0.5], 0.5)).bound()).all()
    assert np.isinf(P.divide(leaf([1.0]), leaf([0.0])).bound()).all()
    assert P.divide(leaf([0.0]), leaf([3.0])).bound().tolist() == [0.0]


@pytest.mark.parametrize(
    "value, error, rounded, bound",
    [
        (2.5, 0.0, 3, 0),
        (-2.5, 0.0, -3, 0),
        (2.5, 1e-9, 3, 1),
        (2.4, 1e-9, 2, 0),
        (2.4, 0.2, 2, 1),
        (-0.3, 2.0, 0, 2),
        (7.0, 0.4, 7, 0),
    ],
)
def test_rounding(value, error, rounded, bound):
    result = P.round_(leaf([value], error))
    assert (result.v.tolist(), result.bound().tolist()) == ([rounded], [bound])


@given(st.floats(-20, 20), st.sampled_from([1e-9, 0.25, 0.5, 1.7]))
def test_rounding_covers_every_integer_of_the_interval(value, error):
    result = P.round_(leaf([value], error))
    for moved in np.linspace(value - error, value + error, 41):
        assert abs(np.rint(moved) - result.v[0]) <= result.bound()[0]


def test_what_is_exact_stays_exact():
    assert P.silu(leaf([0.0])).bound().tolist() == [0.0]
    assert P.relu(leaf([-1.5, 2.5])).exact
    assert P.abs_(leaf([-1.5])).exact
    assert P.maximum(leaf([1.0, 2.0]), None).exact
    assert P.sqrt(leaf([0.0])).bound().tolist() == [0.0]


def test_maximum_and_minimum():
    x = leaf([[1.0, 5.0], [7.0, 2.0]], 0.5)
    assert P.maximum(x, 0).v.tolist() == [7, 5]
    assert P.maximum(x, 1, -1).v.tolist() == [1, 2]
    assert P.maximum(x, None).bound() == 0.5


def test_softmax_is_clamped():
    wide = P.softmax(leaf([0.0, 0.0], 60.0))
    assert (wide.bound() <= 1.001).all()


def test_sqrt_of_what_may_be_negative_is_not_judged():
    assert np.isinf(P.sqrt(leaf([0.1], 0.2)).bound()).all()


@given(VALUES)
def test_rms_norm(values):
    x = np.array(values, F)
    wide = x.astype(np.float64)
    value = P.rms_norm(leaf(x), leaf(np.full(len(x), 2.0)), leaf(1e-3))
    np.testing.assert_allclose(value.v, 2 * wide / np.sqrt(np.mean(wide * wide) + 1e-3), rtol=1e-12)
    got = x / np.sqrt(np.mean(x * x, dtype=F) + F(1e-3)) * F(2)
    assert (np.abs(got - value.v) <= value.bound()).all()


@given(VALUES)
def test_mean(values):
    x = np.array(values, F)
    value = P.mean(leaf(x), None)
    assert abs(float(np.mean(x, dtype=F)) - float(value.v)) <= float(value.bound())


def test_float32_rounds_once():
    assert P.float32(leaf([1 + 2.0**-30])).v.tolist() == [1.0]
    with pytest.raises(P.Undecided):
        P.float32(leaf([1.0], 0.1))
