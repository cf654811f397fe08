"""The bounds of narrow, wide and blocked sums by hand, where they are simple; soundness/test_narrow.py attacks them."""

from dataclasses import replace

import numpy as np
import pytest

from harness.language.accumulators import Adder, Sums
from harness.language.arithmetic import float32, float64
from harness.language.dtypes import DTYPES
from harness.language.evaluate import Bindings, evaluate
from harness.language.exact.accumulated import off_by_cut, operands
from harness.language.exact.domain import Exact
from harness.language.exact.region import Bounded, multiply
from harness.language.syntax import parse

F16, BF16, F32, F64 = (DTYPES[name].numbers for name in ("f16", "bf16", "f32", "f64"))
RNG = np.random.default_rng(1)
W = RNG.standard_normal((3, 64)).astype(np.float16).astype(np.float32)
X = RNG.standard_normal(64).astype(np.float16).astype(np.float32)
SIZE = np.abs(W * X).sum(1)


def bounded(text, sums, **given):
    domain = Exact(replace(float32(), sums=sums))
    return domain.real(evaluate(parse(text), Bindings(domain, {}, {}, {"w": W, "x": X, **given})))


def bound(text, sums, **given):
    return bounded(text, sums, **given).bound()


@pytest.mark.parametrize("text", ["w @ x", "sum(w * x, 1)", "matvec(w, x)", "sum(x * w, 1)"])
def test_a_dot_product_in_a_narrow_accumulator_has_a_rounding_for_every_term(text):
    np.testing.assert_allclose(bound(text, Sums(F16)), 64 * 2.0**-11 * SIZE, rtol=1e-3)


def test_terms_that_are_zero_are_not_counted():
    few = np.where(np.arange(64) < 3, X, 0)
    np.testing.assert_allclose(bound("w @ x", Sums(F16), x=few), 3 * 2.0**-11 * np.abs(W * few).sum(1), rtol=1e-3)


def test_beyond_one_the_second_order_counts():
    long = np.ones((1, 600), np.float32) * (1 + 2.0**-9)
    (found,) = bound("sum(w, 1)", Sums(BF16), w=long)
    assert found == pytest.approx(((1 + 2.0**-8 + 2.0**-22) ** 600 - 1) * long.sum(), rel=1e-4)


def test_numbers_that_the_accumulator_holds_enter_a_sum_without_rounding():
    held, other = np.ones((1, 8), np.float32) * 1.5, np.ones((1, 8), np.float32) * (1 + 2.0**-20)
    held[0, 0], other[0, 0] = 1 + 2.0**-10, 1.0
    rounds = [bound("sum(w, 1)", Sums(F16), w=w)[0] / (2.0**-11 * np.abs(w).sum()) for w in (held, other)]
    assert rounds == pytest.approx([7, 8], rel=1e-2)


def test_a_sum_in_float64_is_rounded_once():
    exact = bound("w @ x", Sums(F64, exact_products=True))
    np.testing.assert_allclose(exact, 2.0**-24 * SIZE, rtol=1e-3)
    np.testing.assert_allclose(bound("w @ x", Sums(F64)), 2 * exact, rtol=1e-3)  # a product may be rounded, too


def test_blocks_have_their_own_roundings_and_those_of_their_totals():
    sums = Sums(F32, blocks=16, promoted=F32)
    np.testing.assert_allclose(bound("w @ x", sums), (16 + 3) * 2.0**-24 * SIZE, rtol=1e-3)
    np.testing.assert_allclose(bound("w @ x", replace(sums, blocks=64)), 64 * 2.0**-24 * SIZE, rtol=1e-3)
    half = bound("w @ x", Sums(F16, blocks=16, promoted=F32))
    np.testing.assert_allclose(half, 16 * 2.0**-11 * SIZE, rtol=1e-3)
    wide = bound("w @ x", replace(sums, promoted=F64))
    np.testing.assert_allclose(wide, (16 + 1) * 2.0**-24 * SIZE, rtol=1e-3)


def test_what_is_no_sum_is_computed_as_ever():
    plain = evaluate(parse("w * x + w"), Bindings(Exact(float32()), {}, {}, {"w": W, "x": X})).bound()
    for sums in (Sums(F16), Sums(F32, blocks=4, promoted=F32)):
        np.testing.assert_array_equal(bound("w * x + w", sums), plain)
        assert (bound("softmax(w)", sums) < 1e-5).all()


@pytest.mark.parametrize(("rounding", "got"), [("truncate", 7), ("floor", 7), ("nearest", 8)])
def test_an_adder_rounds_totals_below_its_normal_numbers_to_their_spacing(rounding, got):
    """15 units of 2**-20 in an accumulator of f16 with 6 digits: its numbers there are multiples of 2**-19."""
    adder = Adder(1, 8, rounding, 6)
    given = {"w": np.full((1, 1), 15 * 2.0**-17, np.float32), "x": np.full(1, 2.0**-3, np.float32)}
    value = bounded("w @ x", Sums(F16, adder=adder), **given)
    assert value.v == 15 * 2.0**-20
    assert abs(got * 2.0**-19 - value.v) <= value.bound()


def test_an_adder_cuts_and_rounds_each_group():
    adder = Adder(8, 13, "truncate", 14)
    found = bound("w @ x", Sums(F32, adder=adder))
    np.testing.assert_allclose(found, (64 + 8) * 2.0**-13 * SIZE + 8 * 2.0**-13 * SIZE, rtol=1e-3)
    floored = bound("w @ x", Sums(F32, adder=replace(adder, rounding="floor")))
    assert (floored > found).all()
    np.testing.assert_allclose(bound("3 * (w @ x)", Sums(F32, adder=adder)), 3 * found, rtol=1e-3)  # ended before


def test_small_integers_are_exact_in_every_accumulator():
    w, x = RNG.integers(-3, 4, (3, 16)).astype(np.float32), np.ones(16, np.float32)
    for sums in (Sums(F16), Sums(BF16), Sums(F32, adder=Adder(4, 13, "truncate", 14)), Sums(F64)):
        assert not bound("w @ x", sums, w=w, x=x).any()
    assert bound("w @ x", Sums(BF16), w=16 * w + 1, x=x).all()  # up to 784, of 2**8


def test_the_totals_of_an_accumulator_that_may_overflow_are_not_judged():
    large = np.full((2, 4), 60000, np.float32)
    large[1] /= 8
    assert np.isfinite(bound("sum(w, 1)", Sums(F16), w=large)).tolist() == [False, True]
    scaled = bound("s * sum(w * w, 1)", Sums(F16), w=large / 256, s=np.float32(2.0**-10))
    assert np.isfinite(scaled).tolist() == [False, True]  # w * w alone is beyond the largest number


def test_infinities_and_no_numbers_are_what_they_are():
    w = np.array([[1, np.inf], [1, np.nan], [1, 2]], np.float32)
    found = bounded("sum(w, 1)", Sums(F16), w=w)
    assert found.v.tolist()[0] == np.inf and found.bound()[:2].tolist() == [0, 0] and np.isfinite(found.bound()[2])


def test_what_tf32_holds_is_not_cut():
    ar = float32()
    held = Bounded(np.array([1 + 2.0**-10, 3e38, 0.0]), ar)
    assert not off_by_cut(held)[[0, 2]].any()
    assert off_by_cut(Bounded(np.array([1 + 2.0**-11, 3.4028e38]), ar)).tolist() == [2.0**-10, np.inf]


def test_no_tensor_core_squares_nor_takes_one_number_for_a_row():
    ar = replace(float32(), sums=Sums(F32, cut_operands=True))
    w, x, s = (Bounded(part, ar) for part in (W, X, np.array([[2.5]])))
    assert operands(multiply(w, x), 1) is not None
    assert operands(multiply(w, w), 1) is None and operands(multiply(w, s), 1) is None


def test_a_region_of_float64_counts_its_roundings_twice():
    ar = float64()
    found = multiply(Bounded(np.array([1.1]), ar), Bounded(np.array([1.3]), ar)).bound()
    np.testing.assert_allclose(found, 2 * 2.0**-53 * 1.43, rtol=1e-3)
