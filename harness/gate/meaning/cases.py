"""Cases on which two versions are evaluated against each other: numbers and arrays that both admit.

Seeded by a text (the two expressions), so that they are the same in every process. What the contract promises by name
comes first (points.py); every kind of values comes with every end of every dimension, numbers that the expressions
mention stand in arrays as well, and what all cases hold together is limited, so that a comparison takes about as long
for a large layer. What was left out as too large is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np

from harness.gate.meaning.points import Points, Wanted
from harness.gate.meaning.space import Point, Row, Space
from harness.language.dtypes import DTYPES, FLOAT32, Dtype
from harness.language.packed import Packed
from harness.language.rounding import nearest, neighbours, stored
from harness.language.value_kinds import RANGED
from harness.search.arrays import Draw, packed_array, plain_array

CASES = 200
ALL = 1_200_000  # entries in all cases together
PROMISED = 2_000_000  # entries, besides, in the cases of what the contract promises by name
LEAST = 30  # cases, where the smallest are large
SHARE = 8  # a case takes at most this part of what is left, so that smaller ones fit as well
SHOWN = 3  # of what was left out
CONSTANTS, ALL_SIZES = "constants of the text beside others", "normal of all sizes"  # kinds that only the gate draws
EVERY = "every number of the format"  # another one, of formats that have few
FEW = 8  # bits of those
WIDEST = 24  # powers of two, up and down, that numbers of all sizes have


@dataclass(frozen=True)
class ComparisonCase:
    """Numbers and arrays by name, and the kind of each array for the reader."""

    numbers: Mapping[str, int]
    arrays: Mapping[str, Any]
    kinds: Mapping[str, str]
    row: Mapping[str, object]

    def given(self) -> dict[str, Any]:
        """Every name with its value."""
        return {**self.numbers, **self.row, **self.arrays}

    @property
    def size(self) -> int:
        """Entries of all arrays."""
        return sum(_entries(value) for value in self.arrays.values())

    def text(self, given: Iterable[str] = ()) -> str:
        """Two lines for the reader: numbers and what was given, and the kinds of the arrays."""
        numbers = [f"{name} = {value}" for name, value in self.numbers.items()]
        numbers += [f"{name} = {value!r}" for name, value in self.row.items() if isinstance(value, int | str)]
        numbers += [f"given {', '.join(given)}"] if given else []
        return f"{', '.join(numbers)}\n{', '.join(f'{name}: {kind}' for name, kind in self.kinds.items())}"


def cases(old: Space, new: Space, wanted: Wanted, most: int = CASES) -> list[ComparisonCase]:
    """Cases that both versions admit, smallest first."""
    return drawn_cases(old, new, wanted, most).cases


@dataclass(frozen=True)
class DrawnCases:
    """Cases, smallest first; `left_out`: what the contract promises by name and no case has, for the reader."""

    cases: list[ComparisonCase]
    left_out: str


def drawn_cases(old: Space, new: Space, wanted: Wanted, most: int = CASES) -> DrawnCases:
    """Cases that both versions admit: what is promised, each kind with each end, what is mentioned, others."""
    points = Points(old, new, wanted, wanted.rng())
    drawing = _Drawing(points, most)
    drawing.promised()
    drawing.kinds_at_ends()
    for turn, point in enumerate(islice(points.near(), most // 4)):
        drawing.add(point, points.rows[turn % len(points.rows)])
    for random, row in islice(points.at_random(), 4 * most):
        if len(drawing.made) >= most:
            break
        if random is not None:
            drawing.add(random, row)
    drawing.fill()
    left = left_out_text([point for point, _ in drawing.left], drawing.made)
    return DrawnCases(sorted(drawing.made, key=lambda case: case.size), left)


def cases_at(points: Points, point: Point) -> list[ComparisonCase]:
    """A few cases with these numbers, of several kinds of values."""
    arrays = _Arrays(points)
    return [arrays.case(turn, point, points.rows[0]) for turn in range(4)]


class _Drawing:
    """Cases made so far, and the room for more. `left`: what is promised and too large; `later`: all else that is."""

    def __init__(self, points: Points, most: int) -> None:
        self.points, self.most, self.arrays = points, most, _Arrays(points)
        self.made: list[ComparisonCase] = []
        self.left: list[tuple[Point, Row]] = []
        self.later: list[tuple[Point, Row]] = []
        self.room = ALL

    def promised(self) -> None:
        """The smallest first, while there is room."""
        room = PROMISED
        for point, row in sorted(self.points.promised(), key=lambda part: self.points.size(part[0])):
            size = self.points.size(point)
            if size > room:
                self.left.append((point, row))
                continue
            room -= size
            first = any(given.items() <= point.items() for given in self.points.wanted.first)
            self.made += [self.arrays.case(turn, point, row) for turn in range(4 if first else 1)]

    def kinds_at_ends(self) -> None:
        """Every kind of every input with every end, in turn, as far as there is room."""
        bases, rows = self.points.bases(), self.points.rows
        for turn in range(1, self.arrays.turns()):
            for point in bases:
                if len(self.made) < 3 * self.most // 4:
                    self.add(point, rows[turn % len(rows)], turn)

    def add(self, point: Point, row: Row, turn: int | None = None) -> None:
        """One more case, if it fits and is admitted."""
        if not self.points.admits(point, row):
            return
        size = self.points.size(point)
        if size > self.room // SHARE:
            self.later.append((point, row))
            return
        self.room -= size
        self.made.append(self.arrays.case(turn, point, row))

    def fill(self) -> None:
        """Some cases all the same where nearly all of them are large: the smallest."""
        room = 3 * PROMISED
        for point, row in sorted([*self.left, *self.later], key=lambda part: self.points.size(part[0])):
            room -= self.points.size(point)
            if len(self.made) >= LEAST or room < 0:
                break
            promised = (point, row) in self.left
            if promised:
                self.left.remove((point, row))
            self.made.append(self.arrays.case(0 if promised else None, point, row))


def left_out_text(left: list[Point], made: Iterable[ComparisonCase]) -> str:
    """What no case has of the points left out: the numbers that are in none, else the combination; "" for nothing."""
    tried: dict[str, set[int]] = {}
    for case in made:
        for name, number in case.numbers.items():
            tried.setdefault(name, set()).add(number)
    told: dict[str, None] = {}
    for point in left:
        missing = [(name, number) for name, number in point.items() if number not in tried.get(name, ())]
        for name, number in missing:
            reached = f" (up to {max(tried[name])} were)" if name in tried and max(tried[name]) < number else ""
            told[f"{name} = {number}{reached}"] = None
        if not missing:
            told[" with ".join(f"{name} = {number}" for name, number in point.items())] = None
    if not told:
        return ""
    more = f"; and {len(told) - SHOWN} more" if len(told) > SHOWN else ""
    return f"not evaluated, as too large: {'; '.join(list(told)[:SHOWN])}{more}"


class _Arrays:
    """Arrays for the numbers that were drawn."""

    def __init__(self, points: Points) -> None:
        self.points, self.rng = points, points.rng
        self.names = (*points.inputs, *points.alone)
        self.kinds = {name: self._kinds(name) for name in self.names}
        self.types = {name: points.types(name) for name in self.names}

    def turns(self) -> int:
        """Cases in which every kind of every input has come, and every type with every kind."""
        return max((len(self.kinds[name]) * len(self.types[name]) for name in self.names), default=1)

    def case(self, turn: int | None, point: Point, row: Row) -> ComparisonCase:
        """In a turn all inputs have the kind of that turn; without one, any."""
        arrays, kinds = {}, {}
        for name in self.names:
            arrays[name], kinds[name] = self._array(turn, name, point)
        return ComparisonCase(point, arrays, kinds, row)

    def _array(self, turn: int | None, name: str, point: Point) -> tuple[Any, str]:
        shape = self.points.shape(name, point)
        view, kinds, types = self.points.view(name), self.kinds[name], self.types[name]
        part = view.inputs[name]
        place = int(self.rng.integers(len(kinds) * len(types))) if turn is None else turn
        kind = kinds[place % len(kinds)]
        dtype = types[(place % len(kinds) + place // len(kinds)) % len(types)]
        exponent = int(self.rng.choice([0, 0, 0, 1, -1, 3, -3]))
        seed = int(self.rng.integers(1 << 12))
        if part.formats:
            draw = Draw(kind, exponent, seed, 0, dtype)
            return packed_array(name, draw, shape, view.formats[dtype]), f"{dtype} {kind}"
        told = kind if len(types) == 1 and dtype == part.dtype == FLOAT32.name else f"{dtype} {kind}"
        if not DTYPES[dtype].is_real:
            own, ends = "bytes" if kind == CONSTANTS else kind, self.points.ends(name, point)
            if ends is not None and own not in RANGED:  # a kind of the version that has no range
                own = "uniform"
            array = plain_array(name, Draw(own, 0, seed, 0, dtype), shape, ends)
            told = kind if len(types) == 1 else told
            return (self._with_literals(array, DTYPES[dtype]) if kind == CONSTANTS else array), told
        sparse = int(self.rng.choice([0, 0, 0, 1, 4])) if turn is None else 0
        return self._real_array(Draw(kind, exponent, seed, sparse, dtype), name, shape), told

    def _real_array(self, draw: Draw, name: str, shape: tuple[int, ...]) -> np.ndarray:
        """Real numbers of a kind, which may be one that only the gate draws."""
        dtype = DTYPES[draw.dtype]
        numbers = dtype.numbers
        if draw.kind == EVERY:
            return np.resize(self.rng.permutation(every_number(dtype)), shape)
        own = "normal" if draw.kind in (CONSTANTS, ALL_SIZES) else draw.kind
        made = dtype if numbers.zero else FLOAT32
        array = plain_array(name, replace(draw, kind=own, dtype=made.name), shape)
        if draw.kind == ALL_SIZES:  # where exp overflows, and where it does not yet
            sizes = max(-WIDEST, numbers.lowest), min(WIDEST, int(np.log2(numbers.largest)))
            array = np.asarray(array, np.float64) * 2.0 ** self.rng.uniform(*sizes, array.shape)
        if dtype is not FLOAT32:
            array = in_format(array, dtype)
        if draw.kind == CONSTANTS:
            array = self._with_literals(array, dtype)
        return np.asarray(array).astype(dtype.numpy)

    def _with_literals(self, array: np.ndarray, dtype: Dtype) -> np.ndarray:
        """Some entries at, just below and just above a number that an expression mentions: where comparisons turn."""
        chosen = np.resize(self.rng.permutation(_around([0.0, 1.0, *self.points.literals], dtype)), array.shape)
        kept = (self.rng.integers(3, size=array.shape) == 0) | ~_holds(dtype, chosen)
        return np.where(kept, array, chosen.astype(array.dtype))

    def _kinds(self, name: str) -> list[str]:
        """Kinds that both versions draw, and those that are asked for; the most telling first."""
        kept = list(dict.fromkeys([*self.points.common(Space.kinds, name), *self.points.wanted.asked.get(name, ())]))
        part = self.points.view(name).inputs[name]
        if "normal" in kept and not part.formats:
            kept += [CONSTANTS, ALL_SIZES]
            kept += [EVERY] if all(DTYPES[dtype].bits <= FEW for dtype in self.points.types(name)) else []
        elif "bytes" in kept and not self.points.has_range(name):
            kept.append(CONSTANTS)
        return sorted(kept, key=lambda kind: kind not in ("normal", "bytes"))


def _entries(value: Any) -> int:
    return int(np.prod(value.shape, dtype=np.int64)) * (2 if isinstance(value, Packed) else 1)


def in_format(array: np.ndarray, dtype: Dtype) -> np.ndarray:
    """Real numbers as numbers of a format; finite ones stay finite, and positive where the format has no others."""
    numbers = dtype.numbers
    wide = np.asarray(array, np.float64)
    if not numbers.zero:
        wide = np.maximum(np.abs(wide), numbers.smallest)
    return stored(np.where(np.isfinite(wide), np.clip(wide, -numbers.largest, numbers.largest), wide), dtype)


def _around(numbers: Iterable[float], dtype: Dtype) -> np.ndarray:
    """Each number with both signs, and its neighbours in the type; but not those of zero, which are subnormal."""
    if not dtype.is_real:
        whole = np.array([sign * int(number) for number in numbers if number < 2**62 for sign in (1, -1)], np.int64)
        return np.unique([whole - 1, whole, whole + 1])
    at = nearest(np.array([sign * number for number in numbers for sign in (1, -1)]), dtype.numbers)
    return np.concatenate([at, *neighbours(at[at != 0], dtype.numbers)])


def _holds(dtype: Dtype, numbers: np.ndarray) -> np.ndarray:
    """Which numbers lie within the range of a format."""
    if not dtype.is_real:
        return np.asarray((numbers >= dtype.integers[0]) & (numbers <= dtype.integers[-1]))
    part = dtype.numbers
    return np.asarray((np.abs(numbers) <= part.largest) & ((numbers > 0) | part.zero))


def every_number(dtype: Dtype) -> np.ndarray:
    """Every finite number of a format of at most 16 bits."""
    if not dtype.is_real:
        return np.array(dtype.integers).astype(dtype.numpy)
    patterns = np.arange(1 << dtype.bits, dtype=np.uint8 if dtype.bits <= FEW else np.uint16).view(dtype.numpy)
    return patterns[np.isfinite(patterns.astype(np.float32))]
