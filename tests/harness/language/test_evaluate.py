"""Values of expressions: against NumPy in float64, read by Python itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.language.arithmetic import float32
from harness.language.evaluate import Bindings, evaluate
from harness.language.exact.domain import Exact
from harness.language.single import Single
from harness.language.syntax import parse
from harness.language.undecided import Undecided


def _sigmoid(x):
    return 1 / (1 + np.exp(-np.asarray(x, np.float64)))


NUMPY = {
    "sum": np.sum, "mean": np.mean, "max": np.max, "min": np.min, "abs": np.abs, "sqrt": np.sqrt, "exp": np.exp,
    "sigmoid": _sigmoid, "silu": lambda x: x * _sigmoid(x), "relu": lambda x: np.maximum(x, 0), "stored": np.asarray,
    "softmax": lambda x: np.exp(x - x.max()) / np.exp(x - x.max()).sum(), "reshape": lambda x, *n: np.reshape(x, n),
    "stack": lambda *parts, axis=-1: np.stack(parts, axis), "concat": lambda *parts: np.concatenate(parts, -1),
    "transpose": np.transpose, "where": np.where, "top_k": lambda p, k: np.argsort(-p, kind="stable")[:k],
    "matvec": lambda w, x: np.einsum("...ij,...j->...i", w, x),
    "swapaxes": np.swapaxes, "tril": np.tril, "triu": np.triu, "roll": np.roll, "flip": np.flip, "repeat": np.repeat,
    "pad": lambda x, before, after, axis: np.pad(x, [(before, after) if a == axis else (0, 0) for a in range(x.ndim)]),
    "outer": np.outer, "einsum": np.einsum,
    "rms_norm": lambda x, w, e: x / np.sqrt(np.mean(x * x, -1, keepdims=True) + e) * w,
}  # fmt: skip


def by_numpy(text: str, given_) -> np.ndarray:
    """The language is a part of Python's, so Python may read the text, with NumPy's functions."""
    wide = {
        k: v.astype(np.float64) if isinstance(v, np.ndarray) and v.dtype.kind == "f" else v for k, v in given_.items()
    }
    return eval(text, {"__builtins__": {}, **NUMPY}, wide)


def bounded(case):
    """The exact value of a case's expression, and its bound."""
    domain = Exact(float32())
    value = domain.real(evaluate(parse(case.text), Bindings(domain, {}, {}, case.given)))
    return value, value.bound()


@given(st.data())
def test_the_exact_value_is_numpys_in_float64(well_typed, data):
    case = data.draw(well_typed)
    try:
        value, bound = bounded(case)
    except Undecided:
        return
    expected = by_numpy(case.text, case.given)
    judged = np.isfinite(bound)
    difference = np.abs(value.v - expected)
    assert (difference[judged] <= bound[judged] + 1e-9 * np.abs(value.v[judged])).all(), case.text
    if not any(jump in case.text for jump in ("where", "top_k")):
        np.testing.assert_allclose(value.v, expected, rtol=1e-9, atol=1e-12)


@given(st.data())
def test_the_reference_in_float32_is_inside_the_bound(well_typed, data):
    case = data.draw(well_typed)
    try:
        value, bound = bounded(case)
    except Undecided:
        return
    single = np.asarray(evaluate(parse(case.text), Bindings(Single(), {}, {}, case.given)))
    judged = np.isfinite(bound)
    assert (np.abs(single - value.v)[judged] <= bound[judged]).all(), case.text


WHOLE = st.recursive(
    st.sampled_from(["i", "j", "n", "3", "255"]),
    lambda part: st.one_of(
        st.tuples(part, st.sampled_from(["+", "-", "*", "&", "|", "^"]), part).map(lambda t: f"({' '.join(t)})"),
        st.tuples(part, st.sampled_from(["<<", ">>", "//", "%"]), st.sampled_from(["1", "4", "n"])).map(
            lambda t: f"({' '.join(t)})"
        ),
        part.map(lambda text: f"(~{text})"),
        part.map(lambda text: f"(-{text})"),
    ),
    max_leaves=6,
)


@given(WHOLE, st.integers(0, 999))
@pytest.mark.parametrize("domain", [Single(), Exact(float32())], ids=["single", "exact"])
def test_integers_are_pythons(domain, text, seed):
    i, j = np.random.default_rng(seed).integers(-128, 256, (2, 3))
    value = evaluate(parse(text), Bindings(domain, {}, {}, {"i": i, "j": j, "n": 5}))
    for place in range(3):
        expected = eval(text, {}, {"i": int(i[place]), "j": int(j[place]), "n": 5})
        if abs(expected) < 2**62:
            assert np.broadcast_to(value, 3)[place] == expected


def bindings(given_=None):
    equations = {"y": parse("2 * x"), "z": parse("y + x"), "broken": parse("missing + 1")}
    depends = {"y": frozenset("x"), "z": frozenset("xy")}
    return Bindings(Single(), equations, depends, given_ or {"x": np.array([1.0, 2.0], np.float32)})


def test_an_equation_is_evaluated_when_asked_for_and_once():
    case = bindings()
    assert case.value("z").tolist() == [3, 6]
    assert set(case.known) == {"x", "y", "z"}
    assert case.value("y") is case.value("y")


def test_a_replaced_name_changes_what_is_above_it_only():
    case = bindings()
    y = case.value("y")
    replaced = case.replaced({"y": np.array([0.0, 0.0], np.float32)})
    assert replaced.value("z").tolist() == [1, 2]
    assert case.value("z").tolist() == [3, 6]
    assert case.replaced({"z": y}).value("y") is y


def test_an_equation_called_with_names_replaced():
    assert evaluate(parse("z(y=5 * x)"), bindings()).tolist() == [6, 12]


@pytest.mark.parametrize(
    "text, value",
    [
        ("x[0] < x[1] and not x[0] > 1.5", True),
        ("0 < x[0] < 1", False),
        ("all(is_finite(x)) or x[0] > 9", True),
        ("any(x > 1.5)", True),
        ("distinct(arange(3))", True),
        ("len(x) == 2", True),
        ("nbytes(x) == 8", True),
        ("has_type(x, 'f32')", True),
    ],
)
def test_truths(text, value):
    given_ = {"x": np.array([1.0, 2.0], np.float32)}
    assert bool(np.all(evaluate(parse(text), Bindings(Single(), {}, {}, given_)))) is value
    truth = evaluate(parse(text), Bindings(Exact(float32()), {}, {}, given_))
    assert bool(truth.decided().all()) is value


STEPS = 5


def _recurrent_case(seed=0):
    rng = np.random.default_rng(seed)
    return {
        "n": STEPS, "none": 0, "a": rng.uniform(0.5, 1, (STEPS, 3)).astype(np.float32),
        "x": rng.standard_normal((STEPS, 3)).astype(np.float32), "h0": rng.standard_normal(3).astype(np.float32),
        "w": rng.standard_normal((3, 3)).astype(np.float32),
    }  # fmt: skip


def _lstm_like(case):
    """Two states in turn: the second reads the new first, the first the old second."""
    wide = {name: np.asarray(value, np.float64) for name, value in case.items()}
    c, h, reached = np.zeros(3), wide["h0"], []
    for t in range(STEPS):
        c = wide["a"][t] * c + np.tanh(wide["w"] @ h)
        h = _sigmoid(wide["x"][t]) * np.tanh(c)
        reached.append(h)
    return np.stack(reached)


def _linear(case):
    h, reached = np.asarray(case["h0"], np.float64), []
    for a, x in zip(case["a"].astype(np.float64), case["x"].astype(np.float64), strict=True):
        h = a * h + x
        reached.append(h)
    return np.stack(reached)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("scan(a[t] * h + x[t], t=n, h=h0)", _linear),
        ("scan(a[n - 1 - t] * h + x[n - 1 - t], t=n, h=h0)",
         lambda case: _linear({**case, "a": case["a"][::-1], "x": case["x"][::-1]})),
        ("scan(a[t] * c + tanh(w @ h), sigmoid(x[t]) * tanh(c), t=n, c=h0 - h0, h=h0)", _lstm_like),
        ("scan(s + t, t=n, s=0)", lambda _: np.array([0, 1, 3, 6, 10])),
        ("scan(s and x[t, 0] < 9, t=n, s=0 < 1)", lambda _: np.ones(STEPS)),
        ("2 * scan(s + x[t], t=n, s=h0)[-1]",
         lambda case: 2 * np.sum([case["h0"], *case["x"]], 0, np.float64)),
        ("scan(h, t=none, h=h0)", lambda _: np.zeros((0, 3))),
        ("scan(s + 1, t=none, s=0)", lambda _: np.zeros(0)),
    ],
)  # fmt: skip
def test_a_recurrence_is_a_loop(text, expected):
    case = _recurrent_case()
    for domain, allowed in ((Exact(float32()), 1e-6), (Single(), 1e-6)):
        value = evaluate(parse(text), Bindings(domain, {}, {}, case))
        wanted = np.asarray(expected(case))
        found = np.asarray(getattr(value, "v", value))
        assert found.shape == wanted.shape
        np.testing.assert_allclose(found, wanted, rtol=allowed, atol=allowed)


def test_names_of_a_step_hide_no_equation_that_the_step_reads():
    """`h` in an equation that a step reads is the equation, and `t` the dimension."""
    equations = {"h": parse("x[0]"), "twice": parse("2 * h + t")}
    given = {**_recurrent_case(), "t": 7}
    bindings = Bindings(Exact(float32()), equations, {"twice": frozenset({"h", "x", "t"})}, given)
    value = evaluate(parse("scan(s + twice, i=n, s=h0)"), bindings)
    np.testing.assert_allclose(value.v[0], given["h0"] + 2 * given["x"][0].astype(float) + 7, rtol=1e-6)


def test_a_state_whose_terms_are_beyond_counting_is_not_judged():
    given = {"n": 400, "k": np.ones((3, 3), np.float32), "s0": np.full(3, 0.1, np.float32)}
    value = evaluate(parse("scan(0.25 * (k @ s), i=n, s=s0)"), Bindings(Exact(float32()), {}, {}, given))
    bound = value.bound()
    assert np.isfinite(bound).sum() == 0 and value.form.t <= 2**64 * 3
    closed = evaluate(parse("scan(stored(0.25 * (k @ s)), i=n, s=s0)"), Bindings(Exact(float32()), {}, {}, given))
    assert np.isfinite(closed.bound()).all()
