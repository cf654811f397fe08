"""Values with bounds: the value is float64's, the bound covers float32 in any order, and exact stays exact."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.language.arithmetic import FLOAT64, float32, float64
from harness.language.exact.primitives import divide
from harness.language.exact.region import (
    COARSEST,
    Bounded,
    add,
    count,
    grid_of,
    integers,
    literal,
    matvec,
    multiply,
    total,
)

AR = float32()
F = np.float32
FLOATS = st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=5)


def leaf(values) -> Bounded:
    return Bounded(np.asarray(values, np.float64), AR)


def exact_sum(values) -> Fraction:
    return sum((Fraction(float(value)) for value in values), Fraction(0))


@given(FLOATS)
def test_a_sum_in_every_order_is_inside(values):
    value = total(leaf(values), None)
    bound = float(value.bound())
    for order in itertools.permutations(values):
        got = F(0)
        for term in order:
            got = F(got + F(term))
        assert abs(Fraction(float(got)) - exact_sum(values)) <= Fraction(bound) + abs(exact_sum(values)) / 2**50


@given(FLOATS, FLOATS, st.floats(-8, 8, width=32))
def test_factored_or_distributed_is_inside(w, x, d):
    """d * sum(w * x) and sum(d * w * x): one polynomial, whichever way a kernel computes it."""
    n = min(len(w), len(x))
    w, x = np.array(w[:n], F), np.array(x[:n], F)
    value = multiply(leaf(d), total(multiply(leaf(w), leaf(x)), None))
    other = total(multiply(multiply(leaf(d), leaf(w)), leaf(x)), None)
    for got in (F(d) * np.sum(w * x, dtype=F), np.sum(F(d) * w * x, dtype=F)):
        for written in (value, other):
            assert abs(float(got) - float(written.v)) <= float(written.bound())


@given(st.lists(st.integers(-200, 200), min_size=1, max_size=40), st.integers(-20, 20))
def test_small_integers_are_exact(values, exponent):
    x = np.ldexp(np.array(values, np.float64), exponent)
    value = matvec(leaf(x[None, :]), leaf(x))
    assert value.bound().tolist() == [0.0]
    assert value.close().exact
    got = F(0)
    for entry in x.astype(F):
        got = F(got + entry * entry)
    assert float(got) == value.v[0]


def test_integers_beyond_24_bits_are_not_exact():
    assert total(leaf([2.0**24, 1]), None).bound() > 0
    assert total(leaf([2.0**23, 1]), None).bound() == 0


@given(st.lists(st.integers(-(2**20), 2**20), min_size=1, max_size=6), st.integers(-40, 40))
def test_the_grid_divides_every_entry(values, exponent):
    v = np.ldexp(np.array(values, np.float64), exponent)
    grid, _ = grid_of(v)
    if not v.any():
        assert grid == COARSEST
        return
    quotients = v / 2.0**grid
    assert (quotients == np.round(quotients)).all()
    assert (np.mod(quotients, 2) == 1).any()  # and it is the largest such power


def test_the_grid_is_that_of_the_finite_entries():
    assert grid_of(np.array([0.75, np.nan, -np.inf])) == (-2, False)


NARROW = st.floats(width=16, allow_nan=False, allow_infinity=False) | st.integers(-4, 4).map(float)


@given(st.lists(st.floats() | NARROW, max_size=6) | st.lists(NARROW, max_size=6), st.integers(-1000, 60))
def test_the_grid_is_the_same_by_scaled_integers(values, exponent):
    v = np.ldexp(np.array(values, np.float64), exponent)
    size = np.abs(v)
    assert grid_of(v, float(size.max()) if v.size else 0.0) == grid_of(v)


@pytest.mark.parametrize("arithmetic", [float32, float64])
@pytest.mark.parametrize("flushes", [False, True])
def test_multiples_of_twice_the_lowest_number_are_read(arithmetic, flushes):
    """A leaf looks for operands below the smallest number only where its grid is that fine."""
    ar = arithmetic(flush_to_zero=flushes)
    assert ar.smallest <= 2.0 ** (ar.lowest + 1)
    assert not Bounded(np.array([ar.smallest / 2, 1.0]), ar).exact
    assert Bounded(np.array([ar.smallest, 1.0]), ar).exact


def test_numbers_of_an_equation_are_made_once_and_nobody_writes_to_them():
    for made in (lambda: literal(0.1, AR), lambda: integers(7, AR), lambda: count(7, AR)):
        assert made() is made()
        assert not made().v.flags.writeable
    assert np.signbit(literal(-0.0, AR).v) and not np.signbit(literal(0.0, AR).v)


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1, max_size=6))
def test_powers_of_two(values):
    powers = {2.0**exponent for exponent in range(-149, 128)} | {0.0}
    assert grid_of(np.array(values))[1] == all(abs(value) in powers for value in values)
    assert grid_of(np.exp2(np.clip(np.round(values), -149, 127)))[1]


def test_what_is_no_number_stays_none():
    for value in (
        add(leaf([np.nan, 1.0]), leaf([1.0, 1.0])), total(leaf([[np.nan, np.inf], [1.0, 2.0]]), 1),
        multiply(leaf([np.nan, 1.0]), leaf([0.5, 0.5])), matvec(leaf([[np.nan, 1.0], [1.0, 0.0]]), leaf([2.0, 0.0])),
        add(multiply(leaf([np.nan, 1.0]), leaf([0.1, 0.1])), literal(0.1, AR)),
    ):  # fmt: skip
        assert np.isnan(value.v).tolist() == [True, False]
        assert value.bound()[0] == 0 and value.close().bound()[0] == 0 and np.isfinite(value.bound()[1])


def test_zero_times_what_is_no_number_is_not_judged():
    for value in (multiply(leaf([np.nan]), leaf([0.0])), matvec(leaf([[np.nan, 1.0]]), leaf([0.0, 1.0]))):
        assert np.isinf(value.bound()).all()


@pytest.mark.parametrize("infinity", [np.inf, -np.inf])
def test_an_infinity_plus_finite_numbers_is_exactly_infinite(infinity):
    inexact = literal(0.1, AR)
    for value in (add(leaf([infinity, 1.0]), inexact), total(leaf([[infinity, 3.0, 4.0]]), 1)):
        assert value.v[0] == infinity and value.bound()[0] == 0 and value.close().bound()[0] == 0


@pytest.mark.parametrize("factor", [2.0, -0.125, 0.1])
def test_an_infinity_times_a_number_is_exactly_infinite(factor):
    masked = add(leaf([3.0, 1.0]), leaf([0.0, -np.inf]))
    for value in (multiply(masked, leaf(factor)), multiply(leaf(factor), masked), divide(masked, leaf(factor))):
        assert value.v[1] == -np.inf * factor and value.bound()[1] == 0
        assert np.isfinite(value.bound()[0]) and value.close().bound()[1] == 0


@pytest.mark.parametrize(
    "value",
    [
        lambda: add(leaf([np.inf]), leaf([-np.inf])),  # NaN
        lambda: multiply(leaf([np.inf]), add(leaf([2.0]), leaf([-1.0]))),  # distributed: a difference of infinities
        lambda: multiply(leaf([np.inf]), leaf([0.0])),
        lambda: multiply(leaf([np.inf]), Bounded(np.array([1.0]), AR, np.array([1.0]))),  # of either sign
        lambda: multiply(leaf([np.inf]), leaf([2.0**-30])),  # several such underflow, and then it is NaN
        lambda: multiply(multiply(leaf([2.0]), leaf([3.0])), leaf([np.inf])),
        lambda: matvec(leaf([[np.inf, 1.0]]), leaf([0.0, 1.0])),
        lambda: total(leaf([-np.inf, 3e38, 3e38]), None),  # in another order it is NaN
        lambda: add(leaf([np.inf]), Bounded(np.array([1.0]), AR, np.array([np.inf]))),
    ],
)
def test_an_infinity_that_may_be_another_or_none_is_not_judged(value):
    assert np.isinf(value().bound()).all()


def test_an_entry_that_is_not_finite_does_not_keep_its_neighbours_from_being_judged():
    assert np.isfinite(matvec(leaf([[np.inf, 1.0], [0.1, 0.2]]), leaf([0.3, 0.7])).bound()).tolist() == [False, True]
    assert np.isfinite(add(leaf([3e38, 0.1]), leaf([3e38, 0.2])).bound()).tolist() == [False, True]


def test_what_may_overflow_on_the_way_is_not_judged():
    big = leaf([3e38, 3e38, -3e38])
    assert np.isinf(total(big, None).bound())
    assert np.isfinite(total(leaf([1e38, 1e38]), None).bound())


def test_underflow_is_in_the_bound():
    tiny = leaf([2.0**-140])
    value = multiply(tiny, tiny)
    assert float(value.bound()[0]) >= 2.0**-149


def test_operators():
    x, y = leaf([1.0, 2.0]), leaf([3.0, 5.0])
    assert add(x, y).v.tolist() == [4, 7]
    assert add(x, y, -1).v.tolist() == [-2, -3]
    assert multiply(x, y).v.tolist() == [3, 10]
    assert (-x).v.tolist() == [-1, -2] and (-x).a.tolist() == [1, 2]
    assert total(x, 0).v == 3
    assert x.map(lambda part: part[::-1]).v.tolist() == [2, 1]


def test_a_closed_region_is_one_stored_number():
    value = add(leaf([0.1]), leaf([0.2]))
    closed = value.close()
    assert closed.form.is_leaf
    assert closed.bound().tolist() == value.bound().tolist()
    assert closed.close() is closed


def test_integer_leaves():
    assert integers(np.array([3, -5]), AR).exact
    assert not integers(np.array([2**24 + 1]), AR).exact
    assert integers(np.array([2**24 + 1]), FLOAT64).exact


def test_a_literal_may_be_held_rounded():
    assert literal(0.5, AR).exact
    assert float(literal(0.1, AR).bound()) == abs(0.1 - float(F(0.1)))
    assert literal(0.1, FLOAT64).exact


def test_zeros_do_not_hide_what_overflows_beside_them():
    """A kernel may compute the large product first: infinity times zero is no number."""
    zeros, large = np.zeros((1, 3)), np.full((1, 3), 1e30)
    with np.errstate(over="ignore", invalid="ignore"):
        assert np.isnan((zeros.astype(F) * (large.astype(F) * large.astype(F))).sum())
    product = multiply(leaf(large), leaf(large))
    assert np.isinf(total(multiply(leaf(zeros), product), 1).bound())
    assert np.isinf(matvec(leaf(zeros), product.map(lambda part: part[0])).bound())
