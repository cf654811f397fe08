"""Implementations under test: Python modules whose functions carry the names that contracts give them.

Keyword arguments in (float32 and integer arrays, integers, quantised tensors as (dtype, shape, bytes)), named arrays
out, errors as exceptions. `CLAIMS` lists the contracts that an implementation claims.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from harness.contract.program import Program
from harness.findings import HandledError


class Subject(Protocol):
    """Anything that can be asked for a result."""

    name: str

    def claims(self) -> tuple[str, ...] | None:
        """Contract ids; None: every contract."""

    def missing(self, program: Program) -> list[str]:
        """Functions of a contract that are not offered."""

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        """One execution. `dimensions`: those of the case, for a subject that is made of equations."""


class ModuleSubject:
    """A Python module, or any object with the functions as attributes."""

    def __init__(self, name: str, module: Any) -> None:
        self.name, self.module = name, module

    def claims(self) -> tuple[str, ...] | None:
        claimed = getattr(self.module, "CLAIMS", None)
        return None if claimed is None else tuple(claimed)

    def missing(self, program: Program) -> list[str]:
        return [name for name in program.contract.subjects if not callable(getattr(self.module, name, None))]

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        return getattr(self.module, function)(**arguments)  # type: ignore[no-any-return]


def load_subject(name: str) -> Subject:
    """`reference`, `reference:FAULT-ID`, `package.module`, or `package.module:object`.

    The working directory is searched too. An object that is a class is called once, without arguments.
    """
    if name == "reference" or name.startswith("reference:"):
        from harness.search.reference import Reference

        return Reference(name.partition(":")[2])
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    dotted, _, attribute = name.partition(":")
    try:
        module = importlib.import_module(dotted)
        for part in attribute.split(".") if attribute else ():
            module = getattr(module, part)
        if isinstance(module, type):
            module = module()
    except ModuleNotFoundError as error:
        raise HandledError(
            f"subject {name!r}: no module {error.name!r}; give a dotted module name that Python can import from here, "
            "`module:object`, or `reference`"
        ) from None
    except Exception as error:
        raise HandledError(f"subject {name!r} cannot be imported: {type(error).__name__}: {error}") from None
    return ModuleSubject(name, module)


def as_array(value: Any) -> np.ndarray:
    """What a subject returned as an array; anything else becomes an object array, which no type accepts."""
    if isinstance(value, np.ndarray):
        return value
    try:
        return np.asarray(value)
    except ValueError:
        return np.asarray(None, dtype=object)
