"""Finite tables: cells of the declared types, and the values and rows that a falsifier enumerates."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import replace

from harness.contract.model import Falsifier, Table
from harness.findings import nearest
from harness.language import types as T
from harness.language.dtypes import COLUMN, DTYPES, of_place
from harness.language.infer import TYPED, Scope
from harness.language.reserved import RESERVED
from harness.language.sizes import Range
from harness.program.check.checker import At, Checker

Row = Mapping[str, object]

FITS: dict[str, Callable[[object], bool]] = {
    "text": lambda cell: isinstance(cell, str),
    "texts": lambda cell: isinstance(cell, list) and all(isinstance(text, str) for text in cell),
    "integer": lambda cell: isinstance(cell, int) and not isinstance(cell, bool),
    "truth": lambda cell: isinstance(cell, bool),
}


def fits(cell: object, kind: str) -> bool:
    """Whether a cell is of its column's type; of a dtype, every integer that it holds."""
    if kind in of_place(COLUMN):
        return FITS["integer"](cell) and cell in DTYPES[kind].integers
    return FITS[kind](cell)


def check_cells(checker: Checker, table: Table) -> None:
    """Every row has a cell of the right type for every column, and no row stands twice."""
    seen: set[str] = set()
    for index, row in enumerate(table.rows):
        place = checker.at("tables", table.name, "rows", index)
        if len(row) != len(table.columns):
            message = f"table {table.name}: a row of the wrong length"
            checker.say(place, message, f"{len(table.columns)} cells", f"{len(row)}")
            continue
        for cell, (column, kind) in zip(row, table.columns.items(), strict=True):
            if not fits(cell, kind):
                message = f"table {table.name}: column {column} holds a value of another type"
                checker.say(place, message, f"a {kind}", repr(cell))
        if repr(row) in seen:
            checker.say(place, f"table {table.name}: the same row twice", hint="remove one")
        seen.add(repr(row))


def with_values(checker: Checker, falsifier: Falsifier, scope: Scope, at: At) -> Scope:
    """The scope with the names of `for_each`."""
    names, ranges = dict(scope.names), dict(scope.ranges)
    for name, values in falsifier.for_each.items():
        place = at("for_each", name)
        if name in names or name in scope.subjects or name in RESERVED:
            message = f"{falsifier.id}: for_each gives {name!r} another meaning"
            checker.say(place, message, hint="choose another name")
        elif all(isinstance(value, int) for value in values):
            numbers = [int(value) for value in values]
            names[name] = T.dimension(name)
            ranges[name] = Range.spanning(numbers)
        elif all(isinstance(value, str) for value in values):
            names[name] = T.Word()
        else:
            message = f"{falsifier.id}: for_each mixes numbers and texts for {name}"
            checker.say(place, message, "one kind of value", ", ".join(map(repr, values)))
    return replace(scope, names=names, ranges=ranges)


def with_columns(checker: Checker, falsifier: Falsifier, scope: Scope, at: At) -> Scope:
    """The scope with the columns of the tables that a falsifier enumerates."""
    names, ranges = dict(scope.names), dict(scope.ranges)
    for name in falsifier.over:
        table = checker.contract.tables.get(name)
        if table is None:
            message = f"{falsifier.id}: over names an unknown table {name!r}"
            checker.say(at("over"), message, hint=nearest(name, checker.contract.tables))
            continue
        for index, (column, kind) in enumerate(table.columns.items()):
            if column in names or column in scope.subjects:
                message = f"{falsifier.id}: column {column!r} of {name} is already defined"
                checker.say(at("over"), message, hint="rename it")
                continue
            whole = kind == "integer" or kind in of_place(COLUMN)
            names[column] = TYPED["integer" if whole else kind]
            cells = [row[index] for row in table.rows if len(row) > index]
            if whole and cells and all(fits(cell, kind) for cell in cells):
                names[column] = T.dimension(column)
                ranges[column] = Range.spanning(cells)
    return replace(scope, names=names, ranges=ranges)


def rows_of(falsifier: Falsifier, tables: Mapping[str, Table]) -> tuple[Row, ...]:
    """Every combination of `for_each` values and table rows, as names with their values."""
    choices: list[list[Row]] = [[{name: value} for value in values] for name, values in falsifier.for_each.items()]
    for name in falsifier.over:
        columns, rows = tables[name].columns, tables[name].rows  # rows of another length: see check_cells
        choices.append([dict(zip(columns, row, strict=True)) for row in rows if len(row) == len(columns)])
    return tuple({key: value for part in parts for key, value in part.items()} for parts in itertools.product(*choices))
