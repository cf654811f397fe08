"""No sum in a narrow accumulator, in blocks or on tensor cores is outside its bound; rules that tempt are refuted.

`python benchmarks/narrow_slack.py` is the same at scale.
"""

from dataclasses import replace

import ml_dtypes
import numpy as np
import pytest

from harness.language.accumulators import TF32, Adder, Sums
from harness.language.arithmetic import float32, float64
from harness.language.dtypes import DTYPES, Floating
from harness.language.exact.region import Bounded, matvec, total
from tests.harness.language.soundness import adders, double, narrow
from tests.harness.language.soundness.narrow import ARITHMETICS, OPERANDS, ORDERS, Recipe, Way, attack, recipe_of
from tests.harness.language.soundness.rounding import rounded, rounded_sum

F16 = DTYPES["f16"].numbers
RNG = np.random.default_rng(7)


@pytest.mark.parametrize("name", ARITHMETICS)
def test_every_sum_is_within_the_bound_of_its_arithmetic(name):
    rng = np.random.default_rng(11)
    for _ in range(30):
        recipe = recipe_of(rng, name, rows=16)
        outcome = attack(recipe)
        assert not outcome.outside.any(), recipe


@pytest.mark.parametrize("text", double.EQUATIONS)
def test_every_float64_kernel_is_within_the_bound_of_float64(text):
    for seed in range(12):
        for ulps in (1, 2):
            outcome = double.attack(text, seed, double.FORMS[seed % 3], float64(exp_ulps=ulps))
            assert not outcome.outside.any(), (text, seed, ulps)


# --- the emulators --------------------------------------------------------------------------------------------------


def test_the_emulated_rounding_is_that_of_other_packages():
    x = RNG.standard_normal(20000) * 2.0 ** RNG.integers(-40, 20, 20000)
    with np.errstate(over="ignore"):
        np.testing.assert_array_equal(rounded(x, F16), x.astype(np.float16).astype(float))
        np.testing.assert_array_equal(rounded(x, DTYPES["f32"].numbers), x.astype(np.float32).astype(float))
    single = x.astype(np.float32)
    bf16 = single.astype(ml_dtypes.bfloat16).astype(float)
    np.testing.assert_array_equal(rounded(single.astype(float), DTYPES["bf16"].numbers), bf16)
    assert rounded(np.array([1 + 2.0**-8 + 2.0**-30]), DTYPES["bf16"].numbers)[0] == 1 + 2.0**-7  # not by float32


def test_an_emulated_sum_is_rounded_once():
    """One, and a hair more than half its last place: in float64 the sum is a tie."""
    half = np.array([2.0**-11 + 2.0**-63])
    assert rounded_sum(np.array([1.0]), half, F16)[0] == 1 + 2.0**-10


@pytest.mark.parametrize("name", [name for name in ARITHMETICS if ARITHMETICS[name].arithmetic.sums.adder])
def test_the_emulated_adder_is_that_of_rational_arithmetic(name):
    declared = ARITHMETICS[name]
    sums, emin = declared.arithmetic.sums, OPERANDS[declared.how[0]].emin
    for kind in narrow.KINDS:
        for n in (1, 5, 33):
            w, x = narrow.drawn(kind, RNG, (3, n), declared.operands)
            got = adders.dot(w, x, sums.adder, emin, sums.accumulator.emin)
            own = [adders.dot_in_fractions(w[i], x[i], sums.adder, emin, sums.accumulator.emin) for i in range(3)]
            assert got.tolist() == own


# --- k u in place of (1 + u)**k - 1 ---------------------------------------------------------------------------------


@pytest.mark.parametrize("digits", [2, 3])
@pytest.mark.parametrize("how", ["unfused", "fused"])
def test_k_units_hold_in_toy_formats_where_second_order_would_show(digits, how):
    """Every number of three or four bits; u is 1/4 or 1/8, and sums of three to six products are of order 1 / u."""
    toy = Floating(digits, -30, 2.0**30, "infinity")
    worst = 0.0
    for n in (2, 3, 4, 6):
        w = rounded(RNG.uniform(0.5, 2, (4000, n)) * 2.0 ** RNG.integers(-3, 4, (4000, n)), toy)
        x = rounded(RNG.uniform(0.5, 2, (4000, n)) * RNG.choice([-1, 1], (4000, n)), toy)
        for order in ORDERS:
            got = Way(RNG, Sums(toy), order, how).dot(w, x)
            error, size = np.abs(got - (w * x).sum(1)), np.abs(w * x).sum(1)
            worst = max(worst, float((error / (n * toy.unit * size)).max()))
    assert 0.5 < worst <= 1


def test_sums_of_products_that_do_not_round_have_one_rounding_less():
    sums = Sums(DTYPES["f32"].numbers, exact_products=True)
    ar, whole = replace(float32(), sums=sums), np.array([[1.0, 1 + 2.0**-7]])
    fine = np.array([[1.0, 1 + 2.0**-20]])
    of_bf16 = matvec(Bounded(whole, ar), Bounded(whole[0] / 3 * 3, ar))
    of_single = matvec(Bounded(fine, ar), Bounded(fine[0], ar))
    assert of_bf16.bound()[0] < 1.01 * 2.0**-24 * of_bf16.a[0] < of_single.bound()[0]


# --- what tempts, and is refuted ------------------------------------------------------------------------------------


def refuted(name, kind, bound_of, equation="dot product"):
    """Rows of one kind that are outside a rule; bound_of(outcome, adder) is that rule."""
    outside, rng = 0, np.random.default_rng(5)
    for _ in range(40):
        recipe = replace(recipe_of(rng, name, rows=32), kind=kind, equation=equation, form="dot", order="sequential")
        outcome = attack(recipe)
        assert not outcome.outside.any()
        outside += int((outcome.error > bound_of(outcome)).sum())
    return outside


def size(outcome):
    return np.abs(outcome.operands["w"] * outcome.operands["x"]).sum(1)


@pytest.mark.parametrize("name, kind", [("Volta f16", "lost"), ("Hopper e4m3", "normal"), ("Ampere f16", "subnormal")])
def test_gamma_of_float32_does_not_hold_on_tensor_cores(name, kind):
    assert refuted(name, kind, lambda found: float32().gamma(found.operands["w"].shape[1]) * size(found)) > 10


def test_twice_the_unit_does_not_hold_for_truncation():
    def twice(found):
        return 2 * 2.0**-24 * (found.operands["w"].shape[1] - 1) * size(found)

    assert refuted("Hopper e4m3", "lost", twice) > 100 and refuted("Volta f16", "subnormal", twice) > 10


def test_the_largest_product_is_not_what_subnormal_operands_are_aligned_to():
    def by_products(found):
        w, x = found.operands["w"], found.operands["x"]
        n, groups = np.count_nonzero(w * x, 1), -(-w.shape[1] // 8)
        largest = np.maximum(np.abs(w * x).max(1), size(found))
        return (n + groups) * 2.0**-24 * largest + groups * 2.0**-23 * size(found) + groups * 2.0**-149

    assert refuted("Ampere f16", "subnormal", by_products) > 10


@pytest.mark.parametrize("name", ["f16", "bf16", "f16 of float32"])
def test_the_bound_of_float32_does_not_hold_for_narrower_accumulators(name):
    recipe = Recipe(name, "sum", "positive", 3, "sum", "sequential", "unfused")
    assert attack(recipe, float32()).outside.any()


def test_a_sum_of_one_number_is_rounded_to_its_accumulator():
    one = Bounded(np.array([[1 + 2.0**-20]]), replace(float32(), sums=Sums(F16)))
    assert total(one, 1).bound()[0] >= 2.0**-20 and total(one, 1).close().e[0] >= 2.0**-20


def test_float16_is_judged_row_by_row():
    """n times the largest factors is above 65504 for 4096 normal numbers; their sums are far below it."""
    ar = replace(float32(), sums=Sums(F16))
    w = RNG.standard_normal((3, 4096)).astype(np.float16)
    x = RNG.standard_normal(4096).astype(np.float16)
    w[2] = 60000
    assert matvec(Bounded(w, ar), Bounded(x, ar)).form.c > 65504
    assert np.isfinite(matvec(Bounded(w, ar), Bounded(x, ar)).bound()).tolist() == [True, True, False]


def test_operands_are_cut_to_tf32_where_they_are_multiplied_and_summed():
    ar = replace(float32(), sums=Sums(DTYPES["f32"].numbers, cut_operands=True))
    fine, few = Bounded(np.array([[1 + 2.0**-20, 1.0]]), ar), Bounded(np.array([1 + 2.0**-10, 3.0]), ar)
    assert matvec(fine, few).bound()[0] >= 2.0**-20 and rounded(few.v, TF32).tolist() == few.v.tolist()
    assert total(fine, 1).bound()[0] < 2.0**-22  # nothing is multiplied


def test_what_an_adder_gives_out_is_not_distributed():
    ar = replace(float32(), sums=Sums(DTYPES["f32"].numbers, adder=Adder(8, 24, "truncate", 24)))
    w = Bounded(RNG.standard_normal((2, 8)), ar)
    assert matvec(w, Bounded(w.v[0], ar)).is_leaf and not total(w, 1).is_leaf
