"""Write what other files say of the tables in harness/language: number formats, kinds of values, operators, functions.

`python scripts/language_tables.py` writes lists of the JSON Schema of contracts, which editors read, and tables of the
manual and of the page on mutants; with `--check` it only tells whether the files are up to date.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from functools import reduce
from pathlib import Path
from typing import Any

from harness.language import operators
from harness.language.dtypes import COLUMN, DTYPES, FIELD, INPUT, Dtype, of_place
from harness.language.function import GROUPS, TEXTS_AND_BYTES
from harness.language.functions import FUNCTIONS
from harness.language.infer import TYPED
from harness.language.mutate.plan import documented
from harness.language.value_kinds import VALUE_KINDS, ValueKind

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = ROOT / "harness" / "contract" / "contract.schema.json"
MANUAL = ROOT / "docs" / "language.md"
MUTANTS = ROOT / "docs" / "mutants.md"

LISTS: dict[tuple[str, ...], Any] = {
    ("field", "properties", "dtype", "enum"): [*of_place(FIELD)],
    ("kind", "enum"): [*VALUE_KINDS],
    ("table", "properties", "columns", "additionalProperties", "enum"): [*TYPED, *of_place(COLUMN)],
    ("input", "properties", "dtype", "description"):
        f"{', '.join(of_place(INPUT))}, the name of a format, or a list of which each case draws one.",
}  # fmt: skip


def schema(text: str) -> str:
    """The text of the JSON Schema with each of LISTS in it; everything else stays as it is written."""
    defined = json.loads(text)["$defs"]
    for path, wanted in LISTS.items():
        written, last = reduce(lambda part, key: part[key], path[:-1], defined), path[-1]
        before = f'"{last}": {json.dumps(written[last])}'
        if text.count(before) != 1:
            raise ValueError(f"{'.'.join(path)} is not written once, on one line, as {before}")
        text = text.replace(before, f'"{last}": {json.dumps(wanted)}')
    return text


def manual(text: str) -> str:
    """The text of the manual with the rows of its generated tables, which are known by their headings."""
    text = with_rows(text, ("dtype", "numbers", "may be"), map(_dtype, DTYPES.values()))
    numbers = [kind for kind in VALUE_KINDS.values() if kind.real or kind.blocks or kind.integers]
    text = with_rows(text, ("kind", "real numbers", "block formats", "integers"), map(_kind, numbers))
    ranged = [kind for kind in VALUE_KINDS.values() if kind.ranged]
    text = with_rows(text, ("kind", "integers with a range"), map(_ranged, ranged))
    text = with_rows(text, ("operators", "meaning"), operators.rows())
    for group in GROUPS:
        heading = ("function", "meaning") if group == TEXTS_AND_BYTES else ("function", "meaning", "bound")
        rows = (function.cells for function in FUNCTIONS.values() if function.group == group)
        text = with_rows(text, heading, sorted(rows), below=f"### {group}\n")
    return text


def mutants(text: str) -> str:
    """The text of the page on mutants with its tables: every edit, and the neighbours of every function."""
    text = with_rows(text, ("edit", "what is wrong"), ((f"`{name}`", story) for name, story in documented()))
    taken = {name: function.neighbours for name, function in sorted(FUNCTIONS.items()) if function.neighbours}
    rows = ((f"`{name}`", ", ".join(f"`{other}`" for other in others)) for name, others in taken.items())
    return with_rows(text, ("function", "taken for"), rows)


def with_rows(text: str, heading: tuple[str, ...], rows: Iterable[tuple[str, ...]], below: str = "") -> str:
    """The text with these rows below the one table of that heading; `below`: of the section that begins so."""
    head = f"{_row(heading)}\n|{'---|' * len(heading)}\n"
    start, section, rest = text.partition(below) if below else ("", "", text)
    own = rest.split("\n#")[0] if below else rest
    if own.count(head) != 1:
        raise ValueError(f"no table, or several, of the heading {_row(heading)} below {below.strip() or 'anything'}")
    before, _, after = rest.partition(head)
    before = start + section + before
    lines = after.splitlines(keepends=True)
    end = next((place for place, line in enumerate(lines) if not line.startswith("|")), len(lines))
    return before + head + "".join(f"{_row(row)}\n" for row in rows) + "".join(lines[end:])


def _row(cells: tuple[str, ...]) -> str:
    return "".join(f"| {cell.replace('|', chr(92) + '|')} " if cell else "| " for cell in cells) + "|"


def _dtype(dtype: Dtype) -> tuple[str, ...]:
    if dtype.is_real:
        numbers = f"real, {dtype.bits} bits"
    elif dtype.bits > 16:
        numbers = f"integers, -2**{dtype.bits - 1} to 2**{dtype.bits - 1} - 1" if dtype.signed else (
            f"integers, 0 to 2**{dtype.bits} - 1")  # fmt: skip
    else:
        numbers = f"integers, {dtype.integers[0]} to {dtype.integers[-1]}"
    return f"`{dtype.name}`", numbers, ", ".join(dtype.places)


def _kind(kind: ValueKind) -> tuple[str, ...]:
    asked = "; only where asked for" if kind.on_request else ""
    return f"`{kind.name}`", *(says and f"{says}{asked}" for says in (kind.real, kind.blocks, kind.integers))


def _ranged(kind: ValueKind) -> tuple[str, ...]:
    asked = "; only where asked for" if kind.on_request else ""
    return f"`{kind.name}`", f"{kind.ranged}{asked}"


def main() -> int:
    """Write or check the files."""
    stale = []
    for path, written in ((SCHEMA, schema), (MANUAL, manual), (MUTANTS, mutants)):
        before = path.read_text(encoding="utf-8")
        after = written(before)
        if after != before:
            stale.append(path.relative_to(ROOT).as_posix())
            if sys.argv[1:] != ["--check"]:
                path.write_text(after, encoding="utf-8")
    if sys.argv[1:] == ["--check"]:
        print(f"not up to date: {', '.join(stale)}" if stale else "up to date")
        return 1 if stale else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
