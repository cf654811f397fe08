"""What kernels store in narrow formats, against the interval: dot products in float32, rounded by ml_dtypes or NumPy.

Operands are made so that sums lie on ties, at powers of two, at the edge of overflow and among subnormal numbers.
"""

import numpy as np
import pytest

from harness.judge.claims import close
from harness.language.arithmetic import Arithmetic, float32
from harness.language.dtypes import DTYPES, LARGEST, NO_NUMBER
from harness.language.exact.primitives import divide
from harness.language.exact.region import Bounded, multiply, total
from harness.language.exact.storage import hull, stored
from harness.language.rounding import nearest, spacing

F = np.float32
NARROW = [name for name, dtype in DTYPES.items() if dtype.is_real and dtype.bits <= 16 and "result" in dtype.places]
KINDS = ("normal", "ties", "powers of two", "overflow", "subnormal")
ROWS = 300


def sums(products: np.ndarray) -> dict[str, np.ndarray]:
    """Rows summed in float32: in order, in reverse, pairwise."""
    pairs = products
    while pairs.shape[1] > 1:
        pairs = np.pad(pairs, ((0, 0), (0, pairs.shape[1] % 2)))
        pairs = pairs[:, ::2] + pairs[:, 1::2]
    reverse = np.add.accumulate(products[:, ::-1], 1, dtype=F)[:, -1]
    return {"in order": np.add.accumulate(products, 1, dtype=F)[:, -1], "reversed": reverse, "pairwise": pairs[:, 0]}


def operands(rng: np.random.Generator, name: str, kind: str, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of float32 whose sums of products are hard to round: the last term moves them beside a tie."""
    numbers = DTYPES[name].numbers
    a, b = rng.standard_normal((ROWS, n)), rng.standard_normal((ROWS, n))
    if kind == "overflow":
        a *= numbers.largest / np.sqrt(n) * rng.uniform(0.2, 2, (ROWS, 1)) / 1.2
        b = np.sign(b) * rng.uniform(0.7, 1, (ROWS, n))
    if kind == "subnormal":
        a *= 2.0 ** rng.integers(numbers.emin - numbers.digits - 2, numbers.emin + 2, (ROWS, 1))
        b = np.sign(b) * rng.uniform(0.3, 1, (ROWS, n))
    with np.errstate(over="ignore"):
        a, b = a.astype(F), b.astype(F)
    if kind != "normal":
        rest = (a[:, :-1].astype(float) * b[:, :-1]).sum(1)
        y = nearest(np.clip(rest, -numbers.largest, numbers.largest), numbers)
        if kind == "powers of two":
            y = np.copysign(2.0 ** np.round(np.log2(np.maximum(abs(rest), 2.0**numbers.emin))), rest)
        if kind == "overflow":
            y = np.where(rng.random(ROWS) < 0.8, np.copysign(numbers.largest, rest), y)
        beside = rng.integers(-3, 4, ROWS) * 2.0**-24 * rng.choice([0, 1e-3, 1, 30], ROWS)
        target = (y + rng.choice([-0.5, 0.5, 0.25], ROWS) * spacing(y, numbers)) * (1 + beside)
        b[:, -1] = 1
        with np.errstate(over="ignore"):
            a[:, -1] = (target - rest).astype(F)
    return np.where(np.isfinite(a), a, F(1)), b


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NARROW)
def test_what_kernels_store_lies_in_the_interval(name, kind):
    rng, dtype, judged, certain = np.random.default_rng(NARROW.index(name)), DTYPES[name], 0, 0
    for n in (1, 2, 3, 8, 33):
        a, b = operands(rng, name, kind, n)
        exact = total(multiply(Bounded(a, float32()), Bounded(b, float32())), 1)
        value = stored(exact, [dtype])
        (option,) = value.storage.options(value.storage.bound)
        finite = np.isfinite(exact.bound())
        judged, certain = judged + finite.sum(), certain + (finite & (option.low == option.high)).sum()
        for order, z in sums(a * b).items():
            with np.errstate(over="ignore"):
                y = z.astype(dtype.numpy).astype(float)
            assert option.admits(y)[finite].all(), (n, order)
            inside = np.abs(y - value.v) <= value.e
            assert (inside | (y == value.v) | ~np.isfinite(value.e) | ~finite)[np.isfinite(y)].all(), (n, order)
    assert judged >= ROWS and certain > 0.3 * judged


@pytest.mark.parametrize("name", NARROW)
def test_saturating_kernels_store_the_largest_number(name):
    dtype, ar = DTYPES[name], Arithmetic(saturates=True)
    most = dtype.numbers.largest
    exact = Bounded(np.array([1.5 * most, -1.5 * most, 0.5 * most]), ar)
    value = stored(exact, [dtype])
    assert (value.v[:2] == [most, -most]).all() and value.exact
    (option,) = value.storage.options(value.storage.bound)
    assert option.admits(np.array([most, -most, value.v[2]])).all()
    assert not option.admits(np.array([np.inf, np.nan, np.nan])).any()


@pytest.mark.parametrize("name", NARROW)
def test_overflow_is_what_the_format_writes(name):
    dtype = DTYPES[name]
    value = stored(Bounded(np.array([4 * dtype.numbers.largest, 1.0]), float32()), [dtype])
    (option,) = value.storage.options(value.storage.bound)
    nan = dtype.numbers.overflow == NO_NUMBER
    assert option.admits(np.array([np.nan if nan else np.inf, 1.0])).all()
    assert not option.admits(np.array([dtype.numbers.largest, np.nan])).any()
    assert np.isnan(value.v[0]) if nan else np.isinf(value.v[0])
    assert value.exact and close(value.v.astype(dtype.numpy), value).judged == 2
    assert close(np.array([dtype.numbers.largest, 1.0], dtype.numpy), value).holds is False


@pytest.mark.parametrize("name", NARROW)
def test_what_is_no_number_is_none_in_any_format_and_in_the_next(name):
    """Conversions keep NaN, and read from a format that has no infinities an overflow is NaN as well."""
    no_infinity = DTYPES[name].numbers.overflow == NO_NUMBER
    for number, nan in ((np.nan, True), (np.inf, no_infinity), (-1e38, no_infinity)):
        value = stored(stored(Bounded(np.array([number, 1.0]), float32()), [DTYPES[name]]), [DTYPES["bf16"]])
        with np.errstate(over="ignore"):
            got = np.array([number, 1.0], np.float32).astype(DTYPES[name].numpy).astype(DTYPES["bf16"].numpy)
        assert np.isnan(got[0]) == nan
        assert close(got, value).holds and close(got, value).judged == 2
        got[0] = 0
        assert close(got, value).holds is False


@pytest.mark.parametrize("name", NARROW)
def test_what_may_overflow_to_either_side_or_not_at_all_is_not_certain(name):
    dtype = DTYPES[name]
    most = dtype.numbers.largest
    unsure = Bounded(np.array([0.0, most]), float32(), np.array([4 * most, most / 2]))
    if dtype.numbers.overflow != LARGEST:
        assert np.isinf(stored(unsure, [dtype]).e).all()


@pytest.mark.parametrize("name", ["bf16", "f8_e5m2"])
def test_nan_is_stored_as_nan(name):
    value = stored(Bounded(np.array([np.nan, 1.0]), float32()), [DTYPES[name]])
    assert np.isnan(value.v[0]) and value.exact
    assert not stored(Bounded(np.array([np.nan]), float32()), [DTYPES["i8"]]).exact


def test_subnormal_results_may_be_flushed_where_that_is_declared():
    dtype = DTYPES["f16"]
    tiny = np.array([3 * 2.0**-24])
    for flushes in (False, True):
        exact = Bounded(tiny, float32(flush_to_zero=flushes))
        (option,) = stored(exact, [dtype]).storage.options(np.zeros(1))
        assert option.admits(np.zeros(1))[0] == flushes and option.admits(tiny)[0]


@pytest.mark.parametrize("use", ["wide", "rounded", "by consumer", "by entry"])
@pytest.mark.parametrize("cancelling", [False, True])
def test_either_of_two_formats_covers_every_mixture_of_them(use, cancelling):
    """h = stored(w @ x, [f32, bf16]), y = sum(g * h * h)."""
    rng, rows, inner, n = np.random.default_rng(5), 400, 16, 24
    bf16 = DTYPES["bf16"]
    w, x = rng.standard_normal((rows, inner, n)).astype(F), rng.standard_normal((rows, 1, n)).astype(F)
    if cancelling:
        w[:, :, -1] = -((w[:, :, :-1] * x[:, :, :-1]).sum(2) / x[:, :, -1])
    g = rng.standard_normal((rows, inner)).astype(F)
    ar = float32()
    h = stored(total(multiply(Bounded(w, ar), Bounded(x, ar)), 2), [DTYPES["f32"], bf16])
    value = total(multiply(multiply(Bounded(g, ar), h), h), 1)
    z = np.add.accumulate(w * x, 2, dtype=F)[:, :, -1]
    rounded = z.astype(bf16.numpy).astype(F)
    first = {
        "wide": z,
        "rounded": rounded,
        "by consumer": z,
        "by entry": np.where(rng.random(z.shape) < 0.5, z, rounded),
    }
    second = rounded if use == "by consumer" else first[use]
    y = np.add.accumulate(g * first[use] * second, 1, dtype=F)[:, -1]
    assert (np.abs(y - value.v) <= value.bound()).all()


def test_several_formats_are_one_number_only_where_that_is_exact():
    value = stored(Bounded(np.array([1.0, 1.001]), float32()), [DTYPES["f32"], DTYPES["bf16"]])
    assert value.e[0] == 0 and value.e[1] > 0


def test_integers_are_the_nearest_ones_and_ties_go_either_way():
    x = np.array([0.4, 0.5, 1.5, -2.5, 126.7, 130.0, -1000.0])
    value = stored(Bounded(x, float32()), [DTYPES["i8"]])
    (option,) = value.storage.options(value.storage.bound)
    low, high = option.written(option.low), option.written(option.high)
    assert low.tolist() == [0, 0, 1, -3, 127, 127, -128] and high.tolist() == [0, 1, 2, -2, 127, 127, -128]
    assert not option.admits(x + 0.25).any()


@pytest.mark.parametrize("form", ["x / s", "x * (1 / s)"])
def test_quantised_activations_lie_in_the_interval_of_their_integers(form):
    rng, rows, n = np.random.default_rng(7), 500, 16
    x = rng.standard_normal((rows, n)).astype(F)
    x[::3] = (rng.integers(-127, 127, x[::3].shape) + 0.5) * (1 + rng.integers(-2, 3, x[::3].shape) * 2.0**-24)
    x[::3, 0] = 127
    s = np.abs(x).max(1, keepdims=True) / F(127)
    ar = float32()
    scale = divide(Bounded(np.abs(x).max(1, keepdims=True), ar), Bounded(np.array(127.0), ar))
    value = stored(divide(Bounded(x, ar), scale.close()), [DTYPES["i8"]])
    r = x / s if form == "x / s" else x * (F(1) / s)
    for rounded in (np.rint(r), np.sign(r) * np.floor(np.abs(r.astype(float)) + 0.5)):
        q = np.clip(rounded, -128, 127)
        (option,) = value.storage.options(value.storage.bound)
        assert option.admits(q).all()
        assert (np.abs(q - value.v) <= value.e).all()
    assert (value.e == 0).mean() > 0.5


def test_centre_and_radius_of_several_intervals():
    value = stored(Bounded(np.array([1.0 + 2.0**-9]), float32(), np.array([2.0**-12])), [DTYPES["bf16"]])
    centre, radius = hull(value.storage.v, value.storage.options(value.storage.bound))
    assert centre == [1.0] and radius == [0.0]
