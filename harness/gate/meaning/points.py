"""Numbers of dimensions on which two versions are evaluated against each other: those that both admit.

Each end of each dimension comes, each number that the expressions mention, its neighbours, and others at random. Small
ones are far more frequent than large ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from harness.gate.meaning.space import Space
from harness.gate.meaning.view import VersionView
from harness.language.scalar_evaluation import evaluate_scalar
from harness.language.syntax import Node, Number, walk

LARGE = 40_000  # entries in one case: more only where an end of a dimension asks for it
HUGE = 2_000_000  # no case is larger: a dimension may be declared far beyond what is ever evaluated
LISTED = 64  # of one dimension's values, each in turn


@dataclass(frozen=True)
class Wanted:
    """What cases are for: the names that are read, the expressions that mention numbers, and a text as seed."""

    names: frozenset[str]
    expressions: tuple[Node, ...]
    seed: str
    nonfinite: frozenset[str] = frozenset()  # inputs that some claim makes non-finite


class Points:
    """Draws numbers that both versions admit, and knows the shapes that follow."""

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

    def drawn(self, most: int) -> Iterator[tuple[dict[str, int], Mapping[str, object]]]:
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
                if where is not None and not evaluate_scalar(where, {**point, **row}):
                    return False
            return all(self.shape(name, point) == self.shape(name, point, self.new.view) for name in self.inputs)
        except KeyError:
            return False

    def _size(self, point: Mapping[str, int]) -> int:
        return sum(int(np.prod(self.shape(name, point), dtype=np.int64)) for name in (*self.inputs, *self.alone))

    def shape(self, name: str, point: Mapping[str, int], view: VersionView | None = None) -> tuple[int, ...]:
        """The shape of an input."""
        view = view or self.view(name)
        return tuple(int(evaluate_scalar(size, point)) for size in view.inputs[name].shape)

    def view(self, name: str) -> VersionView:
        """The version that declares an input."""
        return self.old.view if name in self.old.view.inputs else self.new.view


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
