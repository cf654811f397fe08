"""The cases that a rule takes of the contract's `sizes`, which may lie outside the ranges: `given` and `where` decide.

The numbers of a size are put in for its dimensions, and all others that matter are enumerated.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from harness.contract.access import data_of, entries, items, tuple_of
from harness.contract.node import YamlNode
from harness.gate.comparison import EvaluationResult, same
from harness.gate.diff.dimensions import relation_of
from harness.gate.integers import MAX_POINTS, Undecidable, closure, expression, integer_value, points
from harness.language.syntax import Node, Number, names

GONE, COME = ("narrowed", "incomparable"), ("widened", "incomparable")
Case = tuple[tuple[str, Any], ...]
Row = dict[str, Any]


def with_sizes(root: YamlNode, old: YamlNode, new: YamlNode, found: EvaluationResult) -> EvaluationResult:
    """What was found of the cases of two versions of a rule within the ranges, and what becomes of the sizes.

    root        the old contract: what changed about its dimensions and sizes is reported there
    """
    if found.relation == "undecidable":
        return found
    gone = come = ""
    for size in items(root, "sizes"):
        try:
            before, after = _both(root, size, old, new)
        except Undecidable:
            return EvaluationResult("undecidable", f"there are too many cases of the size {size.plain()}", found.cases)
        gone = gone or _told("no longer", before - after)
        come = come or _told("new", after - before)
    relation = relation_of(found.relation in GONE or bool(gone), found.relation in COME or bool(come))
    if relation == found.relation or not (gone or come):
        return found
    why = "\n".join(part for part in ("cases of the contract's sizes changed", gone, come) if part)
    return EvaluationResult(relation, why, found.cases)


def _told(what: str, cases: set[Case]) -> str:
    first = min(cases, key=repr, default=())
    return f"{what}: {', '.join(f'{name} = {value!r}' for name, value in first)}" if cases else ""


def _both(root: YamlNode, size: YamlNode, old: YamlNode, new: YamlNode) -> tuple[set[Case], set[Case]]:
    """The cases of one size that either version of the rule takes, by the numbers and columns that decide."""
    dimensions = {**entries(root, "dimensions"), **entries(size)}
    givens = [
        {name: part for name, part in entries(rule, "given").items() if name in dimensions} for rule in (old, new)
    ]
    wheres = [_condition(rule) for rule in (old, new)]
    read = set().union(*map(names, wheres)) if wheres[0] != wheres[1] else set()
    edited = {name for name in {*givens[0], *givens[1]} if not same(givens[0].get(name), givens[1].get(name))}
    if not read and not edited:
        return set(), set()
    read |= set().union(*map(names, wheres))
    wanted = {name for given in givens for name in closure(read | edited, dimensions, given)}
    if wanted.isdisjoint(entries(size)):
        return set(), set()
    rows = [_rows(root, rule, read) for rule in (old, new)]
    both = {name for row in rows[0] for name in row} & {name for row in rows[1] for name in row}
    most = MAX_POINTS // (2 * len(items(root, "sizes")))
    before, after = (
        set(_cases(points(wanted, dimensions, given), listed, where, wanted | both, most))
        for listed, given, where in zip(rows, givens, wheres, strict=True)
    )
    return before, after


def _condition(rule: YamlNode) -> Node:
    return expression(entries(rule)["where"]) if "where" in entries(rule) else Number(1)


def _cases(numbers: Iterable[Row], rows: list[Row], where: Node, told_by: set[str], most: int) -> Iterator[Case]:
    """Every case that `where` takes, as what both versions know of it."""
    every = ({**point, **row} for point in numbers for row in rows)
    for count, case in enumerate(every):
        if count >= most:
            raise Undecidable
        if integer_value(where, case):
            yield tuple((name, case[name]) for name in sorted(told_by & case.keys()))


def _rows(root: YamlNode, rule: YamlNode, read: set[str]) -> list[Row]:
    """Every row of a rule's loops and tables, of which only what is read."""
    lists = [[{name: value} for value in data_of(entries(rule)["for_each"], name)]
             for name in entries(rule, "for_each") if name in read]  # fmt: skip
    for table in tuple_of(rule, "over"):
        declared = entries(root, "tables").get(table)
        if declared is None:
            continue
        columns = list(entries(declared, "columns"))
        cells = [dict(zip(columns, row.plain(), strict=False)) for row in items(declared, "rows")]
        lists.append([{name: row[name] for name in columns if name in read and name in row} for row in cells])
    return [dict(itertools.chain.from_iterable(part.items() for part in parts)) for parts in itertools.product(*lists)]
