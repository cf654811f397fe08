from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.harness.language.soundness.emulate import ORDERS, F, Machine, fused_multiply_add

singles = st.floats(width=32, allow_nan=False, allow_infinity=False)


def nearest(exact: Fraction) -> np.float32:
    """The float32 next to a rational number, by comparing with its neighbours; ties to even."""
    with np.errstate(over="ignore"):
        guess = F(float(exact))
    if not np.isfinite(guess):
        return guess
    around = [np.nextafter(guess, F(-np.inf)), guess, np.nextafter(guess, F(np.inf))]
    finite = [z for z in around if np.isfinite(z)]
    return min(finite, key=lambda z: (abs(Fraction(float(z)) - exact), int(z.view(np.int32)) & 1))


@given(singles, singles, singles)
def test_a_fused_multiply_add_rounds_once(a, b, c):
    exact = Fraction(a) * Fraction(b) + Fraction(c)
    if abs(exact) < Fraction(2) ** 127:
        assert fused_multiply_add(F(a), F(b), F(c)) == nearest(exact)


@given(st.integers(2**23, 2**24 - 1), st.integers(-3, 3), st.integers(-60, -20), st.sampled_from([-1, 1]))
def test_a_fused_multiply_add_rounds_once_where_float64_would_round_to_a_tie(top, step, small, sign):
    """a * b is a float32 and a half unit; c is too small for float64 to see, and decides the direction."""
    a, b, c = F(top + 0.0), F(1 + 2.0**-23 * (2 * step + 1)), F(sign * 2.0**small)
    exact = Fraction(float(a)) * Fraction(float(b)) + Fraction(float(c))
    assert fused_multiply_add(a, b, c) == nearest(exact)


def test_rounding_twice_would_have_been_noticed():
    a, b, c = F(1 + 2.0**-12), F(1 + 2.0**-12), F(2.0**-70)  # 1 + 2**-11 + 2**-24 + 2**-70: just above a tie
    assert fused_multiply_add(a, b, c) == F(1 + 2.0**-11 + 2.0**-23)
    assert F(float(a) * float(b) + float(c)) == F(1 + 2.0**-11)


@pytest.mark.parametrize("order", ORDERS)
@given(values=st.lists(st.integers(-1000, 1000), min_size=1, max_size=70), fused=st.booleans(), flush=st.booleans())
def test_every_order_adds_every_term_once(order, values, fused, flush):
    machine = Machine(np.random.default_rng(0), order, fused, flush)
    terms = np.asarray([values, values[::-1]], F)
    assert machine.total(terms).tolist() == [sum(values)] * 2
    assert machine.dot(terms, terms).tolist() == [sum(z * z for z in values)] * 2


@given(st.floats(-110, 95, width=32), st.integers(0, 2**32 - 1), st.integers(0, 4))
def test_exp_misses_by_no_more_than_it_may(x, seed, ulps):
    with np.errstate(over="ignore"):
        y = Machine(np.random.default_rng(seed), exp_ulps=ulps).exp(np.asarray([x], F))[0]
        exact = np.exp(np.float64(x))
        near = F(exact)
    if np.isfinite(near):
        assert abs(float(y) - exact) <= max(0.5, ulps) * float(np.spacing(near))
    else:
        assert y == near


def test_flushing_keeps_the_smallest_normal_number():
    machine = Machine(np.random.default_rng(0), flush=True)
    normal = F(2.0**-126)
    assert machine.mul(normal, F(1)) == normal
    assert machine.mul(normal, F(0.75)) == 0
