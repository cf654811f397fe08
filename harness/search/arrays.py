"""Arrays of each kind, built by NumPy from a small drawn recipe.

Hypothesis draws a recipe (a kind, a scale, a seed) and not elements: about twenty times as many cases per second, and
a recipe shrinks to the simplest kind. Kinds are listed in harness/language/value_kinds.py, simplest first.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from harness.language.dtypes import DTYPES, FLOAT32, Floating
from harness.language.evaluate import decode
from harness.language.formats import BlockFormat, field_count
from harness.language.packed import Packed, field, set_field
from harness.language.single import Single
from harness.language.value_kinds import VALUE_KINDS

Shape = tuple[int, ...]
F = np.float32
MOST = float(np.finfo(F).max)


@dataclass(frozen=True)
class Draw:
    """How one input is made. `nonzero`: how many entries of a vector are not zero (0: all)."""

    kind: str
    exponent: int = 0
    seed: int = 0
    nonzero: int = 0
    dtype: str = FLOAT32.name

    def rng(self, name: str) -> np.random.Generator:
        return np.random.default_rng([self.seed, zlib.crc32(name.encode())])


# --- real numbers ----------------------------------------------------------------------------------------------------


def _zeros(_rng: np.random.Generator, shape: Shape) -> np.ndarray:
    return np.zeros(shape)


def _one_hot(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """One entry of every row is 1."""
    if not shape:
        return np.ones(shape)
    values = np.zeros((int(np.prod(shape[:-1], dtype=int)), shape[-1]))
    if values.size:
        values[np.arange(len(values)), rng.integers(0, shape[-1], len(values))] = 1
    return values.reshape(shape)


def _integers(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """Small integers; a zero is positive or negative."""
    return np.copysign(rng.integers(0, 4, shape), rng.choice((-1.0, 1.0), shape))


def _normal(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    return rng.standard_normal(shape)


def _heavy(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    return np.clip(rng.standard_cauchy(shape), -1e6, 1e6)


def _repeated(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """Two different rows (of a vector: two different values) in random order: ties."""
    if not shape:
        return rng.standard_normal(shape)
    if len(shape) == 1:
        return rng.integers(-3, 4, 2).astype(np.float64)[rng.integers(0, 2, shape)]
    rows = rng.integers(-3, 4, (2, *shape[1:])).astype(np.float64)
    return rows[rng.integers(0, 2, shape[0])]


def _large(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    return rng.standard_normal(shape) * 2.0**20


def _offset(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """A spread of one about a mean far above it: what subtracts squares or sums first loses the spread."""
    return rng.standard_normal(shape) + rng.choice((-1.0, 1.0)) * 10 ** rng.uniform(2, 3)


def _saturating(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """Some of it where exp of a float32 leaves its range, at about -87 and 88, and some beyond."""
    return rng.standard_normal(shape) * 2.0**6


def _tiny(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """All of one small size: a threshold below which all counts as zero takes the whole array."""
    return rng.standard_normal(shape) * 10 ** rng.uniform(-30, -12)


def _subnormal(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    return rng.standard_normal(shape) * 2.0**-130


def _extreme(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """Finite numbers of one sign, whose sum is not."""
    return rng.choice([-MOST, MOST]) * rng.uniform(0.5, 1, shape)


def _nonfinite(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """One entry is infinite, or a NaN of either sign with a payload (quiet: a copy may not change it)."""
    values = rng.standard_normal(shape)
    if values.size:
        payload = np.uint32(0x7FC00000 | int(rng.integers(0, 1 << 22)) | int(rng.integers(2)) << 31)
        odd = rng.choice([np.inf, -np.inf, float(payload.view(F)), float(payload.view(F))])
        values.reshape(-1)[rng.integers(values.size)] = odd
    return values


REAL: dict[str, Callable[[np.random.Generator, Shape], np.ndarray]] = {
    "zeros": _zeros, "one_hot": _one_hot, "integers": _integers, "normal": _normal, "heavy": _heavy,
    "repeated": _repeated, "offset": _offset, "saturating": _saturating, "large": _large, "tiny": _tiny,
    "subnormal": _subnormal, "extreme": _extreme, "nonfinite": _nonfinite,
}  # fmt: skip


# A matrix of these is scaled so that its product with a vector keeps the size of the kind.
PRODUCTS_OF_SIZE_ONE = ("normal", "heavy", "saturating")


def plain_array(name: str, draw: Draw, shape: Shape) -> np.ndarray:
    """An array of a number format: what a kind means is said for real numbers and for integers."""
    return (real_array if DTYPES[draw.dtype].is_real else whole_array)(name, draw, shape)


def real_array(name: str, draw: Draw, shape: Shape) -> np.ndarray:
    """An array of real numbers."""
    rng = draw.rng(name)
    values = REAL[draw.kind](rng, shape)
    if len(shape) > 1 and draw.kind in PRODUCTS_OF_SIZE_ONE and shape[-1]:
        values = values / np.sqrt(shape[-1])
    if len(shape) == 1 and 0 < draw.nonzero < shape[0] and VALUE_KINDS[draw.kind].thinned:
        kept = np.zeros(shape, np.bool_)
        kept[rng.choice(shape[0], draw.nonzero, replace=False)] = True
        if rng.integers(2):  # the last entry is where loops end too early, and chance would hardly ever meet it
            kept[rng.choice(np.flatnonzero(kept))] = False
            kept[-1] = True
        values = np.where(kept, values, 0.0)
    values = values * 2.0**draw.exponent
    return (np.clip(values, -MOST, MOST) if draw.kind == "extreme" else values).astype(DTYPES[draw.dtype].numpy)


def _every_bit_pattern(rng: np.random.Generator, shape: Shape, dtype: np.dtype[Any]) -> np.ndarray:
    limits = np.iinfo(dtype)
    return rng.integers(limits.min, limits.max, shape, dtype, endpoint=True)


INTEGERS: dict[str, Callable[[np.random.Generator, Shape, np.dtype[Any]], np.ndarray]] = {
    "zeros": lambda _rng, shape, dtype: np.zeros(shape, dtype), "bytes": _every_bit_pattern,
}  # fmt: skip


def whole_array(name: str, draw: Draw, shape: Shape) -> np.ndarray:
    """An integer array."""
    return INTEGERS[draw.kind](draw.rng(name), shape, DTYPES[draw.dtype].numpy)


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
    _no_nan_among_numbers(format_, raw)
    scales = _real_scales(format_)
    spoiled = scales[rng.integers(len(scales))] if draw.kind == "nonfinite" and scales else ""
    for scale in scales:
        how = replace(draw, kind="normal") if draw.kind == "nonfinite" and scale != spoiled else draw
        set_field(format_, raw, scale, _scales(rng, how, lead, shape[-1], format_, scale))
    if draw.kind == "repeated" and len(shape) > 1:
        raw = raw[rng.integers(0, min(2, shape[0]), shape[0])]
    return Packed.drawn(format_, shape, raw)


def _no_nan_among_numbers(format_: BlockFormat, raw: np.ndarray) -> None:
    """Random bits of a float8 are NaN or infinite once in a hundred numbers: zero in place of them."""
    for name, (dtype, _, _) in format_.fields.items():
        known = DTYPES[dtype]
        if name not in format_.scales and known.is_real and known.bits > 4:
            values = field(format_, raw, name)
            set_field(format_, raw, name, np.where(np.isfinite(values), values, np.zeros_like(values)))


def _real_scales(format_: BlockFormat) -> list[str]:
    """The scales that are drawn as numbers; small integers are what their bits say."""
    return [name for name in format_.scales if DTYPES[format_.fields[name][0]].is_real]


def _scales(
    rng: np.random.Generator, draw: Draw, lead: Shape, columns: int, format_: BlockFormat, name: str
) -> np.ndarray:
    """Block scales that give weights of size about 1 / sqrt(columns), or the extremes of the kind."""
    dtype, first, last = format_.fields[name]
    numbers, count = DTYPES[dtype].numbers, field_count(dtype, first, last)
    usual = 2.0**draw.exponent / (_unit_size(format_) * np.sqrt(max(1, columns)))
    values = SCALES[draw.kind](rng, lead if count == 1 else (*lead, count), usual, numbers)
    values = np.where(np.isfinite(values), np.clip(values, -numbers.largest, numbers.largest), values)
    return values if numbers.zero else np.abs(values)


def _power_of_two(_rng: np.random.Generator, shape: Shape, usual: float, _numbers: Floating) -> np.ndarray:
    return np.full(shape, 2.0 ** np.floor(np.log2(usual)))


def _usual(rng: np.random.Generator, shape: Shape, usual: float, _numbers: Floating) -> np.ndarray:
    return _signs(rng, shape) * usual * rng.uniform(0.5, 1.5, shape)


def _over_nine_powers(rng: np.random.Generator, shape: Shape, usual: float, _numbers: Floating) -> np.ndarray:
    return _signs(rng, shape) * usual * 2.0 ** rng.uniform(-6, 3, shape)


def _near_the_end(rng: np.random.Generator, shape: Shape, _usual: float, numbers: Floating) -> np.ndarray:
    """Of float16, or of the scale's own format where that ends before: weights still have room in float32."""
    return _signs(rng, shape) * rng.uniform(3e4, 6.5e4, shape) * min(1.0, numbers.largest / 65504.0)


def _subnormal_scales(rng: np.random.Generator, shape: Shape, _usual: float, numbers: Floating) -> np.ndarray:
    return _signs(rng, shape) * rng.integers(1, 9, shape) * numbers.smallest


def _one_not_finite(rng: np.random.Generator, shape: Shape, usual: float, _numbers: Floating) -> np.ndarray:
    values = np.full(shape, usual)
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
def _unit_size(format_: BlockFormat) -> float:
    """The rms of weights with random bits and scales of one."""
    rng = np.random.default_rng(1)
    raw = rng.integers(0, 256, (64, 1, format_.size), np.uint8)
    _no_nan_among_numbers(format_, raw)
    for scale in _real_scales(format_):
        set_field(format_, raw, scale, np.ones((64, 1)))
    weights = decode(Packed(format_, (64, format_.values), raw), Single())
    return float(np.sqrt(np.mean(np.square(weights, dtype=np.float64)))) or 1.0
