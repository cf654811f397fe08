"""Kinds and shapes of operators, one line each."""

import pytest

from harness.language import types as T
from harness.language.infer import TypeRefused
from harness.language.rules.operators import binary, compare, logic, matmul, unary
from harness.language.sizes import Size


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
        ("x > 0 and n > 1", "truth[n]"),
        ("x > 0 or w > 0", "truth[k, n]"),
        ("i % n", "integer[n]"),
        ("x[1:n - 1]", "real[n - 2]"),
        ("w[0, 1:]", "real[n - 1]"),
        ("w[..., 0]", "real[k]"),
        ("word == 'a'", "truth value"),
        ("word != word", "truth value"),
    ],
)
def test_kind_and_shape(shown, text, kind):
    assert shown(text) == kind


@pytest.mark.parametrize(
    "text, said",
    [
        ("x + w[:, 0]", "different shapes"),
        ("i & x", "integer array for &"),
        ("x @ w", "do not fit"),
        ("s @ x", "@ needs arrays"),
        ("w @ reshape(x, n, 1, 1)", "do not fit"),
        ("reshape(w, k, 1, n) @ reshape(w, 1, n, k)[:0]", "different shapes"),
        ("'a' + 1", "text 'a' where"),
        ("'a' == 'b'", "cannot be compared"),
        ("(x > 0) == (x > 1)", "combined with and, or, not"),
        ("x > 0 and w[:, 0] > 0", "different shapes"),
        ("n and x > 0", "no side of and"),
        ("i // (n - 2)", "// by what may be zero"),
        ("i % (n - 2)", "% by what may be zero"),
        ("not n", "not needs a truth value"),
        ("~x", "integer array for ~"),
        ("i // 0", "// by zero"),
        ("i << 70", "<< by a number of bits"),
        ("word < 'a'", "texts are equal or not"),
        ("word == words", "cannot be compared"),
        ("word == 1", "cannot be compared"),
        ("texts('a') == texts('b')", "cannot be compared"),
        ("word and n > 1", "no side of and"),
    ],
)
def test_what_does_not_fit(shown, text, said):
    with pytest.raises(TypeRefused, match=said):
        shown(text)


def test_what_comes_from_a_subject_stays_marked():
    got, known, truth = T.Array("real", observed=True), T.Array("real"), T.Array("bool", observed=True)
    assert binary("+", known, got, {}).observed and not binary("+", known, known, {}).observed
    assert compare("<", known, got).observed
    assert unary("-", got).observed
    assert logic("and", [T.Array("bool"), truth]).observed
    assert isinstance(logic("and", [T.Claim(), truth]), T.Claim)
    vector = T.Array("real", (Size.of("n"),))
    assert str(matmul(vector, vector)) == "real number"


@pytest.mark.parametrize("op", ["-", "~"])
def test_the_opposite_of_integers_without_sign_is_none_of_their_type(op):
    assert unary(op, T.Array("int", dtype="u8")).dtype == ""
