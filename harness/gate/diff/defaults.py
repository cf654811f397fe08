"""What a contract says of everything that a table does not list: a rule about names or numbers that are in no row.

`normalise(name=raw).key == key`, over the rows of `aliases`, says what the names in the table lead to. If another rule
says `normalise(name=raw).key == "llama"` of names that are not in the table, that is the answer for all others. A row
that is added takes its name away from that rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harness.contract.access import data_of, entries, items, tuple_of
from harness.contract.node import YamlNode
from harness.gate.comparison import entries_by_id
from harness.gate.diff.named_tables import TableRow
from harness.gate.integers import Undecidable, expression, integer_value, points
from harness.gate.meaning.canonical import conjuncts
from harness.gate.spelling import parsed, scalar_text
from harness.language.syntax import Call, Compare, Name, Node, Number, ResultField, Text, names, spell

_EQUAL = ("identical", "close")  # claims that give a result its value, as `==` does


@dataclass(frozen=True)
class Default:
    """What an added row meant before: the answer, and the rule that gave it."""

    answer: str
    rule: str


@dataclass(frozen=True)
class _Answer:
    """`subject(given...).result` is `value`, says a rule."""

    subject: str
    result: str
    given: Mapping[str, Node]
    value: Node


def default_of(root: YamlNode, table: str, row: TableRow) -> Default | None:
    """What the contract said of the row, which it does not have, where that is not what the row says."""
    rules = entries_by_id(root, "falsification_tests")
    listing = [answer for rule in rules.values() if table in tuple_of(rule, "over") for answer in _answers(rule)]
    for id, rule in rules.items():
        if table in tuple_of(rule, "over"):
            continue
        for other in _answers(rule):
            for listed in listing:
                before = _before(root, table, row, listed, rule, other)
                if before is not None and before != _of_row(listed.value, row):
                    return Default(_told(before), id)
    return None


def _answers(rule: YamlNode) -> Iterator[_Answer]:
    claim = parsed(scalar_text(entries(rule)["claim"]))
    for part in conjuncts(claim) if claim is not None else ():
        match part:
            case Compare(op="==", left=left, right=right):
                sides = ((left, right), (right, left))
            case Call(name=name, arguments=(left, right)) if name in _EQUAL:
                sides = ((left, right), (right, left))
            case _:
                continue
        for result, value in sides:
            if isinstance(result, ResultField) and isinstance(result.call, Call) and result.call.keywords:
                yield _Answer(result.call.name, result.field, dict(result.call.keywords), value)


def _before(root: YamlNode, table: str, row: TableRow, listed: _Answer, rule: YamlNode, other: _Answer) -> Node | None:
    """The answer of the other rule for the name or number of the row, if it is a rule about all that have no row."""
    if (listed.subject, listed.result) != (other.subject, other.result):
        return None
    shared = listed.given.keys() & other.given.keys()
    for argument in sorted(shared):
        column, loop = listed.given[argument], other.given[argument]
        if not (isinstance(column, Name) and column.id in row.cells and isinstance(loop, Name)):
            continue
        key = _literal(row.cells[column.id])
        rows = _column(root, table, column.id)
        others = [value for value in _values(root, rule, loop.id) if value not in rows]
        if key is None or not others:
            continue
        if isinstance(key, Number) and key.value not in others:  # texts are examples, numbers are all there are
            continue
        if all(_meet(_of_row(listed.given[name], row), other.given[name]) for name in shared - {argument}):
            return key if other.value == loop else _looked_up(root, table, listed, argument, other.value)
    return None


def _meet(one: Node, other: Node) -> bool:
    """Whether two arguments may be the same: what a loop or a column gives may be anything."""
    return one == other or isinstance(one, Name) or isinstance(other, Name)


def _of_row(node: Node, row: TableRow) -> Node:
    """A column of the row as what the row has there."""
    if isinstance(node, Name) and node.id in row.cells:
        return _literal(row.cells[node.id]) or node
    return node


def _literal(cell: YamlNode) -> Node | None:
    if isinstance(cell.value, str):
        return Text(cell.value)
    return Number(cell.value) if isinstance(cell.value, int | float) else None


def _column(root: YamlNode, table: str, column: str) -> list[Any]:
    """The cells of a column; of a cell with several values, each of them."""
    declared = entries(root, "tables")[table]
    columns = list(entries(declared, "columns"))
    cells = [row.value[columns.index(column)].plain() for row in items(declared, "rows")
             if column in columns and isinstance(row.value, list)]  # fmt: skip
    return [value for cell in cells for value in (cell if isinstance(cell, list) else [cell])]


def _values(root: YamlNode, rule: YamlNode, name: str) -> list[Any]:
    """What a name of a rule takes: the values of a loop, the cells of a column, the numbers of a dimension."""
    if name in entries(rule, "for_each"):
        return list(data_of(entries(rule)["for_each"], name))
    for table in tuple_of(rule, "over"):
        if name in entries(entries(root, "tables")[table], "columns"):
            return _column(root, table, name)
    return _numbers(root, rule, name)


def _numbers(root: YamlNode, rule: YamlNode, name: str) -> list[Any]:
    """The values of a dimension for which a rule is claimed; none where plain integers do not decide that."""
    dimensions, givens = entries(root, "dimensions"), entries(rule, "given")
    where = entries(rule).get("where")
    try:
        condition = expression(where) if where is not None else Number(1)
        needed = ({name} | names(condition)) & dimensions.keys()
        return [point[name] for point in points(needed, dimensions, givens) if integer_value(condition, point)]
    except (Undecidable, KeyError):
        return []


def _looked_up(root: YamlNode, table: str, listed: _Answer, argument: str, value: Node) -> Node:
    """What the table says of a name, where the default is told by it: `normalise(name="llama").key`."""
    column = listed.given[argument]
    match value:
        case ResultField(call=Call(name=listed.subject, keywords=((given, Text(value=key)),)), field=listed.result) if (
            given == argument and isinstance(column, Name) and isinstance(listed.value, Name)
        ):
            found = dict(zip(_column(root, table, column.id), _column(root, table, listed.value.id), strict=False))
            return Text(found[key]) if isinstance(found.get(key), str) else value
    return value


def _told(node: Node) -> str:
    return node.value if isinstance(node, Text) else spell(node)
