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

from harness.findings import HandledError
from harness.printable import message_of, printable
from harness.program.model import Program
from harness.subjects.errors import Errors, checked_errors
from harness.subjects.interrupt import Interrupted


class Subject(Protocol):
    """Anything that can be asked for a result."""

    name: str

    def claims(self) -> tuple[str, ...] | None:
        """Contract ids; None: every contract."""

    def missing(self, program: Program) -> list[str]:
        """Functions of a contract that are not offered."""

    def errors(self) -> Errors:
        """What contracts call the classes of its errors, where they have other names."""

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
        if claimed is None:
            return None
        if not isinstance(claimed, list | tuple | set | frozenset) or not all(
            isinstance(part, str) for part in claimed
        ):
            raise HandledError(
                f"subject {self.name!r}: CLAIMS is {printable(repr(claimed), 80)}, expected a list of contract ids"
            )
        return tuple(sorted(claimed) if isinstance(claimed, set | frozenset) else claimed)

    def errors(self) -> Errors:
        return checked_errors(self.name, getattr(self.module, "ERRORS", {}))

    def missing(self, program: Program) -> list[str]:
        return [name for name in program.contract.subjects if not callable(getattr(self.module, name, None))]

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        del program, dimensions
        result: Mapping[str, Any] = getattr(self.module, function)(**arguments)
        return result


def load_subject(name: str) -> Subject:
    """`reference`, `reference:FAULT` (declared, or a mutant), `package.module`, or `package.module:object`.

    The working directory is searched too. An object that is a class is called once, without arguments.
    """
    if name == "reference" or name.startswith("reference:"):
        from harness.subjects.reference import Reference

        if name == "reference:":
            raise HandledError("subject 'reference:': no fault is named; `reference` alone has none")
        return Reference(name.partition(":")[2])
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    return ModuleSubject(name, _imported(name))


def _imported(name: str) -> Any:
    dotted, _, attribute = name.partition(":")
    try:
        found: Any = importlib.import_module(dotted)
        for part in attribute.split(".") if attribute else ():
            found = getattr(found, part)
        return found() if isinstance(found, type) else found
    except Interrupted:
        raise
    except ModuleNotFoundError as error:
        missing = printable(str(error.name), 120)
        raise HandledError(
            f"subject {printable(name, 120)!r}: no module {missing!r}; give a dotted module name that "
            "Python can import from here, `module:object`, or `reference`"
        ) from None
    except BaseException as error:  # SystemExit too: a module that ends the process on import is no subject
        told = printable(f"{type(error).__name__}: {message_of(error)}")
        raise HandledError(f"subject {printable(name, 120)!r} cannot be imported: {told}") from None


def as_array(value: Any) -> np.ndarray:
    """What a subject returned as an array; anything else becomes an object array, which no type accepts."""
    try:
        return np.asarray(value)
    except Exception:
        return np.asarray(None, dtype=object)
