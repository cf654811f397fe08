"""Numbers of dimensions on which two versions are evaluated against each other: those that both admit.

What the contract promises by name comes first: the ends of the dimensions in every combination, and its `sizes`. Then
come the neighbours of the ends, and numbers that the expressions mention, with their neighbours and multiples; then
others at random, small ones far more often than large ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

import numpy as np

from harness.gate.meaning.equations.constants import folded
from harness.gate.meaning.space import Point, Row, Space
from harness.gate.meaning.view import VersionView
from harness.language.dtypes import DTYPES, FLOAT32
from harness.language.scalar_evaluation import evaluate_scalar
from harness.language.syntax import Node, Number, names, walk

LARGE = 40_000  # entries of a case of random numbers, at most
COMBINED = 6  # dimensions whose ends are combined in every way; of more, each end beside the lower and the upper ones
LISTED = 64  # neighbours of one dimension's ends and of numbers mentioned
LARGEST = FLOAT32.numbers.largest
TRIES = 24  # to find a point with one given number, where `where` or the other version refuses many


@dataclass(frozen=True)
class Wanted:
    """What cases are for: the names that are read, the expressions that mention numbers, and a text as seed.

    `asked`: kinds of some inputs that are drawn besides those that they declare. `first`: numbers of some dimensions
    that are looked at before all others.
    """

    names: frozenset[str]
    expressions: tuple[Node, ...]
    seed: str
    asked: Mapping[str, Iterable[str]] = field(default_factory=dict)
    first: tuple[Point, ...] = ()

    def rng(self) -> np.random.Generator:
        """Random numbers that follow from the seed alone."""
        return np.random.default_rng(np.frombuffer(hashlib.sha256(self.seed.encode()).digest(), np.uint32))


class Points:
    """Draws numbers that both versions admit, and knows the shapes that follow."""

    def __init__(self, old: Space, new: Space, wanted: Wanted, rng: np.random.Generator) -> None:
        self.old, self.new, self.wanted, self.rng = old, new, wanted, rng
        self.inputs = [name for name in old.view.inputs if name in wanted.names and name in new.view.inputs]
        self.alone = [name for name in new.view.inputs if name in wanted.names and name not in old.view.inputs]
        drawn = [*(old.view.inputs[name] for name in self.inputs), *(new.view.inputs[name] for name in self.alone)]
        read = {part for declared in drawn for size in declared.shape for part in names(size)}
        self.order = old.needed(((read | wanted.names) & set(old.names)) | set(old.names if old.rule else ()))
        self.literals = literals(wanted.expressions, self._largest())
        self.extra = [name for name in new.names if name not in old.names]
        self.rows = _common_rows(old, new)
        self.sizes = [row for row in old.sizes if row in new.sizes]

    def _largest(self) -> float:
        """The largest number that some input can have, float32 at least."""
        types = [DTYPES[dtype] for name in (*self.inputs, *self.alone) for dtype in self.view(name).inputs[name].plain]
        return max([LARGEST, *(dtype.numbers.largest for dtype in types if dtype.is_real)])

    # --- what is promised by name ---------------------------------------------------------------------------------

    def promised(self) -> list[tuple[Point, Row]]:
        """The ends of the dimensions in every combination, the contract's sizes, and every row of the tables."""
        sized = [self._sized(row, 0) for row in self.sizes]
        first = [self.corner([place] * len(self.order), given) for given in self.wanted.first for place in (0, -1)]
        points = distinct([*first, *(self.corner(pattern) for pattern in self._patterns()), *sized])
        found = [(point, row) for turn, point in enumerate(points) for row in self._rows_for(point, turn)[:1]]
        for name in self.order:  # an end that no corner shows, because `where` refuses those
            for end in self._ends(name) - {point[name] for point, _ in found}:
                found += self._with(name, end)
        for row in self.rows:
            if all(row is not other for _, other in found):
                found += [(point, row) for point in points if self.admits(point, row)][:1]
        return found

    def _rows_for(self, point: Point, turn: int = 0) -> list[Row]:
        """The rows with which both versions admit a point, starting with another one in each turn."""
        start = turn % len(self.rows)
        return [row for row in (*self.rows[start:], *self.rows[:start]) if self.admits(point, row)]

    def bases(self) -> list[Point]:
        """All lower ends; and each upper end beside them: together every end of every dimension, in small cases."""
        raised = [set(), *(set(self.old.needed({name})) for name in self.order)]  # with those that its range is made of
        return distinct(self.corner([-(name in part) for name in self.order]) for part in raised)

    def _patterns(self) -> list[tuple[int, ...]]:
        """Lower ends (0) and upper ends (-1) of the dimensions, together."""
        count = len(self.order)
        if count <= COMBINED:
            return sorted(product((0, -1), repeat=count), key=lambda part: -sum(part) % max(1, count))
        alone = [tuple(-(place == one) for place in range(count)) for one in range(-1, count)]
        return [*alone, *(tuple(-1 - end for end in part) for part in alone)]

    def corner(self, pattern: Sequence[int], fixed: Point | None = None) -> dict[str, int] | None:
        """The point at these ends of the dimensions, one after the other; `fixed` numbers stay."""
        point: dict[str, int] = {}
        for name, place in zip(self.order, pattern, strict=True):
            options = self._options(name, point)
            if fixed is not None and name in fixed:
                point[name] = fixed[name]
            elif not options:
                return None
            else:
                point[name] = int(options[place])
        return self._completed(point)

    def _sized(self, row: Point, place: int) -> dict[str, int] | None:
        return self.corner([place] * len(self.order), row) if set(row) & set(self.order) else None

    def _ends(self, name: str) -> set[int]:
        try:
            options = self.old.options(name, {})
        except KeyError:  # it depends on others
            return set()
        return {int(options[0]), int(options[-1])} if options else set()

    def _with(self, name: str, number: int) -> list[tuple[Point, Row]]:
        for turn in range(TRIES):
            point = self._draw({name: number})
            if point is not None and point[name] == number and (rows := self._rows_for(point, turn)):
                return [(point, rows[0])]
        return []

    # --- others ---------------------------------------------------------------------------------------------------

    def near(self) -> Iterator[Point]:
        """Neighbours of ends and of numbers mentioned, one dimension at a time beside random others."""
        for name in self.order:
            for number in self._listed(name):
                if (point := self._small({name: number})) is not None:
                    yield point

    def at_random(self) -> Iterator[tuple[Point | None, Row]]:
        """Without end; None where what was drawn is not admitted."""
        while True:
            for row in self.rows:
                point = self._small({})
                yield (point if point is not None and self.admits(point, row) else None), row

    def every(self, most: int) -> list[Point] | None:
        """All points that both versions admit, sizes too; None where there are more than that."""
        if self.extra:
            return None
        found = list(islice(self.old.points(self.order), most + 1))
        if len(found) > most:
            return None
        sized = [self._sized(row, place) for row in self.sizes for place in (0, -1)]
        return [point for point in distinct([*found, *sized]) if self.admits(point)]

    def _listed(self, name: str) -> list[int]:
        """Numbers of one dimension beside its ends."""
        try:
            options = self.old.options(name, {})
        except KeyError:  # it depends on others: it has other numbers for each of theirs
            return []
        if len(options) <= LISTED // 4:
            return list(options)
        mentioned = {int(number) for number in self.literals if number.is_integer() and number < 2**31}
        multiples = {times * number for number in mentioned if number for times in (1, 2, 3, options[-1] // number)}
        near = {number + d for number in mentioned | multiples for d in (-1, 0, 1)}
        return [options[1], options[-2], *sorted(number for number in near if number in options)][:LISTED]

    def _small(self, wish: Point) -> dict[str, int] | None:
        """Random numbers with the wish where possible; of a few points, the first that is not large."""
        best: dict[str, int] | None = None
        for _ in range(6):
            point = self._draw(wish)
            if point is None:
                continue
            size = self.size(point)
            if best is None or size < self.size(best):
                best = point
            if size <= LARGE // (4 if wish else 1 if self.rng.integers(8) == 0 else 16):
                break
        return best

    def _draw(self, wish: Point) -> dict[str, int] | None:
        point: dict[str, int] = {}
        for name in self.order:
            options = self._options(name, point)
            if not options:
                return None
            point[name] = wish[name] if name in wish and wish[name] in options else self._one_of(options)
        return self._completed(point)

    def _options(self, name: str, point: Point) -> Sequence[int]:
        """What both versions let a dimension be, after those before it."""
        options = self.old.options(name, point)
        if name not in self.new.names:
            return options
        try:
            return _both(options, self.new.options(name, point))
        except KeyError:  # its range is made of a dimension that comes later
            return options

    def _completed(self, point: dict[str, int]) -> dict[str, int] | None:
        """With numbers for the dimensions that the new version alone has."""
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

    def admits(self, point: Point, row: Row | None = None) -> bool:
        """Whether both versions admit it, as of equal shapes; `row`: with this row of the tables."""
        try:
            if not all(space.admits(point, row) for space in (self.old, self.new)):
                return False
            return all(self.shape(name, point) == self.shape(name, point, self.new.view) for name in self.inputs)
        except KeyError:
            return False

    def size(self, point: Point) -> int:
        """Entries of all arrays; of a tensor in blocks its numbers and its bytes."""
        return sum(
            int(np.prod(self.shape(name, point), dtype=np.int64)) * (2 if self.view(name).inputs[name].formats else 1)
            for name in (*self.inputs, *self.alone)
        )

    def shape(self, name: str, point: Point, view: VersionView | None = None) -> tuple[int, ...]:
        """The shape of an input."""
        view = view or self.view(name)
        return tuple(int(evaluate_scalar(size, point)) for size in view.inputs[name].shape)

    def has_range(self, name: str) -> bool:
        """Whether a version draws an input of integers from a range."""
        sides = [space.view.inputs.get(name) for space in (self.old, self.new)]
        return any(part is not None and part.range is not None for part in sides)

    def ends(self, name: str, point: Point) -> tuple[int, int] | None:
        """The range of an input of integers: what both versions draw it from; where that is nothing, the first's."""
        sides = [space.view.inputs[name].ends(point) for space in (self.old, self.new) if name in space.view.inputs]
        known = [ends for ends in sides if ends is not None]
        if not known:
            return None
        low, high = max(ends[0] for ends in known), min(ends[1] for ends in known)
        return (low, high) if low <= high else known[0]

    def types(self, name: str) -> list[str]:
        """The types that an input is drawn from."""
        view, types = self.view(name), self.common(Space.types, name)
        return [one for one in types if one in view.formats] if view.inputs[name].formats else types

    def common(self, drawn: Callable[[Space, str], tuple[str, ...]], name: str) -> list[str]:
        """What both versions draw an input from; where that is nothing, what the first does."""
        sides = [space for space in (self.old, self.new) if name in space.view.inputs]
        first, *others = [drawn(space, name) for space in sides]
        return [one for one in first if all(one in other for other in others)] or list(first)

    def view(self, name: str) -> VersionView:
        """The version that declares an input."""
        return self.old.view if name in self.old.view.inputs else self.new.view


def distinct(points: Iterable[Point | None]) -> list[Point]:
    """Each point once, in order."""
    return [dict(items) for items in dict.fromkeys(tuple(point.items()) for point in points if point is not None)]


def literals(expressions: Iterable[Node], largest: float = LARGEST) -> list[float]:
    """The numbers that expressions mention or make of others, up to the largest number of a format."""
    made = (part for node in expressions for one in (node, folded(node, reals=True)) for part in walk(one))
    found = {abs(float(part.value)) for part in made if isinstance(part, Number)}
    return sorted(number for number in found if number <= largest)


def _both(first: Sequence[int], second: Sequence[int]) -> Sequence[int]:
    if isinstance(first, range) and isinstance(second, range):
        return range(max(first.start, second.start), min(first.stop, second.stop))
    return tuple(number for number in first if number in second)


def _common_rows(old: Space, new: Space) -> list[Row]:
    """Rows that both versions have; where none is common, those of the old one."""
    sides = [space.rule.rows if space.rule else ({},) for space in (old, new)]
    kept = [row for row in sides[0] if any(all(row.get(k, v) == v for k, v in other.items()) for other in sides[1])]
    return list(kept or sides[0]) or [{}]
