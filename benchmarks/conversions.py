"""Conversions to every format of real numbers, held against other implementations, bit for bit.

    python benchmarks/conversions.py

prints the table of docs/bound.md ("Formats") in Markdown:

- the parameters of each format, which are compared with those that NumPy and ml_dtypes give;
- all patterns of a format of at most 16 bits: what each says, stored again, is the pattern itself;
- float32 numbers, of all kinds and around ties of the format: NumPy (f16, f32, f64) or ml_dtypes converts the same;
- float64 numbers, ties and a hair beside them: rounded by rational numbers (fractions) to the same. NumPy and ml_dtypes
  are no truth here: ml_dtypes rounds float64 through float32, twice.

Of f8_e8m0fnu, which has neither zero nor subnormal numbers, only what float32 has as a normal number is compared. Below
that ml_dtypes rounds up (1.01 * 2**-127 becomes 2**-126), and the language rounds nothing to this format.

It exits with 1 if anything differs, with the first of it on stderr.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from harness.language.dtypes import DTYPES, INFINITY, LARGEST, NO_NUMBER, Dtype
from harness.language.rounding import stored

FLOAT32, FLOAT64 = 1_000_000, 100_000  # at least as many numbers of each are converted to each format
HAIR = 2.0**-40  # beside a tie, relative: float32 does not see it
Floats = Any  # np.ndarray of float64
Array = Any


@dataclass(frozen=True)
class Row:
    """What was compared of one format, and what differed."""

    dtype: Dtype
    patterns: int
    float32: int
    float64: int
    differences: tuple[str, ...]

    @property
    def cells(self) -> list[str]:
        """A row of the table."""
        compared = [f"{count:,}" for count in (self.patterns, self.float32, self.float64, len(self.differences))]
        return [*parameters(self.dtype), *compared]


HEADING = (
    "format", "digits", "emin", "smallest", "largest", "beyond it", "patterns", "from float32", "from float64",
    "differ",
)  # fmt: skip


def parameters(dtype: Dtype) -> list[str]:
    """What the table says of a format itself."""
    numbers = dtype.numbers
    largest = f"{numbers.largest:g}" if numbers.largest < 1e6 else f"{numbers.largest:.4g}"
    return [f"`{dtype.name}`", str(numbers.digits), str(numbers.emin), f"2^{numbers.lowest}", largest, numbers.overflow]


def row_of(dtype: Dtype, rng: np.random.Generator, float32: int, float64: int) -> Row:
    """Everything about one format."""
    patterns = all_patterns(dtype) if dtype.bits <= 16 else np.zeros(0, dtype.numpy)
    narrow, wide = float32_numbers(dtype, rng, float32), float64_numbers(dtype, rng, float64)
    with np.errstate(all="ignore"):
        theirs = narrow.astype(dtype.numpy)
        truth = np.array([by_fractions(x, dtype) for x in wide.tolist()]).astype(dtype.numpy)
        found = [
            *other_parameters(dtype),
            *differences("a pattern", patterns, patterns.astype(np.float64), dtype),
            *differences("float32", theirs, narrow.astype(np.float64), dtype),
            *differences("float64", truth, wide, dtype),
        ]
    return Row(dtype, len(patterns), len(narrow), len(wide), tuple(found))


def other_parameters(dtype: Dtype) -> Iterator[str]:
    """Where NumPy or ml_dtypes says otherwise what the format is."""
    theirs, ours = ml_dtypes.finfo(dtype.numpy), dtype.numbers
    for name, one, other in (
        ("digits", ours.digits, theirs.nmant + 1),
        ("emin", ours.emin, theirs.minexp),
        ("largest", ours.largest, float(theirs.max)),
        ("smallest", ours.smallest, float(theirs.smallest_subnormal)),
        ("what is written beyond the largest", ours.overflow, written_for_infinity(dtype)),
    ):
        if one != other:
            yield f"{dtype.name}: {name} is {one}, expected {other}"


def written_for_infinity(dtype: Dtype) -> str:
    """What NumPy or ml_dtypes converts an infinity to."""
    written = float(np.float32(np.inf).astype(dtype.numpy))
    return NO_NUMBER if math.isnan(written) else INFINITY if math.isinf(written) else LARGEST


def differences(what: str, expected: Array, x: Floats, dtype: Dtype) -> Iterator[str]:
    """Where float64 numbers, stored, are other bits than expected. A NaN is a NaN, whatever its payload."""
    got = stored(x, dtype)
    bits = f"u{got.dtype.itemsize}"
    same = (got.view(bits) == expected.view(bits)) | (np.isnan(got) & np.isnan(expected))
    for place in np.flatnonzero(~same):
        yield f"{dtype.name} of {what}: {x[place].hex()} is {got[place]}, expected {expected[place]}"


# --- numbers ----------------------------------------------------------------------------------------------------


def all_patterns(dtype: Dtype) -> Array:
    """Every number of a format of at most 16 bits, those that are none too."""
    return np.arange(2**dtype.bits, dtype=f"u{dtype.bytes}").view(dtype.numpy)


def float32_numbers(dtype: Dtype, rng: np.random.Generator, count: int) -> Array:
    """Half any patterns; half ties of the format, as float32 has them, their neighbours, and numbers of its range."""
    patterns = rng.integers(0, 2**32, count // 2, dtype=np.uint32).view(np.float32)
    patterns = patterns[~(np.abs(patterns) < least_compared(dtype))]
    with np.errstate(all="ignore"):
        beside = ties(dtype, rng, count // 8).astype(np.float32)
        down, up = (np.nextafter(beside, np.float32(end)) for end in (-np.inf, np.inf))
        plain = in_range(dtype, rng, count - len(patterns) - 3 * len(beside)).astype(np.float32)
    return np.concatenate([patterns, beside, down, up, plain])


def float64_numbers(dtype: Dtype, rng: np.random.Generator, count: int) -> Floats:
    """Ties, the numbers next to them, numbers a hair beside them, and numbers of the range."""
    tie = ties(dtype, rng, count // 8)
    return np.concatenate([
        tie, np.nextafter(tie, -np.inf), np.nextafter(tie, np.inf), tie * (1 - HAIR), tie * (1 + HAIR),
        in_range(dtype, rng, count - 5 * len(tie)),
    ])  # fmt: skip


def least_compared(dtype: Dtype) -> float:
    """The smallest size of numbers that are compared."""
    return 0.0 if dtype.numbers.zero else 2.0 * dtype.numbers.smallest


def ties(dtype: Dtype, rng: np.random.Generator, count: int) -> Floats:
    """Numbers in the middle between two neighbours of the format, of both signs; the one beyond the largest too."""
    numbers = dtype.numbers
    if numbers.digits >= 53:
        return in_range(dtype, rng, count)  # float64 has none
    high = math.frexp(numbers.largest)[1]
    exponent = rng.integers(_exponent(dtype, 1), high, count)
    quantum = np.maximum(exponent, numbers.emin) - numbers.digits + 1
    steps = np.floor(np.ldexp(rng.uniform(1, 2, count), exponent - quantum))
    found = np.ldexp(steps + 0.5, quantum)
    found[: count // 20] = numbers.largest + math.ldexp(0.5, high - numbers.digits)
    return found * rng.choice([-1, 1], count)


def in_range(dtype: Dtype, rng: np.random.Generator, count: int) -> Floats:
    """Numbers of every size from far below the smallest to beyond the largest."""
    numbers = dtype.numbers
    least, most = max(_exponent(dtype, 3), -1074), min(math.frexp(numbers.largest)[1] + 1, 1023)
    return np.ldexp(rng.choice([-1, 1], count) * rng.uniform(1, 2, count), rng.integers(least, most, count))


def _exponent(dtype: Dtype, below: int) -> int:
    """Of the smallest numbers to compare, some binades below the smallest of the format."""
    return dtype.numbers.lowest - below if dtype.numbers.zero else dtype.numbers.lowest + 1


def by_fractions(x: float, dtype: Dtype) -> float:
    """x rounded to the nearest number of a format by rational numbers, ties to even, and what is written beyond it."""
    theirs = ml_dtypes.finfo(dtype.numpy)
    if x == 0 or not math.isfinite(x):
        return x
    exponent = max(math.frexp(x)[1] - 1, int(theirs.minexp))
    quantum = Fraction(2) ** (exponent - int(theirs.nmant))
    rounded = round(Fraction(x) / quantum) * quantum
    if abs(rounded) > Fraction(float(theirs.max)):
        beyond = {INFINITY: math.inf, LARGEST: float(theirs.max)}.get(dtype.numbers.overflow, math.nan)
        return math.copysign(beyond, x)
    return math.copysign(float(rounded), x)


def table(rows: Iterable[Row]) -> Iterator[str]:
    """The table, line by line."""
    yield f"| {' | '.join(HEADING)} |"
    yield f"|---|--:|--:|--:|--:|---|{'--:|' * 4}"
    for row in rows:
        yield f"| {' | '.join(row.cells)} |"


def whole(text: str) -> int:
    """A whole number from 1 on."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, got {text!r}")
    return int(text)


def main() -> int:
    options = argparse.ArgumentParser(description="Conversions to every format, held against other implementations.")
    options.add_argument("--float32", type=whole, default=FLOAT32, help=f"float32 numbers for each format ({FLOAT32})")
    options.add_argument("--float64", type=whole, default=FLOAT64, help=f"float64 numbers for each format ({FLOAT64})")
    options.add_argument("--seed", type=int, default=0, help="where the numbers start (0)")
    chosen = options.parse_args()
    real = [dtype for dtype in DTYPES.values() if dtype.is_real]
    rows = [
        row_of(dtype, np.random.default_rng([chosen.seed, place]), chosen.float32, chosen.float64)
        for place, dtype in enumerate(real)
    ]
    print("\n".join(table(rows)))
    for row in rows:
        for difference in row.differences[:3]:
            print(difference, file=sys.stderr)
    return 1 if any(row.differences for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
