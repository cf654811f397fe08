"""Tables of a contract: cells of the declared types, rows of one length, and the rows that a falsifier enumerates."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import replace

from harness.contract.model import Falsifier, Table
from harness.findings import Place, nearest
from harness.language import types as T
from harness.language.infer import TYPED, Scope
from harness.language.sizes import Range, Size

Say = Callable[..., None]
At = Callable[..., Place]
Row = Mapping[str, object]

FITS: dict[str, Callable[[object], bool]] = {
    "text": lambda cell: isinstance(cell, str),
    "texts": lambda cell: isinstance(cell, list),
    "integer": lambda cell: isinstance(cell, int) and not isinstance(cell, bool),
    "truth": lambda cell: isinstance(cell, bool),
}


def check_cells(table: Table, say: Say, at: At) -> None:
    """Every row has a cell of the right type for every column, and no row stands twice."""
    seen: set[str] = set()
    for index, row in enumerate(table.rows):
        place = at("tables", table.name, "rows", index)
        if len(row) != len(table.columns):
            say(place, f"table {table.name}: a row of another length", f"{len(table.columns)} cells", f"{len(row)}")
            continue
        for cell, (column, kind) in zip(row, table.columns.items(), strict=True):
            if not FITS[kind](cell):
                say(place, f"table {table.name}: column {column} holds something else", f"a {kind}", repr(cell))
        if repr(row) in seen:
            say(place, f"table {table.name}: the same row twice", hint="remove one")
        seen.add(repr(row))


def check_over(source: Falsifier, scope: Scope, tables: Mapping[str, Table], say: Say, at: At) -> Scope:
    """The scope with the columns of the tables that a falsifier enumerates."""
    names, ranges = dict(scope.names), dict(scope.ranges)
    for name in source.over:
        if name not in tables:
            say(at("over"), f"{source.id}: over names an unknown table {name!r}", hint=nearest(name, tables))
            continue
        for index, (column, kind) in enumerate(tables[name].columns.items()):
            if column in names or column in scope.subjects:
                say(at("over"), f"{source.id}: column {column!r} of {name} has another meaning already", hint="rename it")
                continue
            names[column] = TYPED[kind]
            cells = [row[index] for row in tables[name].rows if len(row) > index]
            if kind == "integer" and all(FITS[kind](cell) for cell in cells):
                names[column] = T.dimension(column)
                ranges[column] = Range(Size.of(min(cells)), Size.of(max(cells)))
    return replace(scope, names=names, ranges=ranges)


def rows_of(source: Falsifier, tables: Mapping[str, Table]) -> tuple[Row, ...]:
    """Every combination of `for_each` values and table rows, as names with their values."""
    choices: list[list[Row]] = [[{name: value} for value in values] for name, values in source.for_each.items()]
    choices += [[dict(zip(tables[name].columns, row, strict=True)) for row in tables[name].rows] for name in source.over]
    return tuple({name: value for part in parts for name, value in part.items()} for parts in itertools.product(*choices))
