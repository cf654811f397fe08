"""Rows of tables, as far as a falsifier reads them, and whether `where` takes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from harness.gate.meaning.space import Space
from harness.language.scalar_evaluation import evaluate_scalar
from harness.language.syntax import names

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
