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


# --- quotients that are exact ---------------------------------------------------------------------------------------

EXACT = float32(exact_division=True)


def quotient(x, y, arithmetic):
    return P.divide(Bounded(np.asarray(x, np.float64), arithmetic), Bounded(np.asarray(y, np.float64), arithmetic))


def test_an_exact_quotient_is_missed_by_the_product_with_the_reciprocal():
    missed = F(21) * (F(1) / F(7))
    assert missed != 3
    allowed, forbidden = (quotient(21, 7, arithmetic) for arithmetic in (AR, EXACT))
    assert abs(float(missed) - 3) <= allowed.bound() and forbidden.bound() == 0


@given(VALUES, st.floats(0.015625, 100, width=32))
def test_a_correctly_rounded_quotient_is_inside(values, divisor):
    x, y = np.array(values, F), np.array(divisor, F)
    value, wide = quotient(x, y, EXACT), quotient(x, y, AR)
    error = np.abs((x / y).astype(np.float64) - value.v)
    assert (error <= value.bound()).all() and (value.bound() <= wide.bound()).all()


def test_a_quotient_that_float32_does_not_hold_has_a_bound():
    assert quotient(1, 3, EXACT).bound() > 0
    flushed = float32(flush_to_zero=True, exact_division=True)
    assert quotient(3 * 2.0**-126, 4 * 3, flushed).bound() > 0  # a subnormal quotient may become zero


def test_exact_division_needs_no_reciprocal():
    """1 / 1e-42 passes the largest number; 1e-42 / 1e-42 does not."""
    assert np.isinf(quotient(1e-20, 1e-42, AR).bound())
    assert np.isfinite(quotient(F(1e-20), F(1e-42), EXACT).bound())
    assert quotient(0, F(1e-42), EXACT).bound() == 0


@pytest.mark.parametrize("arithmetic", [AR, EXACT, float32(flush_to_zero=True)])
def test_by_powers_of_two_nothing_is_rounded(arithmetic):
    x = np.array([0.3, -7.0, 1e30, 0.0], F)
    for power in (2.0, 2.0**-20, 2.0**100, -4.0):
        value = quotient(x, power, arithmetic)
        judged = np.isfinite(value.bound())
        assert (value.v == x / power).all() and not value.bound()[judged].any() and judged[[0, 1, 3]].all()


# --- how far a maximum may move -------------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.integers(-8, 8), st.sampled_from([0.0, 0.5, 3.0])), min_size=1, max_size=6),
    st.randoms(use_true_random=False),
)
def test_the_largest_entry_moves_no_further(entries, random):
    v, e = (np.array(part) for part in zip(*entries, strict=True))
    up, down = P.reach(v, e, None)
    for _ in range(20):
        moved = max(random.uniform(a - b, a + b) for a, b in entries)
        assert v.max() - down[0] <= moved <= v.max() + up[0]
    assert (v + e).max() == v.max() + up[0] or up[0] == 0  # and both ends are met
