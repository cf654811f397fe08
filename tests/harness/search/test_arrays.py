import ml_dtypes
import numpy as np
import pytest

from harness.language.dtypes import DTYPES, FIELD, INPUT, of_place
from harness.language.evaluate import decode
from harness.language.formats import BlockFormat
from harness.language.packed import field
from harness.language.single import Single
from harness.language.syntax import parse
from harness.language.value_kinds import BLOCKS, INTEGERS, REAL
from harness.search.arrays import Draw, packed_array, plain_array, real_array
from tests.harness.numpy_types import INTEGERS as WHOLE
from tests.harness.numpy_types import REALS, TRUTH, ends

DRAWN = [name for name in REALS if INPUT in DTYPES[name].places]
SHAPES = [(), (1,), (7,), (3, 5), (2, 3, 4)]


def drawn(kind, shape=(40,), **more):
    return real_array("x", Draw(kind, seed=5, **more), shape)


@pytest.mark.parametrize("kind", REAL)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("exponent", [-3, 0, 3])
def test_real_arrays_are_float32_and_the_same_every_time(kind, shape, exponent):
    first, second = (real_array("x", Draw(kind, exponent, 3), shape) for _ in range(2))
    assert first.dtype == np.float32 and first.shape == shape
    assert first.tobytes() == second.tobytes()
    assert kind == "nonfinite" or np.isfinite(first).all()


def test_name_and_seed_change_the_array():
    draw = Draw("normal", seed=1)
    assert not np.array_equal(real_array("x", draw, (9,)), real_array("router", draw, (9,)))
    assert not np.array_equal(real_array("x", draw, (9,)), real_array("x", Draw("normal", seed=2), (9,)))


def test_zeros():
    assert not drawn("zeros").any()


def test_one_hot_has_a_one_in_every_row():
    assert np.array_equal(np.sort(drawn("one_hot", (6, 9)))[:, -2:], [[0, 1]] * 6)


def test_integers_are_small_and_whole():
    values = drawn("integers", (200,))
    assert set(values) == set(range(-3, 4))


def test_normal_vectors_have_size_one_and_matrices_keep_the_size_of_a_product():
    assert 0.8 < drawn("normal", (1000,)).std() < 1.2
    assert 0.8 < (drawn("normal", (1000, 64)) @ np.ones(64, np.float32)).std() < 1.2


def test_extremes_are_finite_and_their_sum_is_not():
    for seed in range(9):
        values = real_array("x", Draw("extreme", seed=seed), (40,))
        with np.errstate(over="ignore"):
            assert np.isfinite(values).all() and not np.isfinite(values.sum(dtype=np.float32))


def test_heavy_tails_reach_far_beyond_the_median():
    values = np.abs(drawn("heavy", (1000,)))
    assert values.max() > 50 * np.median(values)


def test_repeated_vectors_have_two_values_and_matrices_two_rows():
    assert len(set(drawn("repeated", (50,)))) <= 2
    assert len(np.unique(drawn("repeated", (50, 8)), axis=0)) <= 2


def test_large_and_subnormal_are_named_for_their_size():
    assert np.median(np.abs(drawn("large"))) > 1e5
    tiny = np.abs(drawn("subnormal"))
    assert 0 < np.median(tiny) < np.finfo(np.float32).tiny


def test_a_mean_far_above_the_spread():
    for seed in range(20):
        values = real_array("x", Draw("offset", seed=seed), (200,))
        assert 90 < abs(values.mean()) < 1010 and 0.7 < values.std() < 1.3


def of_many(kind, dtype, shape=(6, 9), exponents=(-3, 0, 3)):
    """Arrays of a kind in a format, in float64."""
    draws = [Draw(kind, exponent, seed, dtype=dtype) for seed in range(12) for exponent in exponents]
    return [real_array("x", draw, shape).astype(np.float64) for draw in draws]


@pytest.mark.parametrize("dtype", DRAWN)
def test_positive_is_positive_in_every_format(dtype):
    assert all((values > 0).all() for values in of_many("positive", dtype))


@pytest.mark.parametrize("dtype", DRAWN)
def test_rows_of_probabilities_sum_to_one_but_for_rounding(dtype):
    limits = ml_dtypes.finfo(TRUTH[dtype])
    for values in of_many("probabilities", dtype, exponents=(0,)):
        rounding = values * float(limits.eps) / 2 + float(limits.smallest_subnormal) / 2
        assert (values >= 0).all() and (np.abs(values.sum(-1) - 1) <= rounding.sum(-1) * (1 + 1e-9) + 1e-15).all()


def test_probabilities_are_all_alike_or_peaked():
    most = [values.max() for values in of_many("probabilities", "f32", exponents=(0,))]
    assert min(most) < 0.12 and max(most) > 0.9


@pytest.mark.parametrize("dtype", DRAWN)
def test_sorted_rows_ascend_and_some_have_ties(dtype):
    drawn = of_many("sorted", dtype, (6, 3))
    assert all((np.diff(values) >= 0).all() for values in drawn)
    assert any((np.diff(values) == 0).any() for values in drawn) and any(
        (np.diff(values) > 0).all() for values in drawn
    )


def test_pairs_lie_on_the_unit_circle_and_some_on_its_axes():
    for values in of_many("unit_pairs", "f32", exponents=(0,)):
        assert np.abs(values[:, :8:2] ** 2 + values[:, 1::2] ** 2 - 1).max() < 1e-6 and (values[:, 8] == 1).all()
    assert any((np.abs(values[:, :8:2]) == 1).any() for values in of_many("unit_pairs", "f32", exponents=(0,)))


def test_saturating_values_reach_where_exp_leaves_its_range():
    values = drawn("saturating", (4000,))
    for low, high in ((-88, -87), (88, 90)):
        assert ((values > low) & (values < high)).any()


def test_tiny_values_are_of_one_small_size():
    sizes = [np.abs(real_array("x", Draw("tiny", seed=seed), (50,))) for seed in range(40)]
    assert all(values.max() < 1e-11 and np.median(values) > 1e-31 for values in sizes)
    assert max(values.max() for values in sizes) > 1e10 * min(values.max() for values in sizes)
    assert all(values.max() < 100 * np.median(values) for values in sizes)


@pytest.mark.parametrize("shape", [(1,), (7,), (3, 5)])
def test_nonfinite_has_exactly_one_entry_that_is_not_finite(shape):
    kinds = set()
    for seed in range(40):
        values = real_array("x", Draw("nonfinite", seed=seed), shape)
        (bad,) = values[~np.isfinite(values)]
        kinds.add(str(bad))
    assert kinds == {"nan", "inf", "-inf"}


@pytest.mark.parametrize("kind", ["integers", "normal", "heavy", "large", "tiny", "subnormal"])
def test_nonzero_limits_the_entries_of_a_vector(kind):
    assert np.count_nonzero(drawn(kind, (256,), nonzero=4)) <= 4
    assert np.count_nonzero(drawn(kind, (4, 64), nonzero=4)) > 4  # a matrix is left whole


@pytest.mark.parametrize("dtype", WHOLE)
@pytest.mark.parametrize("kind", INTEGERS)
def test_integer_arrays_reach_the_ends_of_their_type(dtype, kind):
    values = plain_array("data", Draw(kind, seed=1, dtype=dtype), (4000,))
    assert values.dtype == WHOLE[dtype]
    numbers = values.astype(object).astype(int) if WHOLE[dtype] in (WHOLE["i4"], WHOLE["u4"]) else values
    if kind == "zeros":
        assert not numbers.any()
    elif kind == "small":
        assert set(numbers) == {0, 1, 2, 3}
    elif values.itemsize == 1:
        assert (numbers.min(), numbers.max()) == ends(dtype)


def test_every_type_of_an_input_is_drawn_in_its_type():
    assert {*WHOLE, *DRAWN} == set(of_place(INPUT))
    for dtype in of_place(INPUT):
        for kind in DTYPES[dtype].draws:
            for shape in SHAPES:
                first, second = (plain_array("x", Draw(kind, seed=3, dtype=dtype), shape) for _ in range(2))
                assert first.dtype == TRUTH[dtype] and first.shape == shape and first.tobytes() == second.tobytes()


OTHERS = [name for name in DRAWN if name != "f32"]


def sizes(kind, dtype, exponent=0):
    """The absolute values of many numbers of a kind, as float64."""
    arrays = [real_array("x", Draw(kind, exponent, seed, dtype=dtype), (40,)) for seed in range(20)]
    return np.abs(np.concatenate(arrays).astype(np.float64))


@pytest.mark.parametrize("dtype", DRAWN)
@pytest.mark.parametrize("kind", [kind for kind in REAL if kind != "nonfinite"])
@pytest.mark.parametrize("exponent", [-3, 0, 3])
def test_numbers_of_every_format_are_finite_and_not_all_zero(dtype, kind, exponent):
    values = sizes(kind, dtype, exponent)
    assert np.isfinite(values).all() and values.any() == (kind != "zeros")


@pytest.mark.parametrize("dtype", DRAWN)
def test_the_sizes_of_a_kind_fit_the_format(dtype):
    limits = ml_dtypes.finfo(TRUTH[dtype])
    largest, normal = float(limits.max), float(limits.smallest_normal)
    assert sizes("extreme", dtype).min() >= 0.49 * largest
    assert 0.7 * largest > sizes("large", dtype, 3).max() and np.median(sizes("large", dtype)) <= largest / 64
    assert np.median(sizes("large", dtype)) > np.median(sizes("normal", dtype))
    subnormal = sizes("subnormal", dtype)
    assert (subnormal < normal).mean() > 0.9 and (subnormal > 0).mean() > 0.4
    tiny = sizes("tiny", dtype)
    assert normal / 2 <= np.median(tiny[tiny > 0]) < np.median(sizes("normal", dtype)) / 8


@pytest.mark.parametrize("dtype", DRAWN)
def test_a_spread_about_a_mean_survives_in_the_digits_of_the_format(dtype):
    for seed in range(20):
        values = real_array("x", Draw("offset", seed=seed, dtype=dtype), (200,)).astype(np.float64)
        assert len(np.unique(values)) >= 8 and 0.7 < values.std() < 1.3


@pytest.mark.parametrize("dtype", OTHERS)
def test_what_is_not_finite_in_other_formats(dtype):
    limits = ml_dtypes.finfo(TRUTH[dtype])
    has_infinity = dtype in ("f64", "f16", "bf16", "f8_e5m2")
    patterns = set()
    for seed in range(60):
        values = real_array("x", Draw("nonfinite", exponent=seed % 7 - 3, seed=seed, dtype=dtype), (7,))
        (bad,) = values[~np.isfinite(values)]
        patterns.add((str(bad), int(np.array(bad).view(f"u{values.itemsize}"))))
    found = {shown for shown, _ in patterns}
    assert found == ({"nan", "inf", "-inf"} if has_infinity else {"nan"})
    nans = {bits for shown, bits in patterns if shown == "nan"}
    if limits.nmant > 3:
        assert len(nans) > 9  # payloads
    assert len(nans) == 1 if dtype.endswith("fnuz") else len(nans) >= 2  # of either sign where there are signs


def block_of(scale, value, count, size):
    """A format of `count` values in a block, with one scale and values of the types named."""
    width = np.dtype(TRUTH[scale]).itemsize
    fields = {"d": (scale, 0, width), "q": (value, width, width + size)}
    return BlockFormat(f"{scale} x {value}", count, width + size, fields, {"w": parse("d * q")}, "w", ("d",))


TWO_LEVELS = BlockFormat(
    "two levels", 32, 22, {"d": ("f32", 0, 4), "s": ("f8_e4m3fn", 4, 6), "q": ("f4_e2m1fn", 6, 22)},
    {"w": parse("reshape(d * s[:, None] * reshape(q, 2, 16), 32)")}, "w", ("d", "s"),
)  # fmt: skip
BLOCKED = [TWO_LEVELS, block_of("f8_e8m0fnu", "f4_e2m1fn", 32, 16), block_of("f8_e4m3fn", "f4_e2m1fn", 16, 8),
           block_of("bf16", "f8_e4m3fn", 32, 32),
           block_of("f32", "f8_e5m2", 32, 32), block_of("f16", "i4", 32, 16)]  # fmt: skip


@pytest.mark.parametrize("format_", BLOCKED, ids=lambda part: part.name)
@pytest.mark.parametrize("kind", BLOCKS)
def test_scales_of_any_type_are_drawn_in_their_range(format_, kind):
    for exponent in (-3, 0, 3):
        tensor = packed_array("m", Draw(kind, exponent, 7, dtype=format_.name), (4, 128), format_)
        scales, numbers = (field(format_, tensor.raw, name).astype(np.float64) for name in ("d", "q"))
        assert np.isfinite(numbers).all()
        if kind == "zeros":
            continue
        drawn = [field(format_, tensor.raw, name).astype(np.float64) for name in format_.scales]
        assert sum(np.count_nonzero(~np.isfinite(part)) for part in drawn) == (kind == "nonfinite")
        assert np.mean(scales != 0) > 0.5


@pytest.mark.parametrize("format_", BLOCKED, ids=lambda part: part.name)
def test_weights_of_any_type_are_scaled_to_the_length_of_a_row(format_):
    weights = decode(packed_array("m", Draw("normal", seed=3, dtype=format_.name), (64, 64), format_), Single())
    assert 0.4 < np.sqrt(np.mean(weights.astype(np.float64) ** 2) * 64) < 2.5


@pytest.mark.parametrize("kind", BLOCKS)
def test_quantised_tensors_are_whole_blocks_and_the_same_every_time(tiny, kind):
    format_ = tiny.formats["q8"]
    first, second = (packed_array("m", Draw(kind, seed=3, dtype="q8"), (3, 7), format_) for _ in range(2))
    assert first.raw.shape == (3, 2, 6) and first.shape == (3, 7)
    assert first.raw.tobytes() == second.raw.tobytes()
    scales = field(format_, first.raw, "d")
    assert np.isfinite(scales).all() == (kind != "nonfinite")


def scales_of(tiny, kind, exponent=0):
    format_ = tiny.formats["q8"]
    return field(format_, packed_array("m", Draw(kind, exponent, 3, dtype="q8"), (8, 16), format_).raw, "d").reshape(-1)


def test_scales_are_what_the_kind_says(tiny):
    assert not scales_of(tiny, "zeros").any()
    assert set(np.frexp(scales_of(tiny, "integers").astype(np.float64))[0]) == {0.5}  # a power of two
    assert (np.abs(scales_of(tiny, "large")) >= 3e4).all()
    assert set(np.sign(scales_of(tiny, "normal"))) == {-1, 1}  # quantisers write negative scales, too
    assert (np.abs(scales_of(tiny, "subnormal")) < 2.0**-14).all()
    heavy = np.abs(scales_of(tiny, "heavy").astype(np.float64))
    assert heavy.max() > 8 * heavy.min()


def test_repeated_blocks_make_equal_rows(tiny):
    tensor = packed_array("m", Draw("repeated", seed=3, dtype="q8"), (30, 8), tiny.formats["q8"])
    assert len(np.unique(tensor.raw, axis=0)) == 2


def test_one_hot_differs_from_equal_blocks_in_one_bit(tiny):
    raw = packed_array("m", Draw("one_hot", seed=3, dtype="q8"), (4, 16), tiny.formats["q8"]).raw.reshape(-1, 6)[:, 2:]
    blocks, counts = np.unique(raw, axis=0, return_counts=True)
    usual = blocks[counts.argmax()]
    assert int(np.bitwise_count(raw ^ usual).sum()) <= 1


@pytest.mark.parametrize("columns", [1, 8, 64])
def test_weights_are_scaled_to_the_length_of_a_row(tiny, columns):
    tensor = packed_array("m", Draw("normal", seed=3, dtype="q8"), (64, columns), tiny.formats["q8"])
    weights = decode(tensor, Single())
    assert 0.5 < np.sqrt(np.mean(weights**2) * columns) < 2


def test_a_tensor_without_blocks_is_no_error(tiny):
    for kind in BLOCKS:
        assert packed_array("m", Draw(kind, dtype="q8"), (0, 8), tiny.formats["q8"]).raw.size == 0


def two_scales(dtype):
    """A block of four float8 numbers with three scales of a type and one float16 beside them."""
    stop = 3 * DTYPES[dtype].bytes
    fields = {"d": (dtype, 0, stop), "m": ("f16", stop, stop + 2), "q": ("f8_e4m3fn", stop + 2, stop + 6)}
    return BlockFormat("two", 4, stop + 6, fields, {"w": parse("d[0] * q + m")}, "w", ("d", "m"))


FLOATS = [name for name, dtype in of_place(FIELD).items() if dtype.is_real and dtype.bits > 4]


@pytest.mark.parametrize("kind", BLOCKS)
@pytest.mark.parametrize("dtype", FLOATS)
def test_scales_are_finite_numbers_of_their_own_format(dtype, kind):
    format_ = two_scales(dtype)
    raw = packed_array("m", Draw(kind, seed=3, dtype="two"), (40, 8), format_).raw
    scales, other = (field(format_, raw, name).astype(np.float64) for name in ("d", "m"))
    assert np.isfinite(field(format_, raw, "q")).all()
    assert (~np.isfinite(scales)).sum() + (~np.isfinite(other)).sum() == (kind == "nonfinite")
    numbers = DTYPES[dtype].numbers
    if kind == "subnormal":
        assert (np.abs(scales) <= 8 * numbers.smallest).all() and scales.all()
    if kind == "large":
        assert (np.abs(scales) >= 0.4 * min(65504, numbers.largest)).all()
    if kind in ("normal", "heavy", "large"):
        assert (scales != scales[..., :1]).any()  # not one for all of a field
        assert (scales.min() < 0) == numbers.zero


def test_small_integers_as_scales_keep_their_bits():
    format_ = BlockFormat("whole", 4, 5, {"d": ("i8", 0, 1), "q": ("i8", 1, 5)}, {"w": parse("d * q")}, "w", ("d",))
    raw = packed_array("m", Draw("normal", seed=3, dtype="whole"), (200, 4), format_).raw
    assert len(np.unique(field(format_, raw, "d"))) > 50
