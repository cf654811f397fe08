"""Which cases are admitted: by enumerating the numbers that matter, or by containment of their ranges.

A case is numbers for the dimensions, a row of the tables, and a kind and a type for each input. These are
independent but for `where`, so one domain lies inside another where each part does. Dimensions whose ranges are the
same in both versions and that `where` does not read take no part. NumPy is not needed here.
"""

from __future__ import annotations

import hashlib
import itertools
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from harness.contract.kinds import default_kinds
from harness.gate.meaning import Evidence, Relation
from harness.gate.meaning.plain import NotPlain, plain
from harness.gate.meaning.space import Space
from harness.gate.meaning.view import Rule, View
from harness.language.sizes import Range, Size, at_least_zero
from harness.language.syntax import names

ENUMERATED = 40_000  # combinations of numbers and rows, per version: about half a second
SAMPLED = 4_000

Row = Mapping[str, object]


@dataclass
class Balance:
    """What went and what came, each with one example; `open_` is what could not be decided."""

    gone: list[str] = field(default_factory=list)
    come: list[str] = field(default_factory=list)
    open_: list[str] = field(default_factory=list)
    n: int = 0
    how: str = ""

    def evidence(self, same_text: bool) -> Evidence:
        """Cases that went are known to be gone whatever stayed open; that none went has to be shown."""
        shown = [f"no longer: {text}" for text in self.gone[:1]] + [f"new: {text}" for text in self.come[:1]]
        if self.open_ and not self.gone:
            return Evidence("undecidable", self.n, "\n".join(shown), self.open_[0])
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
        return Evidence(relation, self.n, "\n".join(shown), f"{why}{self.how}" if relation != "same" else why)


def compare_spaces(old: View, new: View, falsifier: str | None) -> Evidence:
    """The cases of one falsifier in both versions, or of the contracts."""
    rules = (old.rules[falsifier], new.rules[falsifier]) if falsifier else (None, None)
    spaces = Space(old, rules[0]), Space(new, rules[1])
    balance = Balance()
    same_text = _numbers(spaces, balance)
    for name in old.inputs:
        if name in new.inputs and (falsifier is None or _reads(old, rules[0], name) or _reads(new, rules[1], name)):
            same_text &= _kinds(name, spaces, balance)
    return balance.evidence(same_text)


# --- kinds and types of inputs ----------------------------------------------------------------------------------


def kinds_of(view: View, rule: Rule | None, name: str) -> tuple[str, ...]:
    """The kinds that an input is drawn from."""
    part = view.inputs[name]
    kinds = part.kinds or default_kinds(part.dtype, bool(part.formats))
    given = rule.given.get(name) if rule else None
    if given is not None:
        kinds = given.kinds or tuple(kind for kind in kinds if kind not in given.excluded)
    return kinds


def types_of(view: View, rule: Rule | None, name: str) -> tuple[str, ...]:
    """The types that an input is drawn from."""
    part = view.inputs[name]
    given = rule.given.get(name) if rule else None
    return (given.dtypes if given is not None else ()) or part.formats or (part.dtype,)


def _kinds(name: str, spaces: tuple[Space, Space], balance: Balance) -> bool:
    """Whether kinds and types are the same list; says what went and came."""
    texts = [(space.view.inputs[name].kinds, space.view.inputs[name].formats, space.view.inputs[name].dtype,
              space.rule.given.get(name) if space.rule else None) for space in spaces]  # fmt: skip
    for what, of in (("kind", kinds_of), ("type", types_of)):
        before, after = (of(space.view, space.rule, name) for space in spaces)
        balance.gone += [f"{name} of {what} {part}" for part in before if part not in after]
        balance.come += [f"{name} of {what} {part}" for part in after if part not in before]
    return texts[0] == texts[1]


def _reads(view: View, rule: Rule | None, name: str) -> bool:
    """Whether a falsifier draws an input: its claim or a subject that it calls reads it."""
    assert rule is not None
    read = names(rule.claim)
    for subject in read & set(view.arguments):
        read |= {*view.arguments[subject].values(), *view.returns[subject].values()}
    return name in read.union(*(view.depends.get(part, frozenset()) for part in read))


# --- dimensions, rows and `where` -------------------------------------------------------------------------------


def _numbers(spaces: tuple[Space, Space], balance: Balance) -> bool:
    """Compares dimensions together with the rows of tables; whether the text is the same."""
    old, new = spaces
    where = [space.rule.where if space.rule else None for space in spaces]
    changed = {name for name in old.names if name in new.names and not _same_range(name, spaces)}
    rows, columns, same_rows = _rows(spaces)
    if not changed and where[0] == where[1] and same_rows:
        return True
    wanted = changed.union(*(names(part) for part in where if part is not None)) & {*old.names, *new.names}
    relevant = set(old.needed(wanted & set(old.names))) | set(new.needed(wanted & set(new.names)))
    missing = sorted(relevant - set(old.names) | relevant - set(new.names))
    if missing:
        balance.open_.append(f"the cases depend on {missing[0]}, which one version does not have")
        return False
    orders = [tuple(name for name in space.names if name in relevant) for space in spaces]
    try:
        listed = [
            _listed(space, order, part, columns) for space, order, part in zip(spaces, orders, rows, strict=True)
        ]  # all at once where that is possible
        if listed[0] is not None and listed[1] is not None:
            _enumerated(listed[0], listed[1], balance)
        else:
            _contained(spaces, orders, rows, columns, where[0] == where[1] and same_rows, balance)
    except NotPlain as error:
        balance.open_.append(f"`where` cannot be evaluated without a case ({error})")
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        balance.open_.append(f"`where` has no value for some numbers ({type(error).__name__})")
    return False


def _same_range(name: str, spaces: tuple[Space, Space]) -> bool:
    mine, its = (space.view.dimensions[name] for space in spaces)
    given = [space.rule.given.get(name) if space.rule else None for space in spaces]
    return (mine.low, mine.high, mine.values, given[0]) == (its.low, its.high, its.values, given[1])


def _rows(spaces: tuple[Space, Space]) -> tuple[list[list[Row]], set[str], bool]:
    """The rows of both versions, and the columns that both read: rows are compared by those, the others are prose."""
    read = []
    for space in spaces:
        rule = space.rule
        used = names(rule.claim) | (names(rule.where) if rule.where is not None else set()) if rule else set()
        read.append(used & {column for row in (rule.rows if rule else ()) for column in row})
    both = read[0] & read[1]
    rows = [
        list({_key(row, both): row for row in (space.rule.rows if space.rule else ({},))}.values()) for space in spaces
    ]
    same = {_key(row, both) for row in rows[0]} == {_key(row, both) for row in rows[1]}
    return rows, both, same


def _key(row: Row, columns: Iterable[str]) -> str:
    return repr(sorted((name, row[name]) for name in columns if name in row))


Cases = dict[str, str]  # an admitted case by its key, as text for the reader


def _listed(space: Space, order: tuple[str, ...], rows: list[Row], columns: set[str]) -> Cases | None:
    """Every admitted combination, or None where there are too many."""
    points = list(itertools.islice(space.points(order), ENUMERATED // max(1, len(rows)) + 1))
    if len(points) * len(rows) > ENUMERATED:
        return None
    return {_case(point, row, columns): _shown(point, row, columns)
            for point in points for row in rows if _admits(space, point, row)}  # fmt: skip


def _admits(space: Space, point: Mapping[str, int], row: Row) -> bool:
    where = space.rule.where if space.rule else None
    return where is None or bool(plain(where, {**point, **row}))


def _case(point: Mapping[str, int], row: Row, columns: set[str]) -> str:
    return f"{sorted(point.items())} {_key(row, columns)}"


def _shown(point: Mapping[str, int], row: Row, columns: set[str]) -> str:
    read = {name: value for name, value in row.items() if name in columns}
    return ", ".join(f"{name} = {value if isinstance(value, int) else repr(value)}"
                     for name, value in {**point, **read}.items())  # fmt: skip


def _enumerated(before: Cases, after: Cases, balance: Balance) -> None:
    balance.gone += [text for key, text in before.items() if key not in after]
    balance.come += [text for key, text in after.items() if key not in before]
    balance.n = len({**before, **after})
    balance.how = f"; all {balance.n} combinations were enumerated"


def _contained(
    spaces: tuple[Space, Space],
    orders: list[tuple[str, ...]],
    rows: list[list[Row]],
    columns: set[str],
    same_where: bool,
    balance: Balance,
) -> None:
    """Too many to enumerate: ranges inside ranges for all values of the dimensions, and samples for what differs."""
    inside = [same_where and _inside(spaces[side], spaces[1 - side], orders[side]) for side in (0, 1)]
    samples = [_sample(spaces[side], orders[side], rows[side]) for side in (0, 1)]
    balance.n = len(samples[0]) + len(samples[1])
    lost = [_shown(*case, columns) for case in samples[0] if not _has(spaces[1], *case, rows[1], columns)]
    found = [_shown(*case, columns) for case in samples[1] if not _has(spaces[0], *case, rows[0], columns)]
    balance.gone += lost
    balance.come += found
    balance.how = f"; decided by the ranges, and by {balance.n} of the cases"
    if not lost and not inside[0]:
        balance.open_.append(f"none of {len(samples[0])} sampled cases went, but they are too many to enumerate")
    elif not found and not inside[1]:
        balance.open_.append(f"none of {len(samples[1])} sampled cases is new, but they are too many to enumerate")


def _has(space: Space, point: Mapping[str, int], row: Row, rows: list[Row], columns: set[str]) -> bool:
    if not all(point[name] in space.options(name, point) for name in space.names if name in point):
        return False
    key = _key(row, columns)
    return any(_key(other, columns) == key and _admits(space, point, other) for other in rows)


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
        if len(point) == len(order) and _admits(space, point, row):
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
    if given is not None and given.integers:
        return given.integers
    values = space.view.dimensions[name].values
    if not values:
        return None
    if given is None or (given.low is None and given.high is None):
        return values
    try:
        return tuple(space.options(name, {}))
    except (NotPlain, LookupError):
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
