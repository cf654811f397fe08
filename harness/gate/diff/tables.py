"""Finite tables: each row is an answer that somebody looks up, so rows are told apart by what they answer."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Any

from harness.contract.access import entries, items, tuple_of
from harness.contract.node import YamlNode
from harness.gate.change import value_text
from harness.gate.comparison import ContractComparison, added, common, entries_by_id, same, same_data
from harness.gate.diff.defaults import default_of
from harness.gate.diff.named_tables import PLAIN, RowChangeKinds, TableRow, added_row, compare_rows, kinds_for
from harness.gate.exact import exact_data
from harness.gate.spelling import parsed, scalar_text
from harness.language.syntax import names


def compare_tables(c: ContractComparison) -> None:
    """Tables gone and new, their columns, and their rows."""
    old, new = entries(c.old, "tables"), entries(c.new, "tables")
    for name in added(new, old):
        c.say("table-removed", f"tables.{name}", old[name], None)
    for name in added(old, new):
        c.say("table-added", f"tables.{name}", None, new[name])
    for name in common(old, new):
        if not same(old[name], new[name]):
            _columns(c, f"tables.{name}.columns", old[name], new[name])
            _rows(c, name, old[name], new[name])
        if list(entries(old[name], "columns")) != list(entries(new[name], "columns")):
            _column_order(c, f"tables.{name}.columns", entries(old[name])["columns"], entries(new[name])["columns"])
        c.prose(f"tables.{name}", old[name], new[name], "note")


def _columns(c: ContractComparison, path: str, old: YamlNode, new: YamlNode) -> None:
    before, after = entries(old, "columns"), entries(new, "columns")
    for name in added(after, before):
        c.say("table-column-removed", f"{path}.{name}", before[name], None)
    for name in added(before, after):
        c.say("table-column-added", f"{path}.{name}", None, after[name])
    for name in common(before, after):
        if not same(before[name], after[name]):
            c.say("table-column-retyped", f"{path}.{name}", before[name], after[name])


def _column_order(c: ContractComparison, path: str, old: YamlNode, new: YamlNode) -> None:
    stayed = [name for name in entries(old) if name in entries(new)]
    if stayed != [name for name in entries(new) if name in entries(old)]:
        c.say("table-columns-reordered", path, old, new, was=list(entries(old)), now=list(entries(new)))


def _rows(c: ContractComparison, name: str, old: YamlNode, new: YamlNode) -> None:
    columns = [list(entries(table, "columns")) for table in (old, new)]
    if same_data(entries(old)["rows"], entries(new)["rows"]) and columns[0] == columns[1]:
        return
    before, after = list(_read(old)), list(_read(new))
    told = len(c.changes)
    shared = common(entries(old, "columns"), entries(new, "columns"))
    shared = [column for column in entries(old, "columns") if column in shared]
    kinds = kinds_for(name, shared)
    path = f"tables.{name}"
    if kinds is PLAIN:
        shared, prose = _read_by_rules(c, name, shared)
        before, after = _told_apart(c, path, shared, prose, before, after)
    key = _key(shared, before, after)
    was, now = _by_key(before, key), _by_key(after, key)
    ambiguous = kinds is not PLAIN and 1 < len(key) == len(shared)
    answered = {row[0]: was[row].node for row in was} if ambiguous else {}
    renamed = kinds.renamed and _renamed(list(was), list(now))
    if renamed:
        first, last = renamed
        c.say(kinds.renamed, f"{path}.{_spoken(last)}", was[first].node, now[last].node, was=_spoken(first),
              now=_spoken(last))  # fmt: skip
    for row in was.keys() - now.keys():
        if not renamed or row != renamed[0]:
            c.say(kinds.removed, f"{path}.{_spoken(row)}", was[row].node, None)
    for row in sorted(now.keys() - was.keys()):
        if row[0] in answered:  # what had one answer has two
            c.say(kinds.changed, f"{path}.{_spoken(row[:1])}", answered[row[0]], now[row].node)
        elif not renamed or row != renamed[1]:
            _added(c, kinds, name, f"{path}.{_spoken(row)}", now[row])
    for row in [row for row in now if row in was]:
        compare_rows(c, kinds, f"{path}.{_spoken(row)}", was[row], now[row], shared)
    stayed = [row for row in was if row in now]
    if stayed != [row for row in now if row in was] or _regrouped(c, told, old, new):
        nodes = entries(old)["rows"], entries(new)["rows"]
        c.say(kinds.reordered, path, *nodes, was=[_spoken(row) for row in was], now=[_spoken(row) for row in now])


def _added(c: ContractComparison, kinds: RowChangeKinds, table: str, path: str, row: TableRow) -> None:
    """A row that is new: something that the table did not know, unless a rule said what is true of all others."""
    default = default_of(c.old, table, row)
    if default is None:
        added_row(c, kinds, path, row)
    else:
        c.say("default-retargeted", path, None, row.node, was=f"{default.answer} by default ({default.rule})")


def _read_by_rules(c: ContractComparison, table: str, shared: list[str]) -> tuple[list[str], list[str]]:
    """The columns that some rule of either version reads, and the others, which are prose; all where none reads any."""
    read: set[str] = set()
    for root in (c.old, c.new):
        for rule in entries_by_id(root, "falsification_tests").values():
            if table in tuple_of(rule, "over"):
                parts = [entries(rule).get(key) for key in ("claim", "where")]
                parts += [entries(situation).get("when") for situation in items(rule, "cover")]
                trees = [parsed(scalar_text(part)) for part in parts if part is not None]
                # What cannot be read may read everything.
                read |= set().union(*(set(shared) if tree is None else names(tree) for tree in trees))
    known = [column for column in shared if column in read]
    return (known, [column for column in shared if column not in read]) if known else (shared, [])


def _told_apart(
    c: ContractComparison, path: str, shared: list[str], prose: list[str], old: list[TableRow], new: list[TableRow]
) -> tuple[list[TableRow], list[TableRow]]:
    """Tells of prose that changed in rows that answer the same; gives the rows, of equal ones the first alone."""
    sides = [_by_key(rows, tuple(shared)) for rows in (old, new)]
    for answer in [answer for answer in sides[1] if answer in sides[0]]:
        was, now = sides[0][answer].cells, sides[1][answer].cells
        for column in prose:
            if not same_data(was.get(column), now.get(column)):
                c.say("prose-changed", f"{path}.{_spoken(answer[:1])}.{column}", was.get(column), now.get(column))
    return list(sides[0].values()), list(sides[1].values())


def _regrouped(c: ContractComparison, told: int, old: YamlNode, new: YamlNode) -> bool:
    """Whether the same answers stand in other rows: nothing was told of them, and the columns are the same."""
    return len(c.changes) == told and list(entries(old, "columns")) == list(entries(new, "columns"))


def _read(table: YamlNode) -> Iterable[TableRow]:
    """Rows; one that speaks for several keys (`spelled_in`) as a row for each of them."""
    columns = list(entries(table, "columns"))
    for row in items(table, "rows"):
        assert isinstance(row.value, list)
        cells = dict(zip(columns, row.value, strict=False))
        several = cells.get("spelled_in")
        if several is not None and isinstance(several.value, list) and several.value:
            yield from (TableRow(row, {**cells, "spelled_in": one}) for one in several.value)
        else:
            yield TableRow(row, cells)


def _key(shared: list[str], *tables: list[TableRow]) -> tuple[str, ...]:
    """The fewest leading columns by which the rows of both versions can be told apart; all of them if need be."""
    for size in range(1, len(shared)):
        for columns in combinations(shared, size):
            if columns == tuple(shared[:size]) and all(len(_by_key(rows, columns)) == len(rows) for rows in tables):
                return columns
    return tuple(shared)


def _by_key(rows: list[TableRow], columns: tuple[str, ...]) -> dict[tuple[str, ...], TableRow]:
    return {tuple(_cell(row.cells.get(column)) for column in columns): row for row in rows}


def _cell(node: YamlNode | None) -> str:
    if node is None:
        return ""
    return node.value if isinstance(node.value, str) else exact_data(node.plain())


def _spoken(key: tuple[str, ...]) -> str:
    return " ".join(value_text(part) for part in key)


def _renamed(old: list[Any], new: list[Any]) -> tuple[Any, Any] | None:
    """One row under another name at the same place, all others as they were."""
    gone = [row for row in old if row not in set(new)]
    come = [row for row in new if row not in set(old)]
    if len(gone) == len(come) == 1 and old.index(gone[0]) == new.index(come[0]):
        return gone[0], come[0]
    return None
