"""Arrays of each kind, built by NumPy from a small drawn recipe.

Hypothesis draws a recipe (a kind, a scale, a seed) and not elements: about twenty times as many cases per second, and
a recipe shrinks to the simplest kind. Kinds are listed in harness/language/value_kinds.py, simplest first.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from harness.language.dtypes import DTYPES, FLOAT32, INFINITY, Dtype, Floating
from harness.language.evaluate import decode
from harness.language.formats import BlockFormat, field_count
from harness.language.packed import Packed, field, set_field
from harness.language.rounding import stored
from harness.language.single import Single
from harness.language.value_kinds import VALUE_KINDS
from harness.search.ranged_integers import Ends, ranged_array

Shape = tuple[int, ...]
FLOAT16_MOST = 65504.0


@dataclass(frozen=True)
class Draw:
    """How one input is made. `nonzero`: how many entries of a vector are not zero (0: all).

    `padding`: what is filled in where its entries do not count; "" where all do.
    """

    kind: str
    exponent: int = 0
    seed: int = 0
    nonzero: int = 0
    dtype: str = FLOAT32.name
    padding: str = ""

    def rng(self, name: str) -> np.random.Generator:
        return np.random.default_rng([self.seed, zlib.crc32(name.encode())])


# --- real numbers ----------------------------------------------------------------------------------------------------
# Sizes follow the format, so that a kind is the same situation in each of them. No number but those of `nonfinite` is
# infinite: what would be is the largest number.


def _top(numbers: Floating) -> int:
    """The exponent of the largest number."""
    return math.frexp(numbers.largest)[1] - 1


def _zeros(_rng: np.random.Generator, shape: Shape, _numbers: Floating) -> np.ndarray:
    return np.zeros(shape)


def _one_hot(rng: np.random.Generator, shape: Shape, _numbers: Floating) -> np.ndarray:
    """One entry of every row is 1."""
    if not shape:
        return np.ones(shape)
    values = np.zeros((int(np.prod(shape[:-1], dtype=int)), shape[-1]))
    if values.size:
        values[np.arange(len(values)), rng.integers(0, shape[-1], len(values))] = 1
    return values.reshape(shape)


def _integers(rng: np.random.Generator, shape: Shape, _numbers: Floating) -> np.ndarray:
    """Small integers; a zero is positive or negative."""
    return np.copysign(rng.integers(0, 4, shape), rng.choice((-1.0, 1.0), shape))


def _normal(rng: np.random.Generator, shape: Shape, _numbers: Floating) -> np.ndarray:
    return rng.standard_normal(shape)


def _heavy(rng: np.random.Generator, shape: Shape, numbers: Floating) -> np.ndarray:
    most = min(1e6, numbers.largest / 16)
    return np.clip(rng.standard_cauchy(shape), -most, most)


def _repeated(rng: np.random.Generator, shape: Shape, _numbers: Floating) -> np.ndarray:
    """Two different rows (of a vector: two different values) in random order: ties."""
    if not shape:
        return rng.standard_normal(shape)
    if len(shape) == 1:
        return rng.integers(-3, 4, 2).astype(np.float64)[rng.integers(0, 2, shape)]
    rows = rng.integers(-3, 4, (2, *shape[1:])).astype(np.float64)
    return rows[rng.integers(0, 2, shape[0])]


def _large(rng: np.random.Generator, shape: Shape, numbers: Floating) -> np.ndarray:
    return rng.standard_normal(shape) * 2.0 ** min(20, _top(numbers) - 6)


def _offset(rng: np.random.Generator, shape: Shape, numbers: Floating) -> np.ndarray:
    """A spread of one about a mean above it: what subtracts squares or sums first loses the spread.

    The mean is as far off as the digits of the format leave three of them for the spread.
    """
    most = math.log10(min(1000.0, 2.0 ** (numbers.digits - 3)))
    return rng.standard_normal(shape) + rng.choice((-1.0, 1.0)) * 10 ** rng.uniform(most - 1, most)


def _saturating(rng: np.random.Generator, shape: Shape, numbers: Floating) -> np.ndarray:
    """Some of it where exp of a float32 leaves its range, at about -87 and 88, and some beyond."""
    return rng.standard_normal(shape) * 2.0 ** min(6, _top(numbers) - 2)


def _tiny(rng: np.random.Generator, shape: Shape, numbers: Floating) -> np.ndarray:
    """All of one small size: a threshold below which all counts as zero takes the whole array.

    The size is as far down in the range of the normal numbers as 1e-30 to 1e-12 are in that of float32.
    """
    share = numbers.emin / FLOAT32.numbers.emin
    return rng.standard_normal(shape) * 10 ** (rng.uniform(-30, -12) * share)


def _subnormal(rng: np.random.Generator, shape: Shape, _numbers: Floating) -> np.ndarray:
    return rng.standard_normal(shape)


def _positive(rng: np.random.Generator, shape: Shape, _numbers: Floating) -> np.ndarray:
    """Normal numbers of every format, so that none is rounded to zero."""
    return 2.0 ** rng.uniform(-3, 3, shape)


def _probabilities(rng: np.random.Generator, shape: Shape, _numbers: Floating) -> np.ndarray:
    """From all alike to nearly all in one place."""
    if not shape:
        return np.ones(shape)
    share = np.exp(rng.choice((0.0, 1.0, 4.0)) * rng.standard_normal(shape))
    return share / share.sum(-1, keepdims=True)


def _sorted(rng: np.random.Generator, shape: Shape, _numbers: Floating) -> np.ndarray:
    """In half of the arrays many entries are equal."""
    values = rng.standard_normal(shape)
    values = np.round(values) if rng.integers(2) else values
    return np.sort(values, -1) if shape else values


def _unit_pairs(rng: np.random.Generator, shape: Shape, _numbers: Floating) -> np.ndarray:
    """Angles of a whole turn, those of one axis among them: there a sign or an exchanged pair shows best."""
    values = np.ones(shape)
    if not shape:
        return values
    pairs = (*shape[:-1], shape[-1] // 2)
    angles = rng.uniform(0, 2 * np.pi, pairs)
    quarters = rng.integers(0, 4, pairs)
    plain = rng.random(pairs) < 1 / 8
    values[..., 0 : 2 * pairs[-1] : 2] = np.where(plain, np.array([1, 0, -1, 0])[quarters], np.cos(angles))
    values[..., 1::2] = np.where(plain, np.array([0, 1, 0, -1])[quarters], np.sin(angles))
    return values


def _extreme(rng: np.random.Generator, shape: Shape, numbers: Floating) -> np.ndarray:
    """Finite numbers of one sign, whose sum is not."""
    return rng.choice([-numbers.largest, numbers.largest]) * rng.uniform(0.5, 1, shape)


REAL: dict[str, Callable[[np.random.Generator, Shape, Floating], np.ndarray]] = {
    "zeros": _zeros, "one_hot": _one_hot, "integers": _integers, "normal": _normal, "heavy": _heavy,
    "repeated": _repeated, "offset": _offset, "saturating": _saturating, "large": _large, "tiny": _tiny,
    "subnormal": _subnormal, "positive": _positive, "probabilities": _probabilities, "sorted": _sorted,
    "unit_pairs": _unit_pairs, "extreme": _extreme, "nonfinite": _normal,
}  # fmt: skip


# A matrix of these is scaled so that its product with a vector keeps the size of the kind.
PRODUCTS_OF_SIZE_ONE = ("normal", "heavy", "saturating")


def plain_array(name: str, draw: Draw, shape: Shape, ends: Ends | None = None) -> np.ndarray:
    """An array of a number format: what a kind means is said for real numbers, for integers, and for those in a range.

    ends: those of the range.
    """
    if ends is not None:
        return ranged_array(draw.rng(name), draw.kind, shape, ends).astype(DTYPES[draw.dtype].numpy)
    return (real_array if DTYPES[draw.dtype].is_real else whole_array)(name, draw, shape)


def real_array(name: str, draw: Draw, shape: Shape) -> np.ndarray:
    """An array of real numbers."""
    rng, dtype = draw.rng(name), DTYPES[draw.dtype]
    values = REAL[draw.kind](rng, shape, dtype.numbers)
    odd = _odd_entry(rng, values.size, dtype) if draw.kind == "nonfinite" else None
    if len(shape) > 1 and draw.kind in PRODUCTS_OF_SIZE_ONE and shape[-1]:
        values = values / np.sqrt(shape[-1])
    if len(shape) == 1 and 0 < draw.nonzero < shape[0] and VALUE_KINDS[draw.kind].thinned:
        kept = np.zeros(shape, np.bool_)
        kept[rng.choice(shape[0], draw.nonzero, replace=False)] = True
        if rng.integers(2):  # the last entry is where loops end too early, and chance would hardly ever meet it
            kept[rng.choice(np.flatnonzero(kept))] = False
            kept[-1] = True
        values = np.where(kept, values, 0.0)
    with np.errstate(over="ignore"):
        values = values * 2.0 ** _exponent(draw, dtype.numbers)
    made = _in_format(values, dtype)
    if odd is not None:
        place, pattern = odd
        made = np.array(made)
        made.reshape(-1).view(f"u{dtype.bytes}")[place] = pattern
    return made


def _in_format(values: np.ndarray, dtype: Dtype) -> np.ndarray:
    """Numbers as an array of a format; what is beyond the largest number becomes that. NaN stays.

    NumPy rounds to its own types once, as `stored` does, and is quicker.
    """
    if dtype.code.startswith("."):
        return stored(values, dtype, saturates=True)
    with np.errstate(over="ignore"):
        made = values.astype(dtype.numpy)
    if np.isfinite(made).all():
        return made
    most = dtype.numbers.largest
    return np.minimum(np.maximum(values, -most), most).astype(dtype.numpy)


def _exponent(draw: Draw, numbers: Floating) -> int:
    """The power of two that the numbers of a kind are multiplied by."""
    if draw.kind != "subnormal":
        return draw.exponent
    return min(max(numbers.emin - 4 + draw.exponent, numbers.lowest), numbers.emin - 1)


def _odd_entry(rng: np.random.Generator, size: int, dtype: Dtype) -> tuple[int, int] | None:
    """A place, and what stands there: infinity, or a NaN of either sign with a payload, as far as the format has them.

    The NaN is quiet: a copy may not change it. Half have all bits of their payload: what adds half a unit to the bits
    before it cuts them off makes -0 of those.
    """
    if not size:
        return None
    quiet, first = _nan_bits(dtype)
    nan = quiet | min(int(rng.integers(0, 2 * first)), first - 1) | int(rng.integers(2)) << dtype.bits - 1
    infinity = quiet & ~first if dtype.numbers.overflow == INFINITY else nan
    choice = int(rng.choice(4))
    pattern = (infinity, infinity | 1 << dtype.bits - 1, nan, nan)[choice]
    return int(rng.integers(size)), pattern


def _nan_bits(dtype: Dtype) -> tuple[int, int]:
    """The bits of a NaN, and how many payloads it may have besides: those of the lowest bits, below this number."""
    numbers, bits = dtype.numbers, dtype.bits
    if numbers.overflow == INFINITY:  # every bit of the exponent, and the first one behind it
        payloads = 1 << numbers.digits - 2
        return (1 << bits - numbers.digits) - 1 << numbers.digits - 1 | payloads, payloads
    unsigned_zero = dtype.numpy.type(-0.0).view("u1") == 0  # there the bits of a negative zero are the NaN
    return (1 << bits - 1 if unsigned_zero else (1 << bits - 1) - 1), 1


# --- integers --------------------------------------------------------------------------------------------------------

SMALL = 4  # numbers of `small`, from 0


def _no_bits(_rng: np.random.Generator, shape: Shape, dtype: Dtype) -> np.ndarray:
    return np.zeros(shape, dtype.numpy)


def _small(rng: np.random.Generator, shape: Shape, dtype: Dtype) -> np.ndarray:
    return np.asarray(rng.integers(0, SMALL, shape)).astype(dtype.numpy)


def _every_bit_pattern(rng: np.random.Generator, shape: Shape, dtype: Dtype) -> np.ndarray:
    every = dtype.integers
    drawn = np.dtype(f"{'i' if dtype.signed else 'u'}{dtype.bytes}")  # NumPy has no integers of four bits
    return np.asarray(rng.integers(every[0], every[-1], shape, drawn, endpoint=True)).astype(dtype.numpy)


INTEGERS: dict[str, Callable[[np.random.Generator, Shape, Dtype], np.ndarray]] = {
    "zeros": _no_bits, "small": _small, "bytes": _every_bit_pattern,
}  # fmt: skip


def whole_array(name: str, draw: Draw, shape: Shape) -> np.ndarray:
    """An integer array."""
    return INTEGERS[draw.kind](draw.rng(name), shape, DTYPES[draw.dtype])


# --- quantised tensors ------------------------------------------------------------------------------------------

EXTREMES = np.array([0x00, 0xFF, 0x0F, 0xF0])  # smallest and largest in every packed place: sums that overflow


def packed_array(name: str, draw: Draw, shape: Shape, format_: BlockFormat) -> Packed:
    """A tensor in blocks. What lies in the padding of a row is random too: it must not matter.

    one_hot: blocks of one and the same bits, of which a single one is flipped.
    """
    rng = draw.rng(name)
    lead = (*shape[:-1], format_.blocks_per_row(shape[-1]))
    if draw.kind == "zeros" or 0 in lead:
        return Packed.drawn(format_, shape, np.zeros((*lead, format_.size), np.uint8))
    raw = rng.integers(0, 256, (*lead, format_.size), np.uint8)
    if draw.kind == "one_hot":
        flat = rng.integers(0, 256, format_.size) if rng.integers(2) else rng.choice(EXTREMES)
        raw[...] = np.asarray(flat, np.uint8)
        raw.reshape(-1)[rng.integers(raw.size)] ^= 1 << rng.integers(8)
    only_finite(format_, raw)
    scales = _real_scales(format_)
    spoiled = scales[rng.integers(len(scales))] if draw.kind == "nonfinite" and scales else ""
    for scale in scales:
        how = replace(draw, kind="normal") if draw.kind == "nonfinite" and scale != spoiled else draw
        set_field(format_, raw, scale, _scales(rng, how, lead, shape[-1], format_, scale))
    if draw.kind == "repeated" and len(shape) > 1:
        raw = raw[rng.integers(0, min(2, shape[0]), shape[0])]
    return Packed.drawn(format_, shape, raw)


def only_finite(format_: BlockFormat, raw: np.ndarray) -> None:
    """Zeros for numbers of random blocks that are NaN or infinite, in place: of float8 that is one in a hundred.

    The scales are written in any case.
    """
    for name, (dtype, _, _) in format_.fields.items():
        if DTYPES[dtype].is_real and name not in format_.scales:
            numbers = field(format_, raw, name)
            odd = ~np.isfinite(numbers)
            if odd.any():
                set_field(format_, raw, name, np.where(odd, np.zeros(1, numbers.dtype), numbers))


def _real_scales(format_: BlockFormat) -> list[str]:
    """The fields that scale a block; those that hold integers have every bit pattern, as other fields have."""
    return [name for name in format_.scales if DTYPES[format_.fields[name][0]].is_real]


def _scales(
    rng: np.random.Generator, draw: Draw, lead: Shape, columns: int, format_: BlockFormat, name: str
) -> np.ndarray:
    """Scales that give weights of size about 1 / sqrt(columns), or the extremes of the kind; one to each block.

    A field may hold several: scales of parts of its block.
    """
    dtype, count = DTYPES[format_.fields[name][0]], field_count(*format_.fields[name])
    numbers = dtype.numbers
    usual = 2.0**draw.exponent / (_unit_size(format_) * np.sqrt(max(1, columns)))
    factors = _factors(format_)
    usual = usual if factors == 1 else usual ** (1 / factors)
    usual = min(max(usual, 8 * numbers.smallest), numbers.largest)  # of fewer steps nearly all would be zero
    values = SCALES[draw.kind](rng, (*lead, count) if count > 1 else lead, usual, numbers)
    if not numbers.zero:
        values = np.maximum(np.abs(values), numbers.smallest)  # NaN stays
    return stored(values, dtype) if draw.kind == "nonfinite" else _in_format(values, dtype)


def _power_of_two(_rng: np.random.Generator, lead: Shape, usual: float, _numbers: Floating) -> np.ndarray:
    return np.full(lead, 2.0 ** np.floor(np.log2(usual)))


def _usual(rng: np.random.Generator, lead: Shape, usual: float, _numbers: Floating) -> np.ndarray:
    return _signs(rng, lead) * usual * rng.uniform(0.5, 1.5, lead)


def _over_nine_powers(rng: np.random.Generator, lead: Shape, usual: float, _numbers: Floating) -> np.ndarray:
    return _signs(rng, lead) * usual * 2.0 ** rng.uniform(-6, 3, lead)


def _near_the_end(rng: np.random.Generator, lead: Shape, _usual: float, numbers: Floating) -> np.ndarray:
    """Near the largest number of the format; of wider ones than float16, near the end of that."""
    return _signs(rng, lead) * rng.uniform(3e4, 6.5e4, lead) * min(1.0, numbers.largest / FLOAT16_MOST)


def _subnormal_scales(rng: np.random.Generator, lead: Shape, _usual: float, numbers: Floating) -> np.ndarray:
    """A few of the smallest numbers of the format."""
    return _signs(rng, lead) * rng.integers(1, 9, lead) * numbers.smallest


def _one_not_finite(rng: np.random.Generator, lead: Shape, usual: float, _numbers: Floating) -> np.ndarray:
    """One scale is NaN or infinite; a format without infinities has a NaN in their place."""
    values = np.full(lead, usual)
    values.reshape(-1)[rng.integers(values.size)] = rng.choice([np.nan, np.inf])
    return values


# The kinds of block formats but for zeros, where no byte is set.
SCALES: dict[str, Callable[[np.random.Generator, Shape, float, Floating], np.ndarray]] = {
    "one_hot": _power_of_two, "integers": _power_of_two, "normal": _usual, "heavy": _over_nine_powers,
    "repeated": _power_of_two, "large": _near_the_end, "subnormal": _subnormal_scales,
    "nonfinite": _one_not_finite,
}  # fmt: skip


def _signs(rng: np.random.Generator, lead: Shape) -> np.ndarray:
    """Of one sign each: quantisers write negative block scales, too."""
    return rng.choice((-1.0, 1.0), lead)


@cache
def _unit_size(format_: BlockFormat, scale: float = 1.0) -> float:
    """The rms of weights with random bits and scales of one."""
    rng = np.random.default_rng(1)
    raw = rng.integers(0, 256, (64, 1, format_.size), np.uint8)
    only_finite(format_, raw)
    for name in _real_scales(format_):
        count = field_count(*format_.fields[name])
        set_field(format_, raw, name, np.full((64, 1, count) if count > 1 else (64, 1), scale))
    weights = decode(Packed(format_, (64, format_.values), raw), Single())
    return float(np.sqrt(np.mean(np.square(weights, dtype=np.float64)))) or 1.0


@cache
def _factors(format_: BlockFormat) -> int:
    """How many scales a weight is multiplied by: one of its block, and perhaps one of a part of it."""
    return max(1, round(math.log2(_unit_size(format_, 2.0) / _unit_size(format_))))
