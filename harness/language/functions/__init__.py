"""The functions of the language: one record and one file each (a family of one idea shares its file).

A function is added by a file here, its rows in docs/, and a recipe that attacks its bound in
tests/harness/language/soundness/functions/. tests/harness/language/functions/test_complete.py says what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from harness.language.function import Function, by_name


def _records() -> Iterator[Function]:
    """Every record that a file of this folder defines, in the order of the files' names."""
    for name in sorted(found.name for found in iter_modules(__path__)):
        module = import_module(f"{__name__}.{name}")
        yield from (value for value in vars(module).values() if isinstance(value, Function))


FUNCTIONS = by_name(_records())
