"""The functions of the language: one record and one file each (a family of one idea shares its file).

A function is added by a file here, its rows in docs/, and a recipe that attacks its bound in
tests/harness/language/soundness/functions/. tests/harness/language/functions/test_complete.py says what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from pkgutil import iter_modules

from harness.language.function import Function


def _records() -> Iterator[Function]:
    """Every record that a file of this folder defines, in the order of the files' names."""
    for name in sorted(found.name for found in iter_modules(__path__)):
        module = import_module(f"{__name__}.{name}")
        yield from (value for value in vars(module).values() if isinstance(value, Function))


def by_name(records: Iterable[Function]) -> dict[str, Function]:
    """The records by name. A file may import the record of another; two records of one name are a mistake."""
    found: dict[str, Function] = {}
    for record in records:
        if found.setdefault(record.name, record) is not record:
            raise ValueError(f"two records of a function {record.name}")
    return found


FUNCTIONS = by_name(_records())
