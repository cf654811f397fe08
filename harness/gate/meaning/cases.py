"""Cases on which two versions are evaluated against each other: numbers and arrays that both admit.

Seeded by a text (the two expressions), so that they are the same in every process. Each kind of values comes in
turn, so does each number that the expressions mention, and each end of each dimension; small cases are far more
frequent than large ones, and what all cases hold together is limited, so that a comparison takes about as long for a
large layer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.gate.meaning.domain import kinds_of, types_of
from harness.gate.meaning.plain import plain
from harness.gate.meaning.space import Space
from harness.gate.meaning.view import View
from harness.language.packed import Packed
from harness.language.syntax import Node, Number, walk
from harness.search.arrays import Draw, packed_array, real_array, whole_array

CASES = 200
LARGE = 40_000  # entries in one case: more only where an end of a dimension asks for it
HUGE = 2_000_000  # no case is larger: a dimension may be declared far beyond what is ever evaluated
ALL = 1_200_000  # entries in all cases together
LISTED = 64  # of one dimension's values, each in turn


@dataclass(frozen=True)
class Case:
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

    def told(self, given: Iterable[str] = ()) -> str:
        """Two lines for the reader: numbers and what was given, and the kinds of the arrays."""
        numbers = [f"{name} = {value}" for name, value in self.numbers.items()]
        numbers += [f"{name} = {value!r}" for name, value in self.row.items() if isinstance(value, int | str)]
        numbers += [f"given {', '.join(given)}"] if given else []
        return f"{', '.join(numbers)}\n{', '.join(f'{name}: {kind}' for name, kind in self.kinds.items())}"


@dataclass(frozen=True)
class Wanted:
    """What cases are for: the names that are read, the expressions that mention numbers, and a text as seed."""

    names: frozenset[str]
    expressions: tuple[Node, ...]
    seed: str
    nonfinite: frozenset[str] = frozenset()  # inputs that some claim makes non-finite


def cases(old: Space, new: Space, wanted: Wanted, most: int = CASES) -> list[Case]:
    """Cases that both versions admit, smallest first."""
    rng = np.random.default_rng(np.frombuffer(hashlib.sha256(wanted.seed.encode()).digest(), np.uint32))
    drawer = _Drawer(old, new, wanted, rng)
    made: list[Case] = []
    room = ALL
    for point, row in drawer.points(most):
        case = drawer.case(len(made), point, row)
        room -= case.size
        if room < 0 and len(made) > 8:
            break
        made.append(case)
    return sorted(made, key=lambda case: case.size)


class _Drawer:
    """Draws points of the common domain, and arrays for them."""

    def __init__(self, old: Space, new: Space, wanted: Wanted, rng: np.random.Generator) -> None:
        self.old, self.new, self.wanted, self.rng = old, new, wanted, rng
        inputs = [name for name in old.view.inputs if name in wanted.names and name in new.view.inputs]
        self.alone = [name for name in new.view.inputs if name in wanted.names and name not in old.view.inputs]
        self.inputs = inputs
        self.literals = literals(wanted.expressions)
        read = {part for name in inputs for size in old.view.inputs[name].shape for part in _named(size)}
        read |= {part for name in self.alone for size in new.view.inputs[name].shape for part in _named(size)}
        self.order = old.needed(((read | wanted.names) & set(old.names)) | set(old.names if old.rule else ()))
        self.extra = [name for name in new.names if name not in old.names]
        self.rows = _common_rows(old, new)

    # --- numbers ------------------------------------------------------------------------------------------------

    def points(self, most: int) -> Iterator[tuple[dict[str, int], Mapping[str, object]]]:
        """Each end of each dimension, each number mentioned, then numbers at random; the smaller ones more often."""
        wishes = [{name: number} for name in self.order for number in self._listed(name)]
        wishes = wishes[: most // 2]
        found = 0
        for turn in range(4 * most):  # some are refused: by `where`, or by the other version
            wish = wishes[turn // 2] if turn % 2 == 0 and turn // 2 < len(wishes) else {}
            row = self.rows[turn % len(self.rows)]
            point = self._point(wish)
            if point is not None and self._size(point) <= HUGE and self._admits(point, row):
                yield point, row
                found += 1
            if found == most:
                break

    def _listed(self, name: str) -> list[int]:
        """The numbers of one dimension that every comparison looks at."""
        try:
            options = self.old.options(name, {})
        except KeyError:  # it depends on others: its ends come by chance
            return []
        if len(options) <= LISTED // 4:
            return list(options)
        near = {int(c) + d for c in self.literals if float(c).is_integer() and abs(c) < 2**31 for d in (-1, 0, 1)}
        ends = [options[0], options[-1], options[1], options[-2]]
        return [*ends, *sorted(number for number in near if number in options and number not in ends)][:LISTED]

    def _point(self, wish: Mapping[str, int]) -> dict[str, int] | None:
        """Numbers that both versions admit, with the wish where possible; of a few, the first that is not large."""
        best: dict[str, int] | None = None
        for _ in range(6):
            point = self._draw(wish)
            if point is None:
                continue
            size = self._size(point)
            if best is None or size < self._size(best):
                best = point
            if size <= LARGE // (4 if wish else 1 if self.rng.integers(8) == 0 else 16):
                break
        return best

    def _draw(self, wish: Mapping[str, int]) -> dict[str, int] | None:
        point: dict[str, int] = {}
        for name in self.order:
            options = self.old.options(name, point)
            if name in self.new.names:
                try:
                    allowed = self.new.options(name, point)
                except KeyError:  # its range is made of a dimension that comes later
                    allowed = options
                options = _both(options, allowed)
            if not options:
                return None
            point[name] = wish[name] if name in wish and wish[name] in options else self._one_of(options)
        for name in self.extra:
            try:
                options = self.new.options(name, point)
            except KeyError:  # of a dimension that nobody reads here
                continue
            if not options:
                return None
            point[name] = self._one_of(options)
        return point

    def _one_of(self, options: Sequence[int]) -> int:
        """Ends and small numbers more often than others."""
        turn, count = int(self.rng.integers(8)), len(options)
        if turn < 2:
            return int(options[-turn])
        place = int(self.rng.integers(count)) if turn < 5 else int(count ** self.rng.random()) - 1
        return int(options[place])

    def _admits(self, point: Mapping[str, int], row: Mapping[str, object]) -> bool:
        try:
            for space in (self.old, self.new):
                where = space.rule.where if space.rule else None
                if not all(point[name] in space.options(name, point) for name in space.names if name in point):
                    return False
                if where is not None and not plain(where, {**point, **row}):
                    return False
            return all(self._shape(name, point) == self._shape(name, point, self.new.view) for name in self.inputs)
        except KeyError:
            return False

    def _size(self, point: Mapping[str, int]) -> int:
        return sum(int(np.prod(self._shape(name, point), dtype=np.int64)) for name in (*self.inputs, *self.alone))

    def _shape(self, name: str, point: Mapping[str, int], view: View | None = None) -> tuple[int, ...]:
        view = view or self._view(name)
        return tuple(int(plain(size, point)) for size in view.inputs[name].shape)

    def _view(self, name: str) -> View:
        return self.old.view if name in self.old.view.inputs else self.new.view

    # --- arrays -------------------------------------------------------------------------------------------------

    def case(self, turn: int, point: Mapping[str, int], row: Mapping[str, object]) -> Case:
        """The first cases draw all inputs of one kind, each kind in turn."""
        arrays, kinds = {}, {}
        for name in (*self.inputs, *self.alone):
            arrays[name], kinds[name] = self._array(turn, name, self._shape(name, point))
        return Case(point, arrays, kinds, row)

    def _array(self, turn: int, name: str, shape: tuple[int, ...]) -> tuple[Any, str]:
        view = self._view(name)
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
        if part.dtype != "f32":
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
        numbers = np.array([0.0, 1.0, *self.literals])
        chosen = self.rng.choice(numbers, array.shape).astype(np.float32) * self.rng.choice([1, -1], array.shape)
        nudged = np.nextafter(chosen, self.rng.choice([-np.inf, np.inf], array.shape)).astype(np.float32)
        chosen = np.where(self.rng.integers(2, size=array.shape) == 0, chosen, nudged)
        return np.where(self.rng.integers(3, size=array.shape) == 0, array, chosen).astype(np.float32)

    def _kinds(self, name: str) -> list[str]:
        """Kinds that both versions draw, and non-finite ones where some claim has them."""
        sides = [space for space in (self.old, self.new) if name in space.view.inputs]
        first, *others = [kinds_of(space.view, space.rule, name) for space in sides]
        kept = [kind for kind in first if all(kind in other for other in others)] or list(first)
        return [*kept, *(["nonfinite"] if name in self.wanted.nonfinite and "nonfinite" not in kept else [])]

    def _types(self, name: str) -> list[str]:
        sides = [space for space in (self.old, self.new) if name in space.view.inputs]
        first, *others = [types_of(space.view, space.rule, name) for space in sides]
        return [kind for kind in first if all(kind in other for other in others)] or list(first)


def literals(expressions: Iterable[Node]) -> list[float]:
    """The numbers that expressions mention, as float32 can hold them."""
    found = {abs(float(part.value)) for node in expressions for part in walk(node) if isinstance(part, Number)}
    return sorted(number for number in found if number <= 2.0**127)


def _both(first: Sequence[int], second: Sequence[int]) -> Sequence[int]:
    if isinstance(first, range) and isinstance(second, range):
        return range(max(first.start, second.start), min(first.stop, second.stop))
    return tuple(number for number in first if number in second)


def _common_rows(old: Space, new: Space) -> list[Mapping[str, object]]:
    """Rows that both versions have; where none is common, those of the old one."""
    sides = [space.rule.rows if space.rule else ({},) for space in (old, new)]
    kept = [row for row in sides[0] if any(all(row.get(k, v) == v for k, v in other.items()) for other in sides[1])]
    return list(kept or sides[0]) or [{}]


def _named(node: Node) -> set[str]:
    return {str(part.id) for part in walk(node) if hasattr(part, "id")}


def _entries(value: Any) -> int:
    return int(np.prod(value.shape, dtype=np.int64)) * (2 if isinstance(value, Packed) else 1)
