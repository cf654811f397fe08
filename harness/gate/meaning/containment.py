"""Domains too large to enumerate: ranges inside ranges for all values of the dimensions, samples for what differs.

A domain is numbers together with the rows of tables, as far as a falsifier reads them, that `where` takes.
"""

from __future__ import annotations

import hashlib
import itertools
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from harness.gate.meaning.evidence import Relation, RelationEvidence, cut_lines
from harness.gate.meaning.space import Space
from harness.language.integer_domain import IntegerDomain
from harness.language.scalar_evaluation import NotScalar, evaluate_scalar
from harness.language.sizes import Range, Size, at_least_zero
from harness.language.syntax import names


@dataclass
class DomainDiff:
    """What was removed and added, each with one example; `open_` is what could not be decided."""

    gone: list[str] = field(default_factory=list)
    come: list[str] = field(default_factory=list)
    open_: list[str] = field(default_factory=list)
    n: int = 0
    how: str = ""

    def evidence(self, same_text: bool) -> RelationEvidence:
        """One removed case proves that cases were removed; that none was removed has to be shown."""
        lines = [f"no longer: {text}" for text in self.gone[:1]] + [f"new: {text}" for text in self.come[:1]]
        shown = cut_lines("\n".join(lines))
        if self.open_ and not self.gone:
            return RelationEvidence("undecidable", self.n, shown, self.open_[0])
        relation: Relation
        if self.gone and self.come:
            relation, why = "incomparable", "some cases are no longer admitted, and others are new"
        elif self.gone:
            relation, why = "narrowed", "some cases are no longer admitted"
        elif self.come:
            relation, why = "widened", "every case is still admitted, and there are new ones"
        elif same_text:
            relation, why = "same", "the text is the same"
        else:
            relation, why = "respelled", "the same cases are admitted"
        return RelationEvidence(relation, self.n, shown, f"{why}{self.how}" if relation != "same" else why)


Row = Mapping[str, object]


def compared_rows(spaces: tuple[Space, Space]) -> tuple[list[list[Row]], set[str], bool]:
    """The rows of both versions, and the columns that both read: rows are compared by those, the others are prose."""
    read = []
    for space in spaces:
        rule = space.rule
        used = names(rule.claim) | (names(rule.where) if rule.where is not None else set()) if rule else set()
        read.append(used & {column for row in (rule.rows if rule else ()) for column in row})
    both = read[0] & read[1]
    rows = [
        list({row_key(row, both): row for row in (space.rule.rows if space.rule else ({},))}.values())
        for space in spaces
    ]
    same = {row_key(row, both) for row in rows[0]} == {row_key(row, both) for row in rows[1]}
    return rows, both, same


def row_key(row: Row, columns: Iterable[str]) -> str:
    """What tells a row from others, as text."""
    return repr(sorted((name, row[name]) for name in columns if name in row))


Cases = dict[str, str]  # an admitted case by its key, as text for the reader


def where_admits(space: Space, point: Mapping[str, int], row: Row) -> bool:
    """Whether `where` takes these numbers in this row."""
    where = space.rule.where if space.rule else None
    return where is None or bool(evaluate_scalar(where, {**point, **row}))


def case_text(point: Mapping[str, int], row: Row, columns: set[str]) -> str:
    """A case for the reader."""
    read = {name: value for name, value in row.items() if name in columns}
    return ", ".join(f"{name} = {value if isinstance(value, int) else repr(value)}"
                     for name, value in {**point, **read}.items())  # fmt: skip


SAMPLED = 4_000


def contained(
    spaces: tuple[Space, Space],
    orders: list[tuple[str, ...]],
    rows: list[list[Row]],
    columns: set[str],
    same_where: bool,
    balance: DomainDiff,
) -> None:
    """Record what was removed, added or could not be decided; `same_where`: rows and `where` are the same."""
    inside = [same_where and _inside(spaces[side], spaces[1 - side], orders[side]) for side in (0, 1)]
    samples = [_sample(spaces[side], orders[side], rows[side]) for side in (0, 1)]
    balance.n = len(samples[0]) + len(samples[1])
    lost = [case_text(*case, columns) for case in samples[0] if not _has(spaces[1], *case, rows[1], columns)]
    found = [case_text(*case, columns) for case in samples[1] if not _has(spaces[0], *case, rows[0], columns)]
    balance.gone += lost
    balance.come += found
    balance.how = f"; decided by the ranges, and by {balance.n} of the cases"
    if not lost and not inside[0]:
        balance.open_.append(
            f"all {len(samples[0])} sampled cases are still admitted, but there are too many to enumerate"
        )
    elif not found and not inside[1]:
        balance.open_.append(f"none of {len(samples[1])} sampled cases is new, but there are too many to enumerate")


def _has(space: Space, point: Mapping[str, int], row: Row, rows: list[Row], columns: set[str]) -> bool:
    if not all(point[name] in space.options(name, point) for name in space.names if name in point):
        return False
    wanted = row_key(row, columns)
    return any(row_key(other, columns) == wanted and where_admits(space, point, other) for other in rows)


def _sample(space: Space, order: tuple[str, ...], rows: list[Row]) -> list[tuple[dict[str, int], Row]]:
    """Corners of the ranges and random points, the same every time."""
    rng = random.Random(hashlib.sha256(repr(order).encode()).digest())
    corners = itertools.islice(itertools.product((0, -1, 1, -2), repeat=len(order)), SAMPLED // 4)
    wishes: list[tuple[int | None, ...]] = [*corners, *[(None,) * len(order)] * (SAMPLED - SAMPLED // 4)]
    found = []
    for wish in wishes:
        point: dict[str, int] = {}
        for name, place in zip(order, wish, strict=True):
            options = space.options(name, point)
            if not options:
                break
            at = rng.randrange(len(options)) if place is None else max(-len(options), min(place, len(options) - 1))
            point[name] = options[at]
        row = rng.choice(rows)
        if len(point) == len(order) and where_admits(space, point, row):
            found.append((point, row))
    return found


def _inside(inner: Space, outer: Space, order: tuple[str, ...]) -> bool:
    """Whether each range of `inner` lies in that of `outer`, for all values of the dimensions before it."""
    ranges = _ranges(inner)
    for name in order:
        mine, its = ranges[name], _ranges(outer)[name]
        listed, allowed = _fixed(inner, name), _fixed(outer, name)
        if allowed is not None:
            if listed is None or not set(listed) <= set(allowed):
                return False
            continue
        ends = ((mine.low - its.low, its.high - mine.high),) if listed is None else tuple(
            (Size.of(number) - its.low, its.high - number) for number in listed)  # fmt: skip
        if not all(at_least_zero(end, ranges) for pair in ends for end in pair):
            return False
    return True


def _fixed(space: Space, name: str) -> tuple[int, ...] | None:
    """The values a dimension is one of, None for a range."""
    given = space.rule.given.get(name) if space.rule else None
    if given is not None and given.domain.values:
        return given.domain.values
    values = space.view.dimensions[name].values
    if not values:
        return None
    if given is None or given.domain == IntegerDomain():
        return values
    try:
        return tuple(space.options(name, {}))
    except (NotScalar, LookupError):
        return None


def _ranges(space: Space) -> dict[str, Range]:
    """The ranges as checked, in the names of the old version."""
    program, named = space.view.program, space.view.named
    scope = program.scope
    for part in program.falsifiers:
        if space.rule is not None and part.source.id == space.rule.id:
            scope = part.scope
    return {
        named.get(name, name): Range(_renamed(part.low, named), _renamed(part.high, named))
        for name, part in scope.ranges.items()
    }


def _renamed(size: Size, named: Mapping[str, str]) -> Size:
    return Size(tuple((tuple(sorted(named.get(name, name) for name in term)), factor) for term, factor in size.terms))
