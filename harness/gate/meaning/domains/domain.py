"""Which cases are admitted: by enumerating the numbers that matter, or by containment of their ranges.

A case is numbers for the dimensions, a row of the tables, and a kind and a type for each input. These are independent
but for `where`, so one domain lies inside another where each part does. Dimensions whose ranges are the same in both
versions and that `where` does not read take no part. NumPy is not needed here.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from harness.gate.meaning.domains.containment import (
    DomainDiff,
    Row,
    case_text,
    compared_rows,
    contained,
    row_key,
    where_admits,
)
from harness.gate.meaning.evidence import RelationEvidence
from harness.gate.meaning.space import Space, in_order
from harness.gate.meaning.view import VersionView, views
from harness.language.scalar_evaluation import NotScalar
from harness.language.syntax import names
from harness.program.check.tables import rows_of
from harness.program.model import Program

ENUMERATED = 40_000  # combinations of numbers and rows, per version: about half a second

Cases = dict[str, str]  # an admitted case by its key, as text for the reader


def compare_numbers(spaces: tuple[Space, Space], balance: DomainDiff) -> bool:
    """Compares dimensions together with the rows of tables; whether the text is the same."""
    old, new = spaces
    where = [space.rule.where if space.rule else None for space in spaces]
    changed = {name for name in old.names if name in new.names and not _same_range(name, spaces)}
    rows, columns, same_rows = compared_rows(spaces)
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
            contained(spaces, orders, rows, columns, where[0] == where[1] and same_rows, balance)
    except NotScalar as error:
        balance.open_.append(f"`where` cannot be evaluated without a case ({error})")
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        balance.open_.append(f"`where` has no value for some numbers ({type(error).__name__})")
    return False


def _same_range(name: str, spaces: tuple[Space, Space]) -> bool:
    mine, its = (space.view.dimensions[name] for space in spaces)
    given = [space.given(name) for space in spaces]
    return (mine.low, mine.high, mine.values, given[0]) == (its.low, its.high, its.values, given[1])


def _listed(space: Space, order: tuple[str, ...], rows: list[Row], columns: set[str]) -> Cases | None:
    """Every admitted combination, or None where there are too many."""
    points = list(itertools.islice(space.points(order), ENUMERATED // max(1, len(rows)) + 1))
    if len(points) * len(rows) > ENUMERATED:
        return None
    return {_case(point, row, columns): case_text(point, row, columns)
            for point in points for row in rows if where_admits(space, point, row)}  # fmt: skip


def _case(point: Mapping[str, int], row: Row, columns: set[str]) -> str:
    return f"{sorted(point.items())} {row_key(row, columns)}"


def _enumerated(before: Cases, after: Cases, balance: DomainDiff) -> None:
    for key, text in {**before, **after}.items():
        balance.add(key in before, key in after, partial(str, text))
    balance.how = f"; all {balance.n} combinations were enumerated"


def compare_domain(old: Program, new: Program, falsifier_id: str) -> RelationEvidence:
    """The cases a falsifier admits (`given`, `where`, `for_each`, `over`).

    Both versions of it narrow the dimensions, inputs and tables of the old contract: what changed about those is
    reported where they are declared.
    """
    before, after = views(old, new)
    return space_diff(Space(before, before.rules[falsifier_id]), _above(before, after, falsifier_id))


def compare_dimension(old: Program, new: Program, name: str) -> RelationEvidence:
    """The values of one dimension, by its old name, above the other dimensions of the old contract."""
    before, after = views(old, new)
    own = {name: after.dimensions[name]}
    changed = replace(
        after, dimensions=in_order({**after.dimensions, **before.dimensions, **own}), inputs=before.inputs
    )
    balance = DomainDiff()
    same_text = compare_numbers((Space(before), Space(changed, None, _borrowed(before, after) - {name})), balance)
    return balance.evidence(same_text)


def _above(old: VersionView, new: VersionView, falsifier_id: str) -> Space:
    """A falsifier of the new version above what the old contract declares; what that lacks is as in the new one."""
    source = next(part.source for part in new.program.falsifiers if part.source.id == falsifier_id)
    rows = rows_of(source, {**new.program.contract.tables, **old.program.contract.tables})
    dimensions, inputs = in_order({**new.dimensions, **old.dimensions}), {**new.inputs, **old.inputs}
    declared = replace(new, dimensions=dimensions, inputs=inputs)
    return Space(declared, replace(new.rules[falsifier_id], rows=rows), _borrowed(old, new))


def _borrowed(old: VersionView, new: VersionView) -> frozenset[str]:
    """The dimensions that the new version declares otherwise."""
    return frozenset(name for name in old.dimensions if new.dimensions.get(name) != old.dimensions[name])


def space_diff(old: Space, new: Space) -> RelationEvidence:
    """The cases of two spaces: the numbers of dimensions with rows of tables, and the kinds and types of inputs."""
    balance = DomainDiff()
    spaces = old, new
    same_text = compare_numbers(spaces, balance)
    for name in old.view.inputs:
        if name in new.view.inputs and any(_draws(space, name) for space in spaces):
            same_text &= _kinds(name, spaces, balance)
    return balance.evidence(same_text)


def _kinds(name: str, spaces: tuple[Space, Space], balance: DomainDiff) -> bool:
    """Whether kinds and types are the same list; records what was removed and added."""
    parts = [space.view.inputs[name] for space in spaces]
    texts = [(part.kinds, part.formats, part.dtype, part.range, space.given(name))
             for part, space in zip(parts, spaces, strict=True)]  # fmt: skip
    for what, of in (("kind", Space.kinds), ("type", Space.types)):
        before, after = (of(space, name) for space in spaces)
        for part in dict.fromkeys((*before, *after)):
            if part not in after:
                balance.lost(f"{name} of {what} {part}")
            elif part not in before:
                balance.new(f"{name} of {what} {part}")
    return texts[0] == texts[1]


def _draws(space: Space, name: str) -> bool:
    """Whether a falsifier draws an input: its claim or a subject that it calls reads it."""
    assert space.rule is not None
    view, read = space.view, names(space.rule.claim)
    for subject in read & set(view.arguments):
        read |= {*view.arguments[subject].values(), *view.returns[subject].values()}
    return name in view.with_below(read)
