"""What the functions of analysis give at the ends of the line, and what stays exact."""

import math
from dataclasses import replace

import numpy as np
import pytest

from harness.language.arithmetic import float32, float64
from harness.language.behind import Untouched
from harness.language.evaluate import Bindings, evaluate
from harness.language.exact.domain import Exact
from harness.language.functions import FUNCTIONS
from harness.language.single import Single
from harness.language.syntax import parse

INF, NAN = math.inf, math.nan


def value(text: str, x: float, arithmetic=None):
    number = np.float64 if arithmetic == float64() else np.float32
    with np.errstate(all="ignore"):
        made = evaluate(parse(text), Bindings(Exact(arithmetic or float32()), {}, {}, {"x": np.array([x], number)}))
    return float(made.v[0]), float(made.bound()[0])


@pytest.mark.parametrize("arithmetic", [float32(), float32(flush_to_zero=True), float64()], ids=["f32", "ftz", "f64"])
@pytest.mark.parametrize(
    "text, x, wanted, within",
    [
        ("sin(x)", 0, 0, 0), ("cos(x)", 0, 1, 1e-6), ("erf(x)", 0, 0, 0), ("erf(x)", INF, 1, 1e-6),
        ("erf(x)", -INF, -1, 1e-6), ("gelu(x)", 0, 0, 0), ("gelu_tanh(x)", 0, 0, 0), ("softplus(x)", -INF, 0, 0),
        ("softplus(x)", 0, math.log(2), 1e-6), ("exp2(x)", -INF, 0, 1e-30), ("exp2(x)", 10, 1024, 1e-2),
        ("log2(x)", 1, 0, 1e-30), ("log2(x)", 8, 3, 1e-5), ("reciprocal(x)", 4, 0.25, 1e-6),
        ("reciprocal(x)", INF, 0, 1e-30), ("reciprocal(x)", -INF, 0, 1e-30),
    ],
)  # fmt: skip
def test_what_is_known_of_it(text, x, wanted, within, arithmetic):
    v, bound = value(text, x, arithmetic)
    assert bound <= within
    assert v == pytest.approx(wanted, rel=1e-15, abs=0)


@pytest.mark.parametrize(
    "text, x",
    [
        ("sin(x)", INF), ("cos(x)", -INF), ("gelu(x)", INF), ("gelu(x)", -INF), ("gelu_tanh(x)", -INF),
        ("softplus(x)", INF), ("exp2(x)", INF), ("exp2(x)", 129), ("log2(x)", 0), ("log2(x)", -1), ("log2(x)", INF),
        ("reciprocal(x)", 0), ("reciprocal(x)", 1e-45), ("gelu(x)", 3e38),
    ],
)  # fmt: skip
def test_what_is_not_judged(text, x):
    assert value(text, x)[1] == INF


@pytest.mark.parametrize("name", ["sin", "cos", "erf", "gelu", "gelu_tanh", "exp2", "log2", "softplus", "reciprocal"])
def test_nan_stays_nan_in_every_evaluation(name):
    v, bound = value(f"{name}(x)", NAN)
    assert math.isnan(v)
    assert bound == 0


def test_large_numbers_are_judged_where_the_plain_form_would_overflow():
    assert value("softplus(x)", 1000) == (1000, pytest.approx(1000 * 8 * 2**-24, rel=1e-3))
    assert value("gelu_tanh(x)", 1e20)[0] == pytest.approx(1e20)
    assert value("gelu_tanh(x)", 1e20)[1] < 1e15


def test_the_sine_of_an_angle_that_is_off_by_anything_is_off_by_two_at_most():
    for arithmetic in (float32(), float64()):
        made = evaluate(parse("sin(x / 3)"), Bindings(Exact(arithmetic), {}, {}, {"x": np.array([1e20], np.float32)}))
        assert 1 < made.bound()[0] < 2.00001


@pytest.mark.parametrize("text", ["sigmoid(x)", "silu(x)"])
def test_a_sigmoid_by_tanh_has_to_be_declared(text):
    by_tanh = replace(float32(), sigmoid_by_tanh=True)
    assert value(text, -15.0, by_tanh)[1] > 1e3 * value(text, -15.0)[1]


def test_angles_that_are_reduced_in_rounded_numbers_have_to_be_declared():
    rounded = replace(float32(), rounded_reduction=True)
    assert value("sin(x)", 0, rounded) == (0, 0)
    assert value("sin(x)", 0.75, rounded)[1] < 3 * value("sin(x)", 0.75)[1]
    assert value("sin(x)", 1e5, rounded)[1] > 1e3 * value("sin(x)", 1e5)[1]


@pytest.mark.parametrize("name", ["sin", "erf", "gelu", "gelu_tanh", "exp2", "log2", "softplus", "reciprocal"])
def test_an_array_that_is_too_large_is_not_computed_with(name, monkeypatch):
    monkeypatch.setattr("harness.language.behind.PART", 0)
    with pytest.raises(TypeError):
        FUNCTIONS[name].single(Single(), np.ones(3, np.float32).view(Untouched))


INSIDE = {"log2": (0.3, 5.0), "reciprocal": (0.3, 5.0)}


@pytest.mark.parametrize("name", ["sin", "cos", "erf", "gelu", "gelu_tanh", "exp2", "log2", "softplus", "reciprocal"])
def test_the_condition_is_the_value_and_the_slope_times_the_argument(name):
    x, h = np.linspace(*INSIDE.get(name, (-3.0, 3.0)), 41), 1e-6
    arithmetic = replace(float64(), condition=True)

    def at(points):
        return evaluate(parse(f"{name}(x)"), Bindings(Exact(arithmetic), {}, {}, {"x": points}))

    slope = (at(x + h).v - at(x - h).v) / (2 * h)
    assert at(x).k == pytest.approx(np.abs(at(x).v) + np.abs(slope * x), abs=1e-8)
