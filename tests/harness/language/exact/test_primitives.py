"""Division, and what the rules of functions share."""

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


def test_an_exact_leaf_stays_exact():
    assert P.leaf(leaf([1.0]), np.array([2.0]), np.array([0.0])).exact
    assert P.leaf(leaf([1.0, 2.0]), np.array([2.0, 3.0]), np.array([0.0, np.nan])).bound().tolist() == [0, np.inf]


def test_ties_are_kept_only_where_the_rule_says_so():
    x, e = leaf([1.0, 1.0]), np.array([0.5, 0.5])
    assert P.leaf(x, x.v, e).key.tolist() == [1, 1]
    assert P.leaf(x, x.v, e, keep_key=False).key is None


def test_the_logistic_function_at_both_ends():
    assert P.logistic(np.array([-800.0, 0.0, 800.0])).tolist() == [0, 0.5, 1]
    np.testing.assert_allclose(P.logistic(np.array([-40.0])), np.exp(-40.0), rtol=1e-15)


def test_declared_ulps():
    x = leaf([0.5, 0.5])
    value = P.by_ulps(x, np.array([2.0, 1e39]), np.array([0.25, 0.0]), None, more=1, absolute=3)
    u = AR.u
    assert value.bound()[0] == pytest.approx(0.25 + 5 * u * 2.25 + 3 * u)
    assert np.isinf(value.bound()[1]), "it may overflow"
