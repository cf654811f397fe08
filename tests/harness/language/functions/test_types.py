"""Kinds and shapes of functions, one line each."""

import pytest

from harness.language.claims import SIGNATURES as CLAIMS
from harness.language.functions import FUNCTIONS
from harness.language.infer import Scope, TypeRefused, infer
from harness.language.sizes import Range, Size
from harness.language.syntax import parse
from harness.language.types import Array


@pytest.mark.parametrize(
    "text, kind",
    [
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
        ("where(x > 0, i, 0)", "integer[n]"),
        ("w[where(x > 0, k - 1, 0)]", "real[n, n]"),
        ("is_finite(w)", "truth[k, n]"),
        ("any(is_finite(w))", "truth value"),
        ("all(is_finite(w))", "truth value"),
        ("distinct(i)", "truth value"),
        ("scaled(t, 2)", "q4_k tensor[k, n]"),
        ("scaled(x, 4)", "real[n]"),
        ("len(w, 1) - len(w)", "integer number"),
        ("nbytes(t)", "integer number"),
        ("relabelled(t, 'q5_k')", "q4_k tensor[k, n]"),
        ("has_type(t, 'q4_k')", "truth value"),
        ("fill('blk.{n}', n=n)", "text"),
        ("fill(words, n=1, e=k)", "list of texts"),
        ("first(words)", "text"),
        ("texts(word, 'a', words)", "list of texts"),
        ("contains(words, word)", "truth value"),
        ("contains(word, 'part')", "truth value"),
        ("distinct(words)", "truth value"),
        ("len(words)", "integer number"),
        ("ascii('GGUF')", "integer[4]"),
        ("le(n, 8)", "integer[8]"),
        ("maximum(x, s)", "real[n]"),
        ("maximum(i, x)", "real[n]"),
        ("clip(i, 0, n - 1)", "integer[n]"),
        ("x[clip(i, 0, n - 1)]", "real[n]"),
        ("x[minimum(maximum(i, 0), n - 1)]", "real[n]"),
        ("reshape(w, maximum(n * k, 1))", "real[k*n]"),
        ("sign(i)", "integer[n]"),
        ("sign(w)", "real[k, n]"),
        ("floor(i)", "real[n]"),
        ("pow(w, 3)", "real[k, n]"),
        ("pow(s, i)", "real[n]"),
        ("pow(2, arange(k))", "integer[k]"),
        ("reshape(pow(x[:, None] * x, 2), pow(n, 2))", "real[n*n]"),
        ("ldexp(x, i)", "real[n]"),
        ("cumsum(w, 0)", "real[k, n]"),
        ("cumsum(i)", "integer[n]"),
        ("x[minimum(cumsum(i & 1) // 2, n - 1)]", "real[n]"),
        ("prod(i)", "integer number"),
        ("prod(w, 0)", "real[n]"),
        ("bytes_of(x)", "integer[4*n]"),
        ("patch(b, 0, 255, 1)", "integer[n]"),
        ("zero_bytes(n - 2)", "integer[n - 2]"),
        ("concat(ascii('A'), le(k, 2))", "integer[3]"),
    ],
)
def test_kind_and_shape(shown, text, kind):
    assert shown(text) == kind


NARROW = Scope(
    {name: Array("real", (Size.of("n"),), dtype=dtype) for name, dtype in [("p", "bf16"), ("q", "f16")]},
    {"n": Range(Size.of(1), Size.of(9))},
)


@pytest.mark.parametrize(
    "text, dtype",
    [
        ("abs(p)", "bf16"),
        ("relu(p)", "bf16"),
        ("-p", "bf16"),
        ("min(p[None], 0)", "bf16"),
        ("where(p > q, p, stored(q, bf16))", "bf16"),
        ("where(p > q, p, q)", ""),
        ("where(p > q, p, 0.1)", ""),  # 0.1 is no number of bfloat16
        ("p + p", ""),
        ("max(stored(p, i8)[None], 0)", "i8"),
        ("max(arange(3))", ""),
        ("maximum(p, -p)", "bf16"),
        ("clip(p, -abs(p), abs(p))", "bf16"),
        ("minimum(p, q)", ""),
        ("maximum(p, 0)", ""),
    ],
)
def test_what_only_chooses_numbers_keeps_their_format(text, dtype):
    assert infer(parse(text), NARROW).dtype == dtype


def test_a_format_that_may_not_stand_here():
    with pytest.raises(TypeRefused) as refused:
        infer(parse("stored(p, f8_e8m0fnu)"), NARROW)
    assert refused.value.mismatch.got == "f8_e8m0fnu"
    assert refused.value.mismatch.hint == "'f8_e8m0fnu' may stand only as field"


@pytest.mark.parametrize(
    "text, said",
    [
        ("softmax(s)", "needs an axis"),
        ("matvec(x, x)", "needs w"),
        ("top_k(x, n + 1)", "more entries than there are"),
        ("top_k(s, 1)", "ranks the entries of an axis"),
        ("top_k(x, k - n)", "may be negative"),
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
        ("pow(x, 0.5)", "pow needs an integer exponent"),
        ("pow(i, -1)", "an integer to a power that may be negative"),
        ("pow(2, i)", "an integer to a power that may be negative"),
        ("ldexp(x, s)", "an integer exponent for ldexp"),
        ("cumsum(s)", "cumsum needs an array"),
        ("cumsum(x, 1)", "no such axis"),
        ("maximum(x, w > 0)", "where a real array is needed"),
        ("x[maximum(i, 0)]", "not known to lie in"),
        ("clip(x, w, x[:-1])", "different shapes"),
    ],
)
def test_what_does_not_fit(shown, text, said):
    with pytest.raises(TypeRefused, match=said):
        shown(text)


@pytest.mark.parametrize("text", ["max(x)", "min(w, 1)", "softmax(x)"])
def test_nothing_is_the_largest_of_nothing(vectors, text):
    empty = Scope(vectors.names, {"n": Range(Size.of(0), Size.of(9)), "k": vectors.ranges["k"]})
    with pytest.raises(TypeRefused, match="may be empty"):
        infer(parse(text), empty)


def test_functions_and_claims_have_different_names():
    assert not set(FUNCTIONS) & set(CLAIMS)


def test_a_choice_is_lost_by_arithmetic_and_kept_by_name(vectors):
    assert infer(parse("top_k(x, k)"), vectors).choice
    for text in ("top_k(x, k) + 0", "-top_k(x, k)", "reshape(top_k(x, k), k)", "top_k(x, k)[0:k]"):
        assert not infer(parse(text), vectors).choice, text
