"""Wrong conversions against bits of float32, sums against a loop in NumPy's and ml_dtypes' own arithmetic."""

import ml_dtypes
import numpy as np
import pytest

from harness.language.dtypes import DTYPES
from harness.language.mutate import wrong_rounding as wrong

F = np.float32
BF16, F16, E4M3, E5M2, I8 = (DTYPES[name] for name in ("bf16", "f16", "f8_e4m3fn", "f8_e5m2", "i8"))
TYPES = {"bf16": ml_dtypes.bfloat16, "f16": np.float16}


@pytest.fixture
def numbers():
    rng = np.random.default_rng(7)
    return (rng.standard_normal(4000) * 2.0 ** rng.integers(-30, 30, 4000)).astype(F)


def test_cut_keeps_the_upper_half_of_a_float32(numbers):
    kept = (numbers.view(np.uint32) & np.uint32(0xFFFF0000)).view(F)
    assert np.array_equal(wrong.cut(numbers.astype(np.float64), BF16), kept)
    assert wrong.cut(np.array([2.9, -2.9, 300.0]), I8).tolist() == [2, -2, 127]


def test_ties_away_differs_from_the_right_rounding_at_ties_alone(numbers):
    ties = numbers.view(np.uint32) & np.uint32(0xFFFF0000) | np.uint32(0x8000)
    for bits in (numbers.view(np.uint32), ties):
        added = ((bits.astype(np.uint64) + 0x8000) & 0xFFFF0000).astype(np.uint32).view(F)
        assert np.array_equal(wrong.ties_away(bits.view(F).astype(np.float64), BF16), added)


def test_ends_of_a_format():
    x = np.array([2.0**-15, 2.0**-14, 1.0, 65519.0, 65520.0, -1e9])
    assert wrong.flushed(x[:3], F16).tolist() == [0, 2.0**-14, 1]
    assert wrong.saturated(x[2:], F16).tolist() == [1, 65504, 65504, -65504]
    assert wrong.saturated(np.array([449.0, np.inf]), E4M3).tolist() == [448, 448]
    assert np.isnan(wrong.overflown(x[2:], F16)).tolist() == [False, False, True, True]
    assert np.isnan(wrong.overflown(np.array([61440.0, 57344.0]), E5M2)).tolist() == [True, False]
    assert wrong.wrapped(np.array([127.0, 128.0, -129.0, 2.4]), I8).tolist() == [127, -128, 127, 2]


def test_an_overflow_is_written_as_the_contract_has_it():
    x = np.array([1.0, np.inf, -np.inf])
    assert wrong.written(x, F16, False).tolist() == x.tolist() and wrong.written(x, I8, False) is x
    assert wrong.written(x, F16, True).tolist() == [1, 65504, -65504]
    assert np.isnan(wrong.written(x, E4M3, False)).tolist() == [False, True, True]
    assert wrong.written(x, DTYPES["f4_e2m1fn"], False).tolist() == [1, 6, -6]


@pytest.mark.parametrize("name", ["bf16", "f16"])
def test_sums_are_rounded_after_every_addition(name):
    rng, dtype = np.random.default_rng(3), DTYPES[name]
    w = rng.standard_normal((3, 40)).astype(TYPES[name])
    x = rng.standard_normal((40, 2)).astype(TYPES[name])
    total = np.zeros((3, 2), TYPES[name])
    for k in range(40):  # rounded to float32 on the way: with this seed no sum is that near to a tie
        total = (total.astype(np.float64) + w[:, k, None].astype(np.float64) * x[k].astype(np.float64)).astype(F)
        total = total.astype(TYPES[name])
    got = wrong.product_in(w.astype(np.float64), x.astype(np.float64), dtype)
    assert np.array_equal(got, total.astype(np.float64))
    assert np.array_equal(wrong.product_in(w.astype(np.float64), x[:, 0].astype(np.float64), dtype), got[:, 0])
    both = wrong.matvec_in(np.stack([w, w]).astype(np.float64), x.T.astype(np.float64), dtype)
    assert np.array_equal(both, got.T)
    terms = w.astype(np.float64) * x[:, 0].astype(np.float64)
    assert np.array_equal(wrong.sum_in(terms, -1, dtype), got[:, 0])
    assert np.array_equal(wrong.mean_in(terms, 1, dtype), got[:, 0] / 40)
    assert wrong.sum_in(np.full((2, 300), 1.0), None, BF16) == 256 and wrong.mean_in(np.ones(512), None, BF16) == 0.5
