"""What a contract says of everything that a table does not list: a rule about names or numbers that are in no row.

`normalise(name=raw).key == key`, over the rows of `aliases`, says what the names in the table lead to. If another rule
says `normalise(name=raw).key == "llama"` of names that are not in the table, that is the answer for all others. A row
that is added takes its name away from that rule. Whatever the rule claims of the result, the row's answer is put in:
where the claim then holds, nobody is let down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.contract.access import data_of, entries, items, tuple_of
from harness.contract.node import YamlNode
from harness.gate.comparison import entries_by_id
from harness.gate.diff.named_tables import TableRow
from harness.gate.integers import Undecidable, expression, integer_value, points
from harness.gate.meaning.canonical import conjuncts
from harness.gate.spelling import parsed, rewritten, scalar_text
from harness.language.syntax import Binary, Call, Compare, Name, Node, Number, ResultField, Text, names, spell, walk

_EQUAL = ("identical", "close")  # claims that give a result its value, as `==` does


@dataclass(frozen=True)
class Default:
    """What an added row meant before: the answer, and the rule that gave it."""

    answer: str
    rule: str


@dataclass(frozen=True)
class _Answer:
    """`subject(given...).result` is `value`, says a rule about the rows of a table."""

    subject: str
    result: str
    given: Mapping[str, Node]
    value: Node


def default_of(root: YamlNode, table: str, row: TableRow) -> Default | None:
    """What the contract said of the row, which it does not have, where that is not shown to be true of the row."""
    rules = entries_by_id(root, "falsification_tests")
    listing = [answer for rule in rules.values() if table in tuple_of(rule, "over")
               for claim, _ in _claims(rule) for answer in _answers(claim)]  # fmt: skip
    rows = [row, *_rows(root, table)]
    others = {id: rule for id, rule in rules.items() if table not in tuple_of(rule, "over")}
    for id, rule in others.items():
        for claim, may_refuse in _claims(rule):
            for asked, loop, key in _keys(root, table, row, listing, rule, claim):
                said = _at(claim, loop, key, listing, rows)
                if not _holds(said):
                    return Default(_told(claim, asked, said) + " or refused" * may_refuse, id)
    return None


def _claims(rule: YamlNode) -> Iterator[tuple[Node, bool]]:
    """What a rule says of results, and whether the call may be refused instead."""
    claim = parsed(scalar_text(entries(rule)["claim"]))
    for part in conjuncts(claim) if claim is not None else ():
        match part:
            case Call(name="raises_or", arguments=(_, result)):
                yield from ((inner, True) for inner in conjuncts(result))
            case _:
                yield part, False


def _answers(claim: Node) -> Iterator[_Answer]:
    match _equation(claim):
        case Compare(op="==", left=left, right=right):
            for result, value in ((left, right), (right, left)):
                if isinstance(result, ResultField) and isinstance(result.call, Call) and result.call.keywords:
                    yield _Answer(result.call.name, result.field, dict(result.call.keywords), value)


def _equation(node: Node) -> Node:
    """A claim that gives a result its value as `==`, without what both sides add or take away."""
    match node:
        case Call(name=name, arguments=(left, right), keywords=()) if name in _EQUAL:
            return _equation(Compare("==", left, right))
        case Compare(op="==", left=Binary(op="+", left=a, right=b), right=Binary(op="+", left=c, right=d)):
            for one, same, other, its in ((a, b, c, d), (a, b, d, c), (b, a, c, d), (b, a, d, c)):
                if same == its:
                    return _equation(Compare("==", one, other))
        case Compare(op="==", left=Binary(op="-", left=a, right=b), right=Binary(op="-", left=c, right=d)) if b == d:
            return _equation(Compare("==", a, c))
    return node


def _keys(
    root: YamlNode, table: str, row: TableRow, listing: Sequence[_Answer], rule: YamlNode, claim: Node
) -> Iterator[tuple[Node, str, Node]]:
    """Results of which a claim says what they are for all that has no row; the name that stands for that; the row's."""
    for asked, (listed, given) in ((part, both) for part in walk(claim) for both in _about(listing, part)):
        shared = listed.given.keys() & given.keys()
        for argument in sorted(shared):
            column, loop = listed.given[argument], given[argument]
            if not (isinstance(column, Name) and column.id in row.cells and isinstance(loop, Name)):
                continue
            key = _literal(row.cells[column.id])
            told = _column(root, table, column.id)
            others = [value for value in _values(root, rule, loop.id) if value not in told]
            if not isinstance(key, Text | Number) or not others:
                continue
            if isinstance(key, Number) and key.value not in others:  # texts are examples, numbers are all there are
                continue
            if all(_meet(_of_row(listed.given[name], row), given[name]) for name in shared - {argument}):
                yield asked, loop.id, key


def _about(listing: Sequence[_Answer], asked: Node) -> Iterator[tuple[_Answer, dict[str, Node]]]:
    """What is listed of a result, and with which arguments a rule asks for that result."""
    match asked:
        case ResultField(call=Call(name=subject, keywords=given), field=result):
            yield from ((one, dict(given)) for one in listing if (one.subject, one.result) == (subject, result))


def _at(claim: Node, loop: str, key: Node, listing: Sequence[_Answer], rows: Sequence[TableRow]) -> Node:
    """What a claim says of a name or number; results that a row lists are what it says, the first row before others."""

    def known(part: Node) -> Node:
        if part == Name(loop):
            return key
        for row in rows:
            for listed, given in _about(listing, part):
                shared = listed.given.keys() & given.keys()
                pairs = [(_of_row(listed.given[name], row), given[name]) for name in shared]
                if any(one == other for one, other in pairs) and all(_meet(*pair) for pair in pairs):
                    return _of_row(listed.value, row)
        return _equation(part)

    return rewritten(claim, known)


def _holds(claim: Node) -> bool:
    try:
        return integer_value(claim, {}) is True
    except Undecidable:
        return False


def _told(claim: Node, asked: Node, said: Node) -> str:
    """What was said of all that has no row: the answer where the claim gives one, else the claim."""
    match _equation(claim), said:
        case Compare(op="==", left=left, right=right), Compare(left=one, right=other) if asked in (left, right):
            return _text(other if asked == left else one)
    return f"held to {spell(claim)}"


def _text(node: Node) -> str:
    return node.value if isinstance(node, Text) and node.value == node.value.strip() != "" else spell(node)


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
    if isinstance(cell.value, list):
        return Call("texts", tuple(Text(str(part.value)) for part in cell.value), ())
    return Number(cell.value) if isinstance(cell.value, int | float) else None


def _rows(root: YamlNode, table: str) -> list[TableRow]:
    declared = entries(root, "tables")[table]
    columns = list(entries(declared, "columns"))
    return [TableRow(row, dict(zip(columns, row.value, strict=False)))
            for row in items(declared, "rows") if isinstance(row.value, list)]  # fmt: skip


def _column(root: YamlNode, table: str, column: str) -> list[Any]:
    """The cells of a column; of a cell with several values, each of them."""
    cells = [row.cells[column].plain() for row in _rows(root, table) if column in row.cells]
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
