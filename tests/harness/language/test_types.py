"""Kinds and shapes of operators and functions, one line each."""

import pytest

from harness.language import types as T
from harness.language.claims.signatures import SIGNATURES as CLAIMS
from harness.language.infer import Scope, TypeRefused, infer
from harness.language.sizes import Range, Size
from harness.language.syntax import parse


def array(kind: str, *shape) -> T.Array:
    return T.Array(kind, tuple(map(Size.of, shape)))


SCOPE = Scope(
    {
        "n": T.dimension("n"),
        "k": T.dimension("k"),
        "x": array("real", "n"),
        "w": array("real", "k", "n"),
        "s": array("real"),
        "i": array("int", "n"),
        "t": T.Blocks(("q4_k",), (Size.of("k"), Size.of("n"))),
    },
    {"n": Range(Size.of(2), Size.of(9)), "k": Range(Size.of(1), Size.of("n"))},
)


def shown(text: str) -> str:
    return str(infer(parse(text), SCOPE))


@pytest.mark.parametrize(
    "text, kind",
    [
        ("n", "integer number"),
        ("1.5", "real number"),
        ("'a'", "text 'a'"),
        ("x + 1", "real[n]"),
        ("i + 1", "integer[n]"),
        ("i / 2", "real[n]"),
        ("i // 2 & 3", "integer[n]"),
        ("~i", "integer[n]"),
        ("-x", "real[n]"),
        ("w * x", "real[k, n]"),
        ("x[..., None] * x", "real[n, n]"),
        ("w @ x", "real[k]"),
        ("x @ x", "real number"),
        ("w @ transpose(w)", "real[k, k]"),
        ("t @ x", "real[k]"),
        ("t", "q4_k tensor[k, n]"),
        ("t[0]", "q4_k tensor[n]"),
        ("x > 0", "truth[n]"),
        ("not x > 0", "truth[n]"),
        ("all(x > 0) and n > 1", "truth value"),
        ("sum(x)", "real number"),
        ("sum(i, 0)", "integer number"),
        ("mean(w, 0)", "real[n]"),
        ("max(w, -1)", "real[k]"),
        ("min(i)", "real number"),
        ("abs(x)", "real[n]"),
        ("exp(x)", "real[n]"),
        ("sqrt(x)", "real[n]"),
        ("silu(x)", "real[n]"),
        ("sigmoid(x)", "real[n]"),
        ("relu(x)", "real[n]"),
        ("round(x)", "real[n]"),
        ("float32(x)", "real[n]"),
        ("stored(x)", "real[n]"),
        ("softmax(w)", "real[k, n]"),
        ("matvec(reshape(w, 1, k, n), reshape(x, 1, n))", "real[1, k]"),
        ("top_k(x, k)", "integer[k]"),
        ("x[top_k(x, k)]", "real[k]"),
        ("arange(2 * n + 1)", "integer[2*n + 1]"),
        ("rms_norm(x, x, 1e-6)", "real[n]"),
        ("reshape(w, n * k)", "real[k*n]"),
        ("stack(x, x)", "real[n, 2]"),
        ("stack(i, i, axis=0)", "integer[2, n]"),
        ("concat(x, i)", "real[2*n]"),
        ("concat(w, w, axis=0)", "real[2*k, n]"),
        ("transpose(w)", "real[n, k]"),
        ("where(x > 0, i, s)", "real[n]"),
        ("is_finite(w)", "truth[k, n]"),
        ("any(is_finite(w))", "truth value"),
        ("distinct(i)", "truth value"),
        ("scaled(t, 2)", "q4_k tensor[k, n]"),
        ("scaled(x, 4)", "real[n]"),
        ("len(w, 1) - len(w)", "integer number"),
        ("nbytes(t)", "integer number"),
        ("relabelled(t, 'q5_k')", "q4_k tensor[k, n]"),
        ("has_type(t, 'q4_k')", "truth value"),
        ("x[1:n - 1]", "real[n - 2]"),
        ("w[0, 1:]", "real[n - 1]"),
        ("w[..., 0]", "real[k]"),
    ],
)
def test_kind_and_shape(text, kind):
    assert shown(text) == kind


def test_every_function_is_tried_above():
    marks = test_kind_and_shape.pytestmark[0].args[1]
    tried = " ".join(text for text, _ in marks)
    assert [name for name in T.SIGNATURES if f"{name}(" not in tried] == []


@pytest.mark.parametrize(
    "text, said",
    [
        ("x + w[:, 0]", "different shapes"),
        ("i & x", "integer array for &"),
        ("x @ w", "do not fit"),
        ("s @ x", "@ needs arrays"),
        ("w @ reshape(x, n, 1, 1)", "more than two axes"),
        ("'a' + 1", "text 'a' where"),
        ("'a' == 'b'", "cannot be compared"),
        ("(x > 0) == (x > 1)", "combined with and, or, not"),
        ("x > 0 and n > 1", "no side of and"),
        ("not n", "not needs a truth value"),
        ("~x", "integer array for ~"),
        ("softmax(s)", "needs an axis"),
        ("matvec(x, x)", "needs w"),
        ("top_k(x, n + 1)", "more entries than there are"),
        ("top_k(w, 1)", "ranks one axis"),
        ("top_k(x, sum(i))", "must follow from the dimensions"),
        ("arange(1.5)", "must follow from the dimensions"),
        ("reshape(w, n, n)", "changes the number of entries"),
        ("arange(k - n)", "may be negative"),
        ("reshape(w, -k, -n)", "may be negative"),
        ("reshape(n, 1)", "reshape needs an array"),
        ("stack(x, w)", "equal shapes"),
        ("concat(x)", "at least two"),
        ("concat(w, x)", "one rank"),
        ("transpose(x)", "two axes"),
        ("where(x, x, x)", "needs a comparison"),
        ("rms_norm(x, x, x)", "an array and a number"),
        ("all(x)", "need a comparison"),
        ("scaled(x, 3)", "power of two"),
        ("scaled(x, 0)", "power of two"),
        ("len(s)", "without axes"),
        ("sum(x, 1)", "no such axis"),
        ("sum(x, n)", "no such axis"),
        ("relabelled(x, 'f16')", "needs a quantised tensor"),
        ("has_type(x, n)", "needs a text"),
        ("nbytes('a')", "no array"),
        ("i // 0", "// by zero"),
        ("i << 70", "<< by a number of bits"),
    ],
)
def test_what_does_not_fit(text, said):
    with pytest.raises(TypeRefused, match=said):
        shown(text)


@pytest.mark.parametrize("text", ["max(x)", "min(w, 1)", "softmax(x)"])
def test_nothing_is_the_largest_of_nothing(text):
    empty = Scope(SCOPE.names, {"n": Range(Size.of(0), Size.of(9)), "k": SCOPE.ranges["k"]})
    with pytest.raises(TypeRefused, match="may be empty"):
        infer(parse(text), empty)


def test_functions_and_claims_have_different_names():
    assert not set(T.SIGNATURES) & set(CLAIMS)


def test_a_choice_is_lost_by_arithmetic_and_kept_by_name():
    assert infer(parse("top_k(x, k)"), SCOPE).choice
    for text in ("top_k(x, k) + 0", "-top_k(x, k)", "reshape(top_k(x, k), k)", "top_k(x, k)[0:k]"):
        assert not infer(parse(text), SCOPE).choice, text
