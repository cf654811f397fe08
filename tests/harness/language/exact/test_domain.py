"""The exact domain as a whole: which values are integers, which are reals, and what is in doubt."""

import numpy as np
import pytest

from harness.language.arithmetic import float32
from harness.language.evaluate import Bindings, evaluate
from harness.language.exact.choice import Choice, Truth
from harness.language.exact.domain import Exact
from harness.language.exact.region import Bounded
from harness.language.single import Single
from harness.language.syntax import parse
from harness.language.undecided import Undecided

RNG = np.random.default_rng(7)
GIVEN = {
    "x": RNG.standard_normal(4).astype(np.float32),
    "w": RNG.standard_normal((3, 4)).astype(np.float32),
    "v": RNG.standard_normal((2, 3, 4)).astype(np.float32),
    "i": np.array([2, 0, 1], np.uint8),
    "n": 4,
}


def value(text: str, **given):
    return evaluate(parse(text), Bindings(Exact(float32()), {}, {}, {**GIVEN, **given}))


@pytest.mark.parametrize(
    "text, kind",
    [
        ("x + 1", Bounded),
        ("i / 2", Bounded),
        ("i + 1", np.ndarray),
        ("n * 2", int),
        ("i + 0.5", Bounded),
        ("concat(i, i)", np.ndarray),
        ("concat(i, x)", Bounded),
        ("top_k(x, 2)", Choice),
        ("top_k(x, 2) + 1", np.ndarray),
        ("x[top_k(x, 2)]", Bounded),
        ("x > 0", Truth),
        ("i > 0", Truth),
        ("all(x > 0) or n > 1", Truth),
        ("len(w)", int),
        ("nbytes(x)", int),
    ],
)
def test_what_an_expression_is(text, kind):
    assert isinstance(value(text), kind)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("x @ x", "x @ x"),
        ("w @ x", "w @ x"),
        ("x @ transpose(w)", "x @ w.T"),
        ("w @ transpose(w)", "w @ w.T"),
        ("v @ x", "v @ x"),
        ("v @ transpose(w)", "v @ w.T"),
        ("matvec(v, w[:2])", "np.einsum('ijk,ik->ij', v, w[:2])"),
        ("sum(w, 1)", "w.sum(1)"),
        ("max(w, 0)", "w.max(0)"),
        ("w[i[0], 1:]", "w[2, 1:]"),
        ("w[i]", "w[i]"),
        ("stack(x, 2 * x, axis=0)", "np.stack([x, 2 * x])"),
    ],
)
def test_products_and_moves_are_numpys(text, expected):
    wide = {"np": np, "i": GIVEN["i"], **{name: GIVEN[name].astype(np.float64) for name in "xwv"}}
    np.testing.assert_allclose(value(text).v, eval(expected, wide), rtol=1e-13, atol=1e-15)
    assert value(text).bound().shape == value(text).v.shape


def test_joined_values_keep_their_own_errors():
    joined = value("concat(x, exp(x))")
    assert (joined.bound()[:4] == 0).all() and (joined.bound()[4:] > 0).all()


def test_a_comparison_within_the_bound_is_in_doubt():
    with pytest.raises(Undecided):
        value("all(exp(y) > 1)", y=np.zeros(1, np.float32) + np.float32(1e-9))
    assert value("all(exp(y) > 1)", y=np.ones(1, np.float32)).v


def test_bytes_and_types():
    assert value("nbytes(w)") == 48
    assert value("nbytes(i)") == 3  # as stored, u8; what is computed has 64 bits
    assert value("nbytes(concat(i, i))") == 48
    assert value("has_type(x, 'f32')").v and not value("has_type(x, 'q4_k')").v


def test_a_captured_result_is_a_stored_number():
    assert value("x").exact and value("x").bound().tolist() == [0, 0, 0, 0]


KINDS = (
    [0.3, -1.7, 5.0, 0.1, -0.0, 2.0],
    [1, -2, 3, 0, 0, 7],
    [1e30, -2e37, 3e-20, 1, 2, 3],
    [1e-40, -3e-39, 1e-45, 0, 1e-38, 2.0],
    [2.0, 0.5, -4.0, 0.0, 0.0, 1.0],
    [0.0] * 6,
)
ALIKE = (
    ("x / 2", "x * 0.5", "0.5 * x"),
    ("x @ y", "sum(x * y)", "matvec(x[None], y)[0]", "sum(y * x)"),
    ("x @ y + x", "sum(x * y) + x", "matvec(x[None], y)[0] + x"),
    ("sum(x) / 2", "sum(x / 2)", "sum(x) * 0.5", "sum(0.5 * x)"),
    ("(x - y) / 4", "0.25 * (x - y)"),
)


@pytest.mark.parametrize("texts", ALIKE, ids=lambda texts: texts[0])
@pytest.mark.parametrize("flush", [False, True])
def test_however_it_is_written_the_bound_is_the_same(texts, flush):
    for x in KINDS:
        for y in KINDS:
            given = {"x": np.array(x, np.float32), "y": np.array(y, np.float32)}
            domain = Exact(float32(flush_to_zero=flush))
            first, *others = (evaluate(parse(text), Bindings(domain, {}, {}, given)).bound() for text in texts)
            for other in others:
                np.testing.assert_array_equal(other, first)


def test_a_variance_is_bounded_whatever_its_length():
    """Dividing by a power of two ends a region, as dividing by any other number does."""
    text = "sum((x - sum(x) / n) * (x - sum(x) / n)) / n"
    for n in (255, 256):
        x = np.random.default_rng(n).standard_normal(n).astype(np.float32)
        assert value(text, x=x, n=n).bound() < 1e-3


@pytest.mark.parametrize(
    "text, expected, bound",
    [
        ("where(m == 1, x, -inf)", [0.3, -np.inf, 5], [0, 0, 0]),
        ("exp(x) + where(m == 1, 0, -inf)", None, [None, 0, None]),
        ("softmax(where(m == 1, x, -inf))", None, [None, 0, None]),
        ("softmax(where(m == 7, x, -inf))", None, [np.inf] * 3),
        ("max(where(m == 1, x, -inf))", 5, 0),
        ("max(where(m == 7, x, -inf))", -np.inf, 0),
        ("min(where(m == 1, x, inf))", 0.3, 0),
        ("min(where(m == 1, x, -1e30))", -1e30, None),
        ("exp(where(m == 1, x, -inf))", None, [None, None, None]),
        ("relu(where(m == 1, x, -inf))", [0.3, 0, 5], [0, 0, 0]),
        ("sum(where(m == 1, x, -inf))", -np.inf, 0),
        ("where(m == 1, x, -inf) * x", None, [None, 0, None]),
        ("where(m == 1, x, -inf) * (x + 1)", None, [None, np.inf, None]),
        ("where(m == 1, x, -inf) * (m - 1)", None, [0, 0, 0]),
        ("where(m == 1, 0, inf) - where(m == 1, 0, inf)", None, [0, np.inf, 0]),
        ("where(m == 1, x, -inf) / x", None, [None, 0, None]),
    ],
)
def test_infinities(text, expected, bound):
    """Bounds that are None are finite and not zero."""
    found = value(text, x=np.array([0.3, -2, 5], np.float32), m=np.array([1, 0, 1]))
    if expected is not None:
        np.testing.assert_array_equal(found.v, np.array(expected, np.float32 if expected != -1e30 else np.float64))
    for got, wanted in zip(np.ravel(found.bound()), np.ravel(np.array(bound, object)), strict=True):
        assert 0 < got < 1e25 if wanted is None else got == wanted, found.bound()


@pytest.mark.parametrize(
    "text",
    [
        "c[1:]",
        "c[0, ..., None]",
        "c[i]",
        "reshape(c, 4, 3)",
        "transpose(c)",
        "stack(c, not c, axis=1)",
        "concat(c, c, axis=0)",
        "where(c, x > 1, c)",
        "c and x > 0",
        "c or w > 1 or i[0] == 2",
    ],
)
@pytest.mark.parametrize("domain", [Exact(float32()), Single()])
def test_a_truth_array_is_an_array(text, domain):
    bindings = Bindings(domain, {"c": parse("w > 0")}, {}, GIVEN)
    got = evaluate(parse(text), bindings)
    plain = {
        "np": np,
        "stack": lambda *parts, axis: np.stack(parts, axis),
        "concat": lambda *parts, axis: np.concatenate(parts, axis),
        "reshape": lambda x, *shape: x.reshape(shape),
        "transpose": np.transpose,
        "where": np.where,
    }
    python = (
        text.replace("not ", "~")
        .replace(" and x > 0", " & (x > 0)")
        .replace("c or w > 1 or i[0] == 2", "c | (w > 1) | (i[0] == 2)")
    )
    expected = eval(python, {**plain, **GIVEN, "c": GIVEN["w"] > 0})
    np.testing.assert_array_equal(got.v if isinstance(got, Truth) else got, expected)
    assert not isinstance(got, Truth) or got.doubt.shape == expected.shape


@pytest.mark.parametrize("op", ["//", "%"])
def test_integers_divided_by_zero_are_undecided_and_no_exception(op):
    with pytest.raises(Undecided, match="division of integers by zero"):
        value(f"(i + 1) {op} i")
    with pytest.raises(Undecided, match="division of integers by zero"):
        value(f"n {op} m", m=0)
    assert evaluate(parse(f"n {op} m"), Bindings(Single(), {}, {}, {"n": 4, "m": 0})) == 0
