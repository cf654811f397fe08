"""The cases of one version, narrowed by one falsifier or by none: numbers of dimensions, kinds and types of inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.gate.meaning.view import Narrowing, Rule, VersionView
from harness.language.integer_domain import IntegerDomain
from harness.language.scalar_evaluation import evaluate_scalar
from harness.language.sizes import Size
from harness.language.syntax import Node, parse

Point = Mapping[str, int]
Row = Mapping[str, object]  # of the tables that a falsifier reads


@dataclass(frozen=True)
class Space:
    """The dimensions of a version, and what narrows them. `borrowed`: those that are declared by the other version."""

    view: VersionView
    rule: Rule | None = None
    borrowed: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """In the order of declaration: each depends on those before it only."""
        return tuple(self.view.dimensions)

    def given(self, name: str) -> Narrowing | None:
        """What the falsifier says of a dimension or an input."""
        return self.rule.given.get(name) if self.rule else None

    def kinds(self, name: str) -> tuple[str, ...]:
        """The kinds that an input is drawn from."""
        part, given = self.view.inputs[name], self.given(name)
        chosen, excluded = (given.kinds, given.excluded) if given is not None else ((), ())
        return part.drawn_kinds(chosen, excluded)

    def types(self, name: str) -> tuple[str, ...]:
        """The types that an input is drawn from."""
        part, given = self.view.inputs[name], self.given(name)
        return (given.dtypes if given is not None else ()) or part.formats or part.plain or (part.dtype,)

    def options(self, name: str, point: Point) -> Sequence[int]:
        """What a dimension may be, given the ones declared before it; in ascending order for a range."""
        part, given = self.view.dimensions[name], self.given(name)

        def evaluate(end: Node) -> int:
            return int(evaluate_scalar(end, point))

        declared = part.integers(evaluate)
        return declared if given is None else given.domain.within(declared, evaluate)

    @property
    def sizes(self) -> list[Point]:
        """The contract's `sizes`, which may lie beyond the ranges of the dimensions they name."""
        return [dict(row) for row in self.view.program.sizes]

    def admits(self, point: Point, row: Row | None = None) -> bool:
        """Whether the version admits these numbers; with a row of the tables, whether `where` does as well."""
        sized = {name for size in self.sizes if all(point.get(*part) == part[1] for part in size.items())
                 for name in size}  # fmt: skip
        if not all(self._admits(name, point, name in sized) for name in self.names if name in point):
            return False
        where = self.rule.where if self.rule and row is not None else None
        return where is None or bool(evaluate_scalar(where, {**point, **(row or {})}))

    def _admits(self, name: str, point: Point, sized: bool) -> bool:
        given = self.given(name)
        if not sized:
            return point[name] in self.options(name, point)
        return given is None or given.domain.admits(point[name], lambda end: int(evaluate_scalar(end, point)))

    def needed(self, wanted: set[str]) -> tuple[str, ...]:
        """The wanted dimensions and those that their ranges are made of, in order."""
        kept: set[str] = set()
        for name in reversed(self.names):
            if name in wanted | kept:
                part, given = self.view.dimensions[name], self.given(name)
                kept |= {name} | part.reads | (given.domain.reads if given else set())
        return tuple(name for name in self.names if name in kept)

    def points(self, order: Sequence[str], point: dict[str, int] | None = None) -> Iterator[dict[str, int]]:
        """Every combination of some dimensions, which with those that they depend on are given in order."""
        point = point or {}
        if not order:
            yield dict(point)
            return
        for number in self.options(order[0], point):
            yield from self.points(order[1:], {**point, order[0]: number})


def in_order(dimensions: Mapping[str, IntegerDomain]) -> dict[str, IntegerDomain]:
    """Each dimension behind those that its range is made of, as far as that can be."""
    found: dict[str, IntegerDomain] = {}

    def put(name: str, above: frozenset[str]) -> None:
        for below in sorted(dimensions[name].reads & dimensions.keys() - above):
            put(below, above | {below})
        found.setdefault(name, dimensions[name])

    for name in dimensions:
        put(name, frozenset({name}))
    return found


def number_of(size: Size, point: Point) -> int:
    """A symbolic size with numbers put in; KeyError where a name is missing."""
    total = 0
    for monomial, factor in size.terms:
        term = int(factor)
        for name in monomial:  # a quotient that is no polynomial is its own name, e.g. "(hidden // 3)"
            term *= point[name] if name in point else int(evaluate_scalar(parse(name), point))
        total += term
    return total
