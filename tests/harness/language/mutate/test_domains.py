import math

import numpy as np
import pytest

from harness.language.arithmetic import float32
from harness.language.dtypes import DTYPES
from harness.language.evaluate import Bindings, evaluate
from harness.language.exact.choice import Choice
from harness.language.formats import BlockFormat
from harness.language.mutate.domains import (
    ELEMENTWISE,
    FaultyExact,
    FaultySingle,
    bf16,
    bottom_k,
    column_major,
    f16,
    gelu,
    half_even,
    moved,
    rolled,
    top_k_ascending,
    top_k_last,
)
from harness.language.mutate.faulty import ROUNDED, faulty
from harness.language.packed import Packed
from harness.language.syntax import Name, Number, parse

F = np.float32


def value(domain, node, **given):
    return evaluate(node, Bindings(domain, {}, {}, given))


def test_gelu():
    x = np.array([-2.0, 0.0, 1.5])
    exact = [t * 0.5 * (1 + math.erf(t / math.sqrt(2))) for t in x]
    assert gelu(x) == pytest.approx(exact, abs=1e-3)  # the tanh form is that far from the error function's


def test_roundings_to_fewer_bits():
    assert bf16(np.array([1 + 2**-8, 1 + 3 * 2**-8, -1 - 2**-9], F)).tolist() == [1.0, 1 + 2**-6, -1.0]
    assert bf16(np.array([np.inf, 3e38, 0.0], F))[0] == np.inf and np.isnan(bf16(np.array([np.nan], F)))
    assert f16(np.array([1 + 2**-12, 1e5, 2.0**-25], F)).tolist() == [1.0, np.inf, 0.0]
    assert bf16(np.array([1.0])).dtype == np.float64


def test_rounding_to_any_format_is_that_of_ml_dtypes():
    """Of float32 numbers: the package rounds float64 through them."""
    rng = np.random.default_rng(5)
    x = (rng.standard_normal(2000) * 2.0 ** rng.integers(-20, 20, 2000)).astype(F)
    for name in ROUNDED:
        with np.errstate(all="ignore"):
            expected = x.astype(DTYPES[name].numpy).astype(F)
        assert np.array_equal(ELEMENTWISE[name](x), expected, equal_nan=True), name


def test_ways_of_rounding():
    assert half_even(np.array([0.5, 1.5, -2.5])).tolist() == [0, 2, -2]


def test_ways_of_choosing():
    p = np.array([1.0, 3.0, 3.0, 2.0])
    assert bottom_k(p, 2).tolist() == [0, 3]
    assert top_k_last(p, 3).tolist() == [2, 1, 3]
    assert top_k_ascending(p, 3).tolist() == [3, 2, 1]


def test_moves():
    x = np.arange(6).reshape(2, 3)
    assert rolled(x, -1).tolist() == [[1, 2, 0], [4, 5, 3]]
    # memory 0 1 2 3 4 5 read by columns: entry (i, j) is the one at i + 2 j
    assert column_major(x, 0, 2).tolist() == [[0, 2, 4], [1, 3, 5]]
    batch = np.stack([x, x + 10])
    assert moved("column_major", batch, {"rank": 2}).tolist() == [[[0, 2, 4], [1, 3, 5]], [[10, 12, 14], [11, 13, 15]]]
    assert moved("rolled", batch, {"axis": -2})[1].tolist() == [[13, 14, 15], [10, 11, 12]]


@pytest.mark.parametrize("name", ["gelu", "floor", "ceil", "trunc", "half_even", "bf16", "f16"])
def test_both_domains_agree(name):
    x = np.array([-1.75, 0.5, 2.25, 300.0], F)
    single = value(FaultySingle(), faulty(name, Name("x")), x=x)
    exact = value(FaultyExact(float32()), faulty(name, Name("x")), x=x)
    assert single.dtype == F and exact.v == pytest.approx(single.astype(float), rel=1e-6)


@pytest.mark.parametrize("name, sums", [("exclusive_cumsum", [[0, 1, 3], [0, 10, 30]]),
                                        ("reversed_cumsum", [[7, 6, 4], [70, 60, 40]])])  # fmt: skip
def test_prefix_sums_that_begin_late_or_at_the_end(name, sums):
    whole = np.array([[1, 2, 4], [10, 20, 40]])
    for x in (whole, whole.astype(F)):
        for node in (faulty(name, Name("x"), Number(1)), faulty(name, Name("x"))):
            single, exact = (value(domain, node, x=x) for domain in (FaultySingle(), FaultyExact(float32())))
            assert single.tolist() == getattr(exact, "v", exact).tolist() == sums
            assert single.dtype == x.dtype


def test_choices_and_moves_in_both_domains():
    x = np.array([1.0, 3.0, 2.0], F)
    node = faulty("bottom_k", Name("x"), Number(2))
    assert value(FaultySingle(), node, x=x).tolist() == [0, 2]
    chosen = value(FaultyExact(float32()), node, x=x)
    assert isinstance(chosen, Choice) and chosen.index.tolist() == [0, 2]
    node = faulty("rolled", Name("x"), axis=-1)
    assert value(FaultySingle(), node, x=x).tolist() == value(FaultyExact(float32()), node, x=x).v.tolist() == [3, 2, 1]
    whole = np.array([4, 5, 6])
    assert value(FaultyExact(float32()), node, x=whole).tolist() == [5, 6, 4]


def test_truths_are_moved_as_numbers_are():
    x = np.array([[1, -1], [1, 1]], np.float32)
    node = faulty("column_major", parse("x > 0"), rank=2)
    exact = value(FaultyExact(float32()), node, x=x)
    assert exact.v.tolist() == value(FaultySingle(), node, x=x).tolist() == [[True, True], [False, True]]
    assert not exact.doubt.any()


def test_whole_rows_of_a_tensor_are_moved():
    format_ = BlockFormat("bytes", 2, 2, {"q": ("u8", 0, 2)}, {"w": parse("q * 1.0")}, "w", ())
    tensor = Packed.of(format_, (2, 2, 2), bytes(range(8)))  # experts, rows, columns
    node = faulty("rolled", Name("x"), axis=-3)
    assert value(FaultySingle(), node, x=tensor).raw.reshape(-1).tolist() == [4, 5, 6, 7, 0, 1, 2, 3]
    node = faulty("column_major", Name("x"), rank=3)
    assert value(FaultyExact(float32()), node, x=tensor).raw.reshape(-1).tolist() == [0, 1, 4, 5, 2, 3, 6, 7]


def test_a_part_of_a_tensor_is_decoded_with_the_whole():
    format_ = BlockFormat("bytes", 2, 2, {"q": ("u8", 0, 2)}, {"w": parse("q * 1.0")}, "w", ())
    tensor = Packed.of(format_, (2, 2, 2), bytes(range(8)))
    for domain in (FaultySingle(), FaultyExact(float32())):
        part = domain.index(tensor, (np.array([1, 0, 1]),))
        assert part.shape == (3, 2, 2) and part.cache
        got = domain.real(part)
        fresh = domain.real(Packed(format_, part.shape, part.raw))
        assert np.array_equal(getattr(got, "v", got), getattr(fresh, "v", fresh))
        assert np.array_equal(getattr(got, "v", got), tensor.raw.reshape(2, 2, 2)[[1, 0, 1]])


def test_the_language_s_own_functions_are_untouched():
    x = np.array([1.0, 2.0], F)
    assert value(FaultySingle(), parse("sum(x * x)"), x=x) == 5
    assert value(FaultyExact(float32()), parse("sum(x * x)"), x=x).v == 5
