"""The float32 reference: plain NumPy, and float32 all the way."""

import numpy as np
import pytest

from harness.language.evaluate import Bindings, evaluate
from harness.language.single import Single
from harness.language.syntax import parse

RNG = np.random.default_rng(1)
GIVEN = {
    "x": RNG.standard_normal(5).astype(np.float32),
    "w": RNG.standard_normal((3, 5)).astype(np.float32),
    "i": np.array([3, 1, 2], np.uint8),
    "n": 5,
}


def value(text: str):
    return evaluate(parse(text), Bindings(Single(), {}, {}, GIVEN))


@pytest.mark.parametrize(
    "text",
    [
        "x + 0.1", "2 * x", "x / 3", "i / 2", "w @ x", "matvec(w, x)", "sum(w, 0)", "sum(x)", "mean(x)", "max(x)",
        "exp(x)", "sqrt(abs(x))", "softmax(x)", "sigmoid(x)", "silu(x)", "relu(x)", "round(4 * x)", "stored(x)",
        "rms_norm(x, x, 1e-6)", "where(x > 0, 1, 0.5)", "scaled(x, 4)", "concat(x, i)", "stack(x, x)", "-x",
        "float32(x)",
    ],
)  # fmt: skip
def test_reals_are_float32(text):
    assert value(text).dtype == np.float32


@pytest.mark.parametrize("text", ["i + 1", "i & 1", "-i", "~i", "i << 2", "top_k(x, 2)", "arange(n)", "sum(i, 0)"])
def test_integers_are_64_bits_wide(text):
    assert value(text).dtype == np.int64


@pytest.mark.parametrize(
    "given, rounded",
    [(0.5, 1), (1.5, 2), (-0.5, -1), (-2.5, -3), (0.49999997, 0), (8388609, 8388609), (-0.0, 0)],
)
def test_halves_are_rounded_away_from_zero(given, rounded):
    bindings = Bindings(Single(), {}, {}, {"x": np.array([given], np.float32)})
    assert evaluate(parse("round(x)"), bindings).tolist() == [rounded]


def test_equal_scores_rank_by_lower_index():
    bindings = Bindings(Single(), {}, {}, {"x": np.array([1, 2, 1, 2, 2], np.float32)})
    assert evaluate(parse("top_k(x, 4)"), bindings).tolist() == [1, 3, 4, 0]


def test_softmax_of_large_logits_is_finite():
    bindings = Bindings(Single(), {}, {}, {"x": np.array([3e38, 3e38, 0], np.float32)})
    assert evaluate(parse("softmax(x)"), bindings).tolist() == [0.5, 0.5, 0]


def test_float64_input_is_rounded_on_the_way_in():
    bindings = Bindings(Single(), {}, {}, {"x": np.array([0.1])})
    assert bindings.value("x").dtype == np.float32


def test_another_format_all_the_way():
    """0.1 in float64 is the number that is written."""
    wide = Single().computing("f64", "f64")
    for text in ("x + 0.1", "w @ x", "softmax(x)", "sigmoid(x)", "silu(x)", "log(abs(x))", "relu(x)", "mean(x)"):
        assert evaluate(parse(text), Bindings(wide, {}, {}, GIVEN)).dtype == np.float64
    assert evaluate(parse("0.1 * y"), Bindings(wide, {}, {}, {"y": np.array([1.0])}))[0] == 0.1
    assert evaluate(parse("round(y)"), Bindings(wide, {}, {}, {"y": np.array([0.5 - 2.0**-54])}))[0] == 0
    assert evaluate(parse("float32(y)"), Bindings(wide, {}, {}, {"y": np.array([0.1])}))[0] == np.float32(0.1)


@pytest.mark.parametrize("text", ["sum(y)", "mean(y) * 3", "y @ ones", "matvec(y[None], ones)[0]"])
def test_a_sum_in_a_wider_accumulator_ends_in_float32(text):
    given = {"y": np.array([1, 2.0**-24, 2.0**-24], np.float32), "ones": np.ones(3, np.float32)}
    sums = [
        evaluate(parse(text), Bindings(domain, {}, {}, given))
        for domain in (Single().computing("f32", "f64"), Single())
    ]
    assert sums[0].dtype == np.float32 and float(sums[0]) == 1 + 2.0**-23
    assert Single().computing("f32", "f32").key == "single" != Single().computing("f32", "f64").key


@pytest.mark.filterwarnings("error")
def test_the_mean_of_nothing_is_nan_without_a_warning():
    assert np.isnan(value("mean(w[:, :0], 1)")).all() and value("mean(w[:, :0], 1)").shape == (3,)
    assert value("mean(w[:, :0], 0)").shape == (0,) and np.isnan(value("mean(x[:0])"))
