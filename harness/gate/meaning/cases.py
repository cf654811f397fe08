"""Cases on which two versions are evaluated against each other: numbers and arrays that both admit.

Seeded by a text (the two expressions), so that they are the same in every process. Each kind of values comes in turn,
numbers that the expressions mention stand in arrays as well, and what all cases hold together is limited, so that a
comparison takes about as long for a large layer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.gate.meaning.points import Points, Wanted
from harness.gate.meaning.space import Space, drawn_kinds, drawn_types
from harness.language.dtypes import DTYPES
from harness.language.packed import Packed
from harness.search.arrays import Draw, packed_array, real_array, whole_array

CASES = 200
ALL = 1_200_000  # entries in all cases together
FIRST = 9  # cases, however large they are: the ends of the dimensions
LEAST = 30  # cases, where the smallest are large
SHARE = 8  # a case takes at most this part of what is left, so that smaller ones fit as well


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
    rng = np.random.default_rng(np.frombuffer(hashlib.sha256(wanted.seed.encode()).digest(), np.uint32))
    points = Points(old, new, wanted, rng)
    arrays = _Arrays(points)
    made: list[ComparisonCase] = []
    later: list[tuple[int, int, Mapping[str, int], Mapping[str, object]]] = []
    room = ALL
    for turn, (point, row) in enumerate(points.drawn(most)):
        size = arrays.size(point)
        if size > room // SHARE and len(made) >= FIRST:
            later.append((size, turn, point, row))  # smaller ones are still to come
            continue
        room -= size
        made.append(arrays.case(len(made), point, row))
    for _, _, numbers, cells in sorted(later, key=lambda part: part[:2])[: max(0, LEAST - len(made))]:
        made.append(arrays.case(len(made), numbers, cells))
    return sorted(made, key=lambda case: case.size)


class _Arrays:
    """Arrays for the numbers that were drawn."""

    def __init__(self, points: Points) -> None:
        self.points, self.rng = points, points.rng

    def size(self, point: Mapping[str, int]) -> int:
        """Entries of all arrays of a case."""
        sizes = 0
        for name in (*self.points.inputs, *self.points.alone):
            packed = bool(self.points.view(name).inputs[name].formats)
            sizes += int(np.prod(self.points.shape(name, point), dtype=np.int64)) * (2 if packed else 1)
        return sizes

    def case(self, turn: int, point: Mapping[str, int], row: Mapping[str, object]) -> ComparisonCase:
        """The first cases draw all inputs of one kind, each kind in turn."""
        arrays, kinds = {}, {}
        for name in (*self.points.inputs, *self.points.alone):
            arrays[name], kinds[name] = self._array(turn, name, self.points.shape(name, point))
        return ComparisonCase(point, arrays, kinds, row)

    def _array(self, turn: int, name: str, shape: tuple[int, ...]) -> tuple[Any, str]:
        view = self.points.view(name)
        part = view.inputs[name]
        kinds = self._kinds(name)
        kind = kinds[turn % len(kinds)] if turn < 2 * len(kinds) else kinds[int(self.rng.integers(len(kinds)))]
        exponent = int(self.rng.choice([0, 0, 0, 1, -1, 3, -3]))
        seed = int(self.rng.integers(1 << 12))
        if part.formats:
            types = [one for one in self._types(name) if one in view.formats]
            dtype = types[int(self.rng.integers(len(types)))]
            draw = Draw(kind, exponent, seed, 0, dtype)
            return packed_array(name, draw, shape, view.formats[dtype]), f"{dtype} {kind}"
        if not DTYPES[part.dtype].is_real:
            return whole_array(name, Draw(kind, 0, seed, 0, part.dtype), shape), kind
        sparse = int(self.rng.choice([0, 0, 0, 1, 4]))
        array = real_array(name, Draw(kind, exponent, seed, sparse), shape)
        match int(self.rng.integers(6)) if kind == "normal" else 0:
            case 1 | 2:
                return self._with_literals(array), "normal and constants"
            case 3:  # of all sizes: where exp overflows, and where it does not yet
                sizes = 2.0 ** self.rng.uniform(-24, 24, array.shape)
                return (array * sizes).astype(np.float32), "normal of all sizes"
        return array, kind

    def _with_literals(self, array: np.ndarray) -> np.ndarray:
        """Some entries at, just below and just above a number that an expression mentions: where comparisons turn."""
        numbers = np.array([0.0, 1.0, *self.points.literals])
        chosen = self.rng.choice(numbers, array.shape).astype(np.float32) * self.rng.choice([1, -1], array.shape)
        nudged = np.nextafter(chosen, self.rng.choice([-np.inf, np.inf], array.shape)).astype(np.float32)
        chosen = np.where(self.rng.integers(2, size=array.shape) == 0, chosen, nudged)
        return np.where(self.rng.integers(3, size=array.shape) == 0, array, chosen).astype(np.float32)

    def _kinds(self, name: str) -> list[str]:
        """Kinds that both versions draw, and non-finite ones where some claim has them."""
        sides = [space for space in (self.points.old, self.points.new) if name in space.view.inputs]
        first, *others = [drawn_kinds(space.view, space.rule, name) for space in sides]
        kept = [kind for kind in first if all(kind in other for other in others)] or list(first)
        return [*kept, *(["nonfinite"] if name in self.points.wanted.nonfinite and "nonfinite" not in kept else [])]

    def _types(self, name: str) -> list[str]:
        sides = [space for space in (self.points.old, self.points.new) if name in space.view.inputs]
        first, *others = [drawn_types(space.view, space.rule, name) for space in sides]
        return [kind for kind in first if all(kind in other for other in others)] or list(first)


def _entries(value: Any) -> int:
    return int(np.prod(value.shape, dtype=np.int64)) * (2 if isinstance(value, Packed) else 1)
