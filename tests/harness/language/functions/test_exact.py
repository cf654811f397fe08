"""The exact rule of each function: its value against NumPy in float64, and float32 results inside its bound."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.language.arithmetic import float32
from harness.language.evaluate import Bindings, evaluate
from harness.language.exact.domain import Exact
from harness.language.exact.region import Bounded, multiply
from harness.language.syntax import parse
from harness.language.undecided import Undecided

AR = float32()
F = np.float32
VALUES = st.lists(st.floats(-30, 30, width=32), min_size=1, max_size=6)


def leaf(values, error=0.0) -> Bounded:
    v = np.asarray(values, np.float64)
    return Bounded(v, AR) if not error else Bounded(v, AR, np.full(v.shape, error))


def exact(name, *arguments):
    return Exact(AR).call(name, list(arguments), {})


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


# name: the same in NumPy for any float type
RULES = {
    "exp": np.exp,
    "sigmoid": _sigmoid,
    "silu": lambda x: x * _sigmoid(x),
    "relu": lambda x: np.maximum(x, 0),
    "abs": np.abs,
    "softmax": lambda x: np.exp(x - x.max()) / np.exp(x - x.max()).sum(),
    "stored": np.asarray,
    "tanh": np.tanh,
}
POSITIVE = {"sqrt": np.sqrt, "rsqrt": lambda x: 1 / np.sqrt(x), "log": lambda x: np.log(x.astype(np.float64))}
OF_POSITIVE = {name: lambda x, rule=rule: rule(np.abs(x) + x.dtype.type(0.5)) for name, rule in POSITIVE.items()}


@pytest.mark.parametrize("name", [*RULES, *OF_POSITIVE])
@given(VALUES, st.sampled_from([0.0, 2.0**-12, 0.25]), st.integers(0, 99))
def test_value_and_bound(name, values, error, seed):
    numpy = {**RULES, **OF_POSITIVE}[name]
    x = leaf(values, error)
    if name in OF_POSITIVE:
        x = Exact(AR).binary("+", exact("abs", x), leaf(0.5))
    value = exact(name, x)
    np.testing.assert_allclose(value.v, numpy(np.array(values)), rtol=1e-12, atol=1e-300)
    moved = np.array(values) + error * np.random.default_rng(seed).uniform(-1, 1, len(values))
    kept = moved if error else np.array(values)
    got = numpy(kept.astype(F)).astype(F).astype(np.float64)
    slack = np.abs(kept.astype(F) - kept) * 2 + 1e-12 if error else 0.0  # moved values rounded to float32
    assert (np.abs(got - value.v) <= value.bound() * (1 + 1e-6) + slack * np.maximum(1, np.abs(value.v))).all()


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
    result = exact("round", leaf([value], error))
    assert (result.v.tolist(), result.bound().tolist()) == ([rounded], [bound])


@given(st.floats(-20, 20), st.sampled_from([1e-9, 0.25, 0.5, 1.7]))
def test_rounding_covers_every_integer_of_the_interval(value, error):
    result = exact("round", leaf([value], error))
    for moved in np.linspace(value - error, value + error, 41):
        assert abs(np.rint(moved) - result.v[0]) <= result.bound()[0]


@pytest.mark.parametrize(
    "name, value, error, stepped, bound",
    [
        ("floor", 3.0, 1e-9, 3, 1),
        ("floor", 2.9999, 0.0, 2, 0),
        ("floor", 2.5, 0.4, 2, 0),
        ("ceil", 3.0, 1e-9, 3, 1),
        ("ceil", -0.5, 0.6, 0, 1),
        ("trunc", -2.5, 0.6, -2, 1),
        ("trunc", 0.2, 0.7, 0, 0),
        ("sign", 0.5, 0.4, 1, 0),
        ("sign", 0.5, 0.5, 1, 1),
        ("sign", 0.5, 0.6, 1, 2),
        ("sign", 0.0, 0.1, 0, 1),
    ],
)
def test_a_step_within_reach_is_covered(name, value, error, stepped, bound):
    result = exact(name, leaf([value], error))
    assert (result.v.tolist(), result.bound().tolist()) == ([stepped], [bound])


def test_a_sign_of_what_may_be_no_number_is_not_judged():
    unknown = Bounded(np.array([np.nan, 3e38]), AR, np.array([0.0, np.inf]))
    assert exact("sign", unknown).bound().tolist() == [np.inf, np.inf]


@pytest.mark.parametrize(
    "x, y, larger, bound",
    [
        ((5.0, 0.5), (1.0, 2.0), 5, 0.5),  # the other cannot reach it
        ((5.0, 0.5), (5.0, 2.0), 5, 2),
        ((5.0, 0.5), (4.0, 2.0), 5, 1),
        ((5.0, 0.0), (-1e30, 1e23), 5, 0),
        ((np.inf, 0.0), (5.0, 0.5), np.inf, 0),
        ((-np.inf, 0.0), (5.0, 0.5), 5, 0.5),
        ((np.inf, 0.0), (5.0, np.inf), np.inf, np.inf),
    ],
)
def test_the_larger_of_two(x, y, larger, bound):
    sides = [Bounded(np.array([v]), AR, np.array([e])) for v, e in (x, y)]
    for name, sign in (("maximum", 1), ("minimum", -1)):
        for first, second in (sides, sides[::-1]):
            result = exact(name, first if sign > 0 else -first, second if sign > 0 else -second)
            assert sign * result.v[0] == larger and result.bound()[0] == pytest.approx(bound)


def test_the_larger_of_nan_and_a_number_is_not_judged():
    nan, one = (Bounded(np.array([v]), AR) for v in (np.nan, 1.0))
    assert np.isinf(exact("maximum", nan, one).bound()[0])
    assert exact("minimum", nan, nan).bound().tolist() == [0] and np.isnan(exact("minimum", nan, nan).v[0])


def test_ties_outlive_a_clip():
    x = exact("exp", leaf([0.3, 0.7, 0.3]))
    kept = exact("clip", x, Bounded(0.0, AR), Bounded(9.0, AR))
    assert kept.key.tolist() == x.key.tolist()
    assert exact("top_k", kept, 2).doubt == "" and exact("top_k", kept, 3).decided().tolist() == [1, 0, 2]
    both = exact("maximum", x, exact("exp", leaf([0.1, 0.1, 0.2])))
    assert np.isnan(both.key).all()


@given(VALUES)
def test_a_power_is_a_product_of_equal_factors(values):
    x = leaf(np.array(values, F))
    for n, product in ((2, "x * x"), (3, "x * x * x")):
        written = evaluate(parse(product), Bindings(Exact(AR), {}, {}, {"x": np.array(values, F)}))
        made = exact("pow", x, n)
        assert made.v.tolist() == written.v.tolist() and made.bound().tolist() == written.bound().tolist()
    assert exact("pow", x, 1) is x
    assert exact("pow", leaf([np.nan, 2.0]), 0).v.tolist() == [1, 1]


def test_powers_by_entries_are_judged_where_their_reciprocals_are():
    x, n = leaf([2.0, 3.0, 1e30, 1e-30, 0.0, 0.0]), np.array([-3, 4, -1, -2, 2, -1])
    result = exact("pow", x, n)
    assert result.v[:2].tolist() == [0.125, 81] and result.bound()[:2].tolist() == [0, 0]
    assert 0 < result.bound()[2] <= 2.5 * 2.0**-24 * result.v[2]
    assert result.bound()[3:].tolist() == [np.inf, 0, np.inf]


def test_a_power_of_two_rounds_nothing():
    x = leaf(np.array([0.1, 3.0], F))
    assert exact("ldexp", x, 9).bound().tolist() == [0, 0]
    far = exact("ldexp", leaf([2.0**100, 0.1, np.inf, 0.0]), -200)
    assert far.v[0] == 2.0**-100 and far.bound()[[0, 2, 3]].tolist() == [0, 0, 0] and far.bound()[1] == 2.0**-148


def test_what_is_exact_stays_exact():
    assert exact("silu", leaf([0.0])).bound().tolist() == [0.0]
    assert exact("relu", leaf([-1.5, 2.5])).exact
    assert exact("abs", leaf([-1.5])).exact
    assert exact("max", leaf([1.0, 2.0])).exact
    assert exact("sqrt", leaf([0.0])).bound().tolist() == [0.0]


def test_maximum_and_minimum():
    x = leaf([[1.0, 5.0], [7.0, 2.0]], 0.5)
    assert exact("max", x, 0).v.tolist() == [7, 5]
    assert exact("min", x, 1).v.tolist() == [1, 2]
    assert exact("max", x).bound() == 0.5


def test_softmax_is_clamped():
    wide = exact("softmax", leaf([0.0, 0.0], 60.0))
    assert (wide.bound() <= 1.001).all()


@pytest.mark.parametrize("value, error", [(-1e30, 1e23), (-1e4, 10.0), (-800.0, 0.5), (-800.0, 790.0)])
def test_exp_far_below_zero_is_judged_whatever_its_argument_is_off_by(value, error):
    result = exact("exp", leaf([value], error))
    most = np.exp(value + error)
    assert most <= result.bound()[0] <= 1.001 * most + 4 * 2.0**-149


def test_relu_takes_no_error_from_below_zero():
    assert exact("relu", leaf([-1e30], 1e23)).bound().tolist() == [0.0]
    assert exact("relu", leaf([-1.0, 1.0], 1.5)).bound().tolist() == [1.5, 1.5]


def test_sqrt_of_what_may_be_negative_is_not_judged():
    assert np.isinf(exact("sqrt", leaf([0.1], 0.2)).bound()).all()


@given(VALUES)
def test_rms_norm(values):
    x = np.array(values, F)
    wide = x.astype(np.float64)
    value = exact("rms_norm", leaf(x), leaf(np.full(len(x), 2.0)), leaf(1e-3))
    np.testing.assert_allclose(value.v, 2 * wide / np.sqrt(np.mean(wide * wide) + 1e-3), rtol=1e-12)
    got = x / np.sqrt(np.mean(x * x, dtype=F) + F(1e-3)) * F(2)
    assert (np.abs(got - value.v) <= value.bound()).all()


@given(VALUES)
def test_mean(values):
    x = np.array(values, F)
    value = exact("mean", leaf(x))
    assert abs(float(np.mean(x, dtype=F)) - float(value.v)) <= float(value.bound())


def test_float32_leaves_nan_with_the_bound_that_it_has():
    for factor, bound in ((2.0, 0.0), (0.0, np.inf)):  # NaN for sure; a kernel may skip zeros
        rounded = exact("float32", multiply(leaf([np.nan, 1 + 2.0**-30]), leaf([factor, 2.0])))
        assert np.isnan(rounded.v[0]) and rounded.v[1] == 2.0
        assert rounded.bound().tolist() == [bound, 0.0]


def test_float32_rounds_once():
    assert exact("float32", leaf([1 + 2.0**-30])).v.tolist() == [1.0]
    with pytest.raises(Undecided):
        exact("float32", leaf([1.0], 0.1))


def test_the_logarithm_near_one_is_as_sharp_as_its_argument():
    """1 + 2**-40, off by that much, may be held as 1: a difference of two logarithms in float64 would say less."""
    off = 2.0**-40 * (1 + 2.0**-10)
    value = exact("log", leaf([1 + off], off))
    assert value.v[0] <= value.bound()[0] <= 1.001 * value.v[0] + 4 * 2.0**-149


@pytest.mark.parametrize("name", ["log", "rsqrt"])
def test_what_may_be_zero_or_negative_is_not_judged(name):
    with np.errstate(all="ignore"):
        assert np.isinf(exact(name, leaf([0.0, -1.0])).bound()).all()
        assert np.isinf(exact(name, leaf([0.25, 1.0], 0.25)).bound()).tolist() == [True, False]


def test_tanh_of_what_has_no_bound_is_not_judged():
    assert np.isinf(exact("tanh", leaf([0.5], np.inf)).bound()).all()


def test_tanh_may_lose_units_of_one_near_zero():
    x = F(1e-4)
    got = F(1) - F(2) / (F(1) + np.exp(F(2) * x))
    value = exact("tanh", leaf([x]))
    assert 1000 * 2.0**-24 * value.v[0] < abs(got - value.v[0]) <= value.bound()[0]


@pytest.mark.parametrize(
    "name, slope", [("tanh", 1 - np.tanh(0.75) ** 2), ("log", 1 / 0.75), ("rsqrt", 0.75**-1.5 / 2)]
)
def test_the_condition_is_the_value_and_what_the_argument_s_moves(name, slope):
    domain = Exact(replace(AR, condition=True))
    value = domain.call(name, [Bounded(np.array([0.75]), domain.ar)], {})
    assert value.k == pytest.approx(abs(value.v) + slope * 0.75)
