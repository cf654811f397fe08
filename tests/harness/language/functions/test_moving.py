"""Functions that move, repeat and pad, and products of matrices in a batch: against NumPy, in both domains."""

from dataclasses import replace

import numpy as np
import pytest

from harness.language.accumulators import Adder, Sums
from harness.language.arithmetic import float32, float64
from harness.language.dtypes import DTYPES
from harness.language.evaluate import Bindings, evaluate
from harness.language.exact.choice import Truth
from harness.language.exact.domain import Exact
from harness.language.exact.probable import judged_within
from harness.language.mutate.domains import FaultyExact, FaultySingle
from harness.language.mutate.faulty import faulty
from harness.language.single import Single
from harness.language.syntax import Name, Number, parse
from harness.language.undecided import Undecided

RNG = np.random.default_rng(3)
GIVEN = {
    "a": 2, "b": 3, "c": 4,
    "x": RNG.standard_normal((2, 3, 4)).astype(np.float32),
    "y": RNG.standard_normal((2, 4, 3)).astype(np.float32),
    "v": RNG.standard_normal(4).astype(np.float32),
    "i": RNG.integers(-9, 9, (2, 3)),
}  # fmt: skip
X, WHOLE, T = GIVEN["x"], GIVEN["i"], GIVEN["x"] > 0
MOVES = {
    "roll({}, 1 - a, 1)": lambda p: np.roll(p, -1, 1),
    "flip({}, -1)": lambda p: np.flip(p, -1),
    "repeat({}, a, 0)": lambda p: np.repeat(p, 2, 0),
    "swapaxes({}, 0, -1)": lambda p: np.swapaxes(p, 0, -1),
    "pad({}, a, 1, 1)": lambda p: np.pad(p, [(2, 1) if axis == 1 else (0, 0) for axis in range(p.ndim)]),
    "pad({}, 0, 0, -1)": lambda p: p,
    "tril({})": np.tril,
    "tril({}, a - 3)": lambda p: np.tril(p, -1),
    "triu({}, 1)": lambda p: np.triu(p, 1),
}


def in_both(text: str):
    """The value in float32, and exactly."""
    return [evaluate(parse(text), Bindings(domain, {}, {}, GIVEN)) for domain in (Single(), Exact(float32()))]


@pytest.mark.parametrize("move", MOVES)
def test_reals_integers_and_truths_are_moved_as_numpy_moves_them(move):
    single, exact = in_both(move.format("x"))
    assert np.array_equal(single, MOVES[move](X)) and np.array_equal(exact.v, MOVES[move](X)) and not exact.e
    for value in in_both(move.format("i")):
        assert np.array_equal(value, MOVES[move](WHOLE)) and value.dtype.kind == "i"
    single, exact = in_both(move.format("(x > 0)"))
    assert np.array_equal(single, MOVES[move](T)) and single.dtype == np.bool_
    assert isinstance(exact, Truth) and np.array_equal(exact.v, MOVES[move](T)) and not exact.doubt.any()


def test_what_is_outside_of_a_triangle_does_not_matter():
    x = np.array([[1.0, np.nan], [3.0, 4.0]], np.float32)
    value = evaluate(parse("tril(x)"), Bindings(Exact(float32()), {}, {}, {"x": x}))
    assert value.v.tolist() == [[1, 0], [3, 4]] and not np.any(value.bound())


@pytest.mark.parametrize("zeros", ["pad(tanh(x), 1, 0, 0)", "tril(tanh(x)[None] * ones, -1)[1]"])
def test_zeros_that_are_added_are_not_tied_with_what_is_computed(zeros):
    """tanh(0) is made of an exact zero, and a kernel may miss it by a little."""
    given = {"x": np.zeros(2, np.float32), "ones": np.ones((2, 1), np.float32)}
    choice = evaluate(parse(f"top_k({zeros}, 1)"), Bindings(Exact(float32()), {}, {}, given))
    with pytest.raises(Undecided):
        choice.decided()


ARITHMETICS = {
    "float32": float32(),
    "flushing": float32(flush_to_zero=True),
    "float64": float64(),
    "condition": replace(float32(), condition=True),
    "promised": replace(float32(), probable=True),
    "bf16 accumulator": replace(float32(), sums=Sums(DTYPES["bf16"].numbers)),
    "blocks": replace(float32(), sums=Sums(DTYPES["f16"].numbers, blocks=2)),
    "tf32": replace(float32(), sums=Sums(DTYPES["f32"].numbers, cut_operands=True)),
    "tensor cores": replace(float32(), sums=Sums(DTYPES["f32"].numbers, adder=Adder(8, 24, "truncate", 24))),
}


@pytest.mark.parametrize("name", ARITHMETICS)
@pytest.mark.parametrize("text", ["x @ y", "x[0] @ y", "x @ y[:1]", 'einsum("nij,njk->nik", x, y)', "v @ y"])
def test_a_product_in_a_batch_is_that_of_each_matrix(name, text):
    """Value and bound are those of the matrices one by one, in every arithmetic."""
    domain = Exact(ARITHMETICS[name])
    whole = evaluate(parse(text), Bindings(domain, {}, {}, GIVEN))
    for place in range(2):
        left = {"v": "v", "x[0] @ y": "x[0]"}.get(text[0] if text[0] == "v" else text, f"x[{place}]")
        right = "y[0]" if ":1" in text else f"y[{place}]"
        one = evaluate(parse(f"{left} @ {right}"), Bindings(domain, {}, {}, GIVEN))
        np.testing.assert_allclose(whole.v[place], one.v, rtol=1e-12)
        bounds = [judged_within(value) if name == "promised" else value.bound() for value in (whole, one)]
        np.testing.assert_allclose(bounds[0][place], bounds[1], rtol=1e-9)


def test_einsum_by_every_kind_of_axis():
    for axes, left, right in (
        ("ijk,ikl->ijl", "x", "y"), ("ijk,ikj->i", "x", "y"), ("ijk,ikj->", "x", "y"), ("ijk,k->kji", "x", "v"),
        ("ijk,ijk->kij", "x", "x"), ("ijk,l->ilkj", "x", "v"), ("ijk,k->ji", "x", "v"), (" k , k -> ", "v", "v"),
    ):  # fmt: skip
        wanted = np.einsum(axes, *(GIVEN[name].astype(np.float64) for name in (left, right)))
        single, exact = in_both(f'einsum("{axes}", {left}, {right})')
        np.testing.assert_allclose(exact.v, wanted, rtol=1e-12, atol=1e-15)
        assert (np.abs(single - wanted) <= exact.bound() + 1e-15).all(), axes


def test_repeat_is_mistaken_for_the_axis_again_and_again():
    call = faulty("tiled", Name("x"), Number(2), Number(0))
    for domain in (FaultySingle(), FaultyExact(float32())):
        value = evaluate(call, Bindings(domain, {}, {}, GIVEN))
        assert np.array_equal(getattr(value, "v", value), np.tile(X, (2, 1, 1)))
