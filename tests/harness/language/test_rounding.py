"""Rounding to a format: against ml_dtypes and NumPy from float32, and in fractions where they round twice."""

from fractions import Fraction

import numpy as np
import pytest

from harness.language.dtypes import DTYPES
from harness.language.rounding import nearest, neighbours, spacing, stored
from tests.harness.numpy_types import REALS, TRUTH, every_number

NARROW = [name for name in REALS if DTYPES[name].bits <= 16]
SIGNED = [name for name in NARROW if name != "f8_e8m0fnu"]  # that one has powers of two alone


def finite_numbers(name):
    """The finite numbers of a format in order, and whether the last bit of each is zero."""
    kept = every_number(name)
    values = wide(kept)
    even = kept.view(f"u{kept.itemsize}") % 2 == 0
    fine = np.isfinite(values)
    values, first = np.unique(values[fine], return_index=True)
    return values, even[fine][first]


def wide(values):
    """In float64; NumPy warns of signaling NaNs of bfloat16."""
    with np.errstate(invalid="ignore"):
        return values.astype(np.float64)


def same(left, right):
    """Equal numbers with equal signs, or NaN on both sides."""
    nan = np.isnan(left) & np.isnan(right)
    return nan | ((left == right) & (np.signbit(left) == np.signbit(right)))


@pytest.mark.parametrize("name", NARROW)
def test_every_number_of_a_format_rounds_to_itself(name):
    values = every_number(name)
    again = stored(wide(values), DTYPES[name])
    assert again.dtype == TRUTH[name]
    numbers = np.isfinite(wide(values))
    unsigned = f"u{values.itemsize}"
    assert np.array_equal(again[numbers].view(unsigned), values[numbers].view(unsigned))
    assert same(wide(again), wide(values)).all()


def float32_arguments(count):
    """Random bits, all numbers of 16 bits, and ties of every format with both neighbours of each."""
    rng = np.random.default_rng(3)
    pools = [rng.integers(0, 2**32, count, np.uint32).view(np.float32)]
    for name in NARROW:
        numbers = DTYPES[name].numbers
        size = 2.0 ** rng.uniform(numbers.lowest, np.log2(numbers.largest) + 0.1, count // 10)
        near = nearest(rng.choice((-1, 1), len(size)) * size, numbers)
        near = np.where(np.isfinite(near), near, numbers.largest)
        with np.errstate(all="ignore"):
            tie = (near + spacing(near, numbers) / 2).astype(np.float32)
        pools += [tie, np.nextafter(tie, np.float32(-np.inf)), np.nextafter(tie, np.float32(np.inf))]
    with np.errstate(all="ignore"):
        pools += [every_number(name).astype(np.float32) for name in ("bf16", "f16")]
    return np.concatenate(pools)


def converted_alike(name, count):
    x = float32_arguments(count)
    if name == "f8_e8m0fnu":  # of zero, of negative numbers and of subnormal ones ml_dtypes makes something else
        x = np.abs(x)
        x = x[x >= 2.0**-126]
    with np.errstate(all="ignore"):
        ours, theirs = stored(x.astype(np.float64), DTYPES[name]), x.astype(TRUTH[name])
        return same(ours.astype(np.float32), theirs.astype(np.float32)), len(x)


@pytest.mark.parametrize("name", NARROW)
def test_a_float32_becomes_what_numpy_and_ml_dtypes_make_of_it(name):
    alike, _ = converted_alike(name, 20_000)
    assert alike.all()


@pytest.mark.series
@pytest.mark.parametrize("name", NARROW)
def test_a_million_float32_become_what_numpy_and_ml_dtypes_make_of_them(name):
    alike, count = converted_alike(name, 1_000_000)
    assert alike.all() and count >= 1_000_000


def exactly(x, values, even):
    """The nearest number of a format, ties to even, in fractions; an infinity from half a step beyond the largest."""
    at = int(np.searchsorted(values, x))
    if at in (0, len(values)):
        last, inner = (0, 1) if at == 0 else (-1, -2)
        half = abs(Fraction(values[last]) - Fraction(values[inner])) / 2
        beyond = abs(Fraction(x) - Fraction(values[last]))
        stays = beyond < half or (beyond == half and even[last])
        return values[last] if stays else np.copysign(np.inf, x)
    low, high = Fraction(values[at - 1]), Fraction(values[at])
    below, above = Fraction(x) - low, high - Fraction(x)
    if below == above:
        return values[at - 1] if even[at - 1] else values[at]
    return values[at - 1] if below < above else values[at]


@pytest.mark.parametrize("name", SIGNED)
def test_a_float64_is_rounded_once(name):
    values, even = finite_numbers(name)
    rng = np.random.default_rng(5)
    numbers = DTYPES[name].numbers
    at = np.concatenate([rng.integers(0, len(values) - 1, 300), np.arange(min(20, len(values) - 1)),
                         np.searchsorted(values, 0.0) + np.arange(-3, 3)])  # fmt: skip
    ties = (values[at] + values[at + 1]) / 2
    edge = numbers.largest + spacing(numbers.largest, numbers) / 2
    ties = np.concatenate([ties, [edge, -edge]])
    hair = np.abs(ties) * 2.0**-50 + 2.0**-200
    x = np.concatenate([ties, ties - hair, ties + hair, np.nextafter(ties, np.inf), values[at] * 1.01])
    expected = [exactly(float(value), values, even) for value in x]
    assert np.array_equal(nearest(x, numbers), expected)


def test_ml_dtypes_rounds_a_float64_twice():
    beyond = np.array([1 + 2.0**-8 + 2.0**-30])
    assert beyond.astype(TRUTH["bf16"]).astype(float) == 1.0
    assert stored(beyond, DTYPES["bf16"]).astype(float) == 1 + 2.0**-7


@pytest.mark.parametrize("name", SIGNED)
def test_the_neighbours_of_every_number(name):
    values, _ = finite_numbers(name)
    below, above = neighbours(values, DTYPES[name].numbers)
    assert (above[:-1] == values[1:]).all() and (below[1:] == values[:-1]).all()
    assert above[-1] == np.inf and below[0] == -np.inf
    assert neighbours(np.inf, DTYPES[name].numbers)[0] == values[-1]


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_neighbours_in_float32_and_float64_are_those_of_numpy(kind):
    rng = np.random.default_rng(5)
    bits = rng.integers(0, 2 ** (8 * kind().itemsize), 100_000, np.uint64).astype(f"u{kind().itemsize}")
    values = np.concatenate([bits.view(kind), kind(2.0) ** np.arange(-126, 127, dtype=kind), np.zeros(1, kind)])
    values = values[np.isfinite(values)]
    numbers = DTYPES["f32" if kind is np.float32 else "f64"].numbers
    with np.errstate(over="ignore"):
        expected = [np.nextafter(values, kind(end)).astype(np.float64) for end in (-np.inf, np.inf)]
    assert [found.tolist() for found in neighbours(values.astype(np.float64), numbers)] == [
        part.tolist() for part in expected
    ]
