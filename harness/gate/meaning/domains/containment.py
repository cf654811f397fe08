"""Domains too large to enumerate: ranges inside ranges for all values of the dimensions, samples for what differs.

A domain is numbers together with the rows of tables, as far as a falsifier reads them, that `where` takes.
"""

from __future__ import annotations

import hashlib
import itertools
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from harness.gate.meaning.evidence import Relation, RelationEvidence, Verdicts, cut_lines
from harness.gate.meaning.space import Space
from harness.language.integer_domain import IntegerDomain
from harness.language.scalar_evaluation import NotScalar, evaluate_scalar
from harness.language.sizes import Range, Size, at_least_zero
from harness.language.syntax import Number, names, walk


@dataclass
class DomainDiff(Verdicts):
    """Which cases each version admits. `open_` is what could not be decided, `how` what was looked at."""

    open_: list[str] = field(default_factory=list)
    how: str = ""

    def lost(self, what: str) -> None:
        """Something that only the old version admits."""
        self.add(True, False, lambda: what)

    def new(self, what: str) -> None:
        """Something that only the new version admits."""
        self.add(False, True, lambda: what)

    def evidence(self, same_text: bool) -> RelationEvidence:
        """One removed case proves that cases were removed; that none was removed has to be shown."""
        examples = ("no longer", (True, False)), ("new", (False, True))
        shown = cut_lines(
            "\n".join(f"{what}: {self.examples[side]}" for what, side in examples if side in self.examples)
        )
        if self.open_ and not self.gone:
            return RelationEvidence("undecidable", self.n, shown, f"{self.open_[0]}{self.how}")
        relation = self.relation("narrowed", "widened", "incomparable")
        if relation == "respelled" and same_text:
            return RelationEvidence("same", self.n, shown, "the text is the same")
        return RelationEvidence(relation, self.n, shown, f"{WHY[relation]}{self.how}")


WHY: dict[Relation, str] = {
    "incomparable": "some cases are no longer admitted, and others are new",
    "narrowed": "some cases are no longer admitted",
    "widened": "every case is still admitted, and there are new ones",
    "respelled": "the same cases are admitted",
}
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


def where_admits(space: Space, point: Mapping[str, int], row: Row) -> bool:
    """Whether `where` takes these numbers in this row."""
    where = space.rule.where if space.rule else None
    return where is None or bool(evaluate_scalar(where, {**point, **row}))


def case_text(point: Mapping[str, int], row: Row, columns: set[str]) -> str:
    """A case for the reader."""
    read = {name: value for name, value in row.items() if name in columns}
    return ", ".join(f"{name} = {value if isinstance(value, int) else repr(value)}"
                     for name, value in {**point, **read}.items())  # fmt: skip


SAMPLED = 4_000  # points of each side
CORNERS = 10  # dimensions: of more, not every combination of their ends is looked at
NOTABLE = 24  # numbers of one dimension, each beside ends of the others


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
    samples = [_sample(spaces[side], spaces[1 - side], orders[side], rows[side]) for side in (0, 1)]
    for side, sample in enumerate(samples):
        for case in sample:
            other = _has(spaces[1 - side], *case, rows[1 - side], columns)
            balance.add(side == 0 or other, side == 1 or other, partial(case_text, *case, columns))
    dimensions = max(len(order) for order in orders)
    every = "every combination of the ends of" if dimensions <= CORNERS else "not every combination of the ends of"
    balance.how = (
        f"; decided by the ranges, and by {balance.n} of the cases, {every} {dimensions} dimensions among them"
    )
    if not balance.gone and not inside[0]:
        balance.open_.append(
            f"all {len(samples[0])} sampled cases are still admitted, but there are too many to enumerate"
        )
    elif not balance.come and not inside[1]:
        balance.open_.append(f"none of {len(samples[1])} sampled cases is new, but there are too many to enumerate")


def _has(space: Space, point: Mapping[str, int], row: Row, rows: list[Row], columns: set[str]) -> bool:
    if not all(point[name] in space.options(name, point) for name in space.names if name in point):
        return False
    wanted = row_key(row, columns)
    return any(row_key(other, columns) == wanted and where_admits(space, point, other) for other in rows)


Wish = Mapping[str, int | None]  # for a dimension, which of its notable numbers; None: any


def _sample(space: Space, other: Space, order: tuple[str, ...], rows: list[Row]) -> list[tuple[dict[str, int], Row]]:
    """The `sizes`, ends of the ranges in every combination, notable numbers, and random ones: the same every time."""
    rng = random.Random(hashlib.sha256(repr(order).encode()).digest())
    mentioned = _integers(space, other)
    found: list[tuple[dict[str, int], Row]] = []

    def draw(wish: Wish, size: Mapping[str, int], among: Iterable[Row]) -> None:
        point: dict[str, int] = {}
        for name in order:
            options = space.options(name, point)
            if not options:
                return
            if name in size and size[name] in options:
                point[name] = size[name]
            elif (place := wish.get(name)) is None:
                point[name] = rng.choice(options)
            else:
                notable = _notable(name, point, options, other, mentioned)
                point[name] = notable[place % len(notable)]
        found.extend((point, row) for row in among if where_admits(space, point, row))

    for size in space.sizes:
        draw(dict.fromkeys(order, 0), size, rows)
    wishes = list(_wishes(order, rng))
    for wish in wishes:
        draw(wish, {}, rows if len(wishes) * len(rows) <= SAMPLED else [rng.choice(rows)])
    for _ in range(SAMPLED - len(found)):
        draw({name: rng.choice((None, rng.randrange(NOTABLE))) for name in order}, {}, [rng.choice(rows)])
    return found


def _wishes(order: tuple[str, ...], rng: random.Random) -> Iterator[Wish]:
    """The lower and the upper end of each dimension, together; then each notable number beside such ends."""
    if len(order) <= CORNERS:
        yield from (dict(zip(order, ends, strict=True)) for ends in itertools.product((0, 1), repeat=len(order)))
    else:
        yield from ({name: rng.randrange(2) for name in order} for _ in range(2**CORNERS))
    for name, place in itertools.product(order, range(NOTABLE)):
        for ends in (0, 1, rng.randrange(2)):
            yield {**dict.fromkeys(order, ends), name: place}


def _notable(
    name: str, point: Mapping[str, int], options: Sequence[int], other: Space, mentioned: Sequence[int]
) -> list[int]:
    """Numbers of a dimension: its ends, those of the other version, their neighbours, numbers that are mentioned."""
    ends = [options[0], options[-1]]
    try:
        theirs = other.options(name, point)
        ends += [theirs[0], theirs[-1]] if theirs else []
    except (KeyError, NotScalar):
        pass  # the other version has another dimension below it
    near = [end + d for end in ends for d in (-1, 1)]
    every = options if len(options) <= NOTABLE else ()
    return list(dict.fromkeys(number for number in (*ends, *every, *near, *mentioned) if number in options))[:NOTABLE]


def _integers(*spaces: Space) -> list[int]:
    """Integers that `where` mentions, and their neighbours."""
    conditions = [space.rule.where for space in spaces if space.rule and space.rule.where is not None]
    numbers = [part.value for node in conditions for part in walk(node) if isinstance(part, Number)]
    return sorted({int(number) + d for number in numbers if float(number).is_integer() for d in (-1, 0, 1)})


def _inside(inner: Space, outer: Space, order: tuple[str, ...]) -> bool:
    """Whether each range of `inner` lies in that of `outer`, for all values of the dimensions before it."""
    ranges = _ranges(inner)
    if set(order) & (inner.borrowed | outer.borrowed):  # a version was checked with other ranges than these
        return False
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
    given = space.given(name)
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


def _ranges(space: Space) -> Mapping[str, Range]:
    """The ranges as checked."""
    program = space.view.program
    for part in program.falsifiers:
        if space.rule is not None and part.source.id == space.rule.id:
            return part.scope.ranges
    return program.scope.ranges
