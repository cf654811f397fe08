"""Implementations under test: Python modules whose functions carry the names that contracts give them.

Keyword arguments in (arrays of the number formats that inputs have, in ml_dtypes' types where NumPy has none; integers;
quantised tensors as (dtype, shape, bytes)), named arrays out, errors as
exceptions. `CLAIMS` lists the contracts that an implementation claims.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from harness.findings import HandledError
from harness.printable import message_of, printable
from harness.program.model import Program
from harness.subjects.errors import Errors, checked_errors
from harness.subjects.interrupt import Interrupted
from harness.subjects.surroundings import Surroundings

MOST_SAID = 10_000  # entries of CLAIMS or DECLINES


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

    def __init__(self, name: str, module: Any, surroundings: Surroundings | None = None) -> None:
        self.name, self.module = name, module
        self.surroundings = surroundings or Surroundings()
        self._errors: Errors | None = None  # read once: every claim of a refusal asks

    def claims(self) -> tuple[str, ...] | None:
        claimed = self.said("CLAIMS")
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
        if self._errors is None:
            self._errors = checked_errors(self.name, self.said("ERRORS") or {})
        return self._errors

    def said(self, name: str) -> Any:
        """What the module says under a name, as plain Python data; None where it says nothing.

        HandledError where reading it fails, or does not end.
        """
        try:
            with self.surroundings.entered():
                return plain(getattr(self.module, name, None))
        except Interrupted:
            raise
        except BaseException as error:
            told = printable(f"{type(error).__name__}: {message_of(error)}")
            raise HandledError(f"subject {printable(self.name, 120)!r}: {name} cannot be read: {told}") from None

    def missing(self, program: Program) -> list[str]:
        try:
            with self.surroundings.entered():
                return [name for name in program.contract.subjects if not callable(getattr(self.module, name, None))]
        except Interrupted:
            raise
        except BaseException as error:
            told = printable(f"{type(error).__name__}: {message_of(error)}")
            raise HandledError(f"subject {printable(self.name, 120)!r}: its functions cannot be read: {told}") from None

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        del program, dimensions
        with self.surroundings.entered():
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
    surroundings = _surroundings(name.partition(":")[0])
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # nothing is left beside the subject's files
    try:
        with surroundings.entered():
            module = _imported(name)
    finally:
        sys.dont_write_bytecode = writes
    return ModuleSubject(name, module, surroundings)


@cache
def _surroundings(_dotted: str) -> Surroundings:
    """One for each module: importing it again changes nothing, so what it changed at first is remembered."""
    return Surroundings()


def _imported(name: str) -> Any:
    dotted, _, attribute = name.partition(":")
    if not all(dotted.split(".")) or "/" in dotted or dotted.endswith(".py"):  # "./kernel.py", most often
        raise HandledError(
            f"subject {printable(name, 120)!r} is no name of a module; give a dotted name that Python can import from "
            "here (kernel, not ./kernel.py), `module:object`, or `reference`"
        )
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


def plain(value: Any, left: int = MOST_SAID) -> Any:
    """A value made of Python's own containers, at most `left` entries of each; ValueError beyond."""
    if isinstance(value, Mapping):
        return {key: plain(value[key], left) for key in _entries(value, left)}
    if isinstance(value, list | tuple | set | frozenset):
        return type_of_container(value)(plain(part, left) for part in _entries(value, left))
    return value


def type_of_container(value: Any) -> type:
    """Which of Python's own containers a list, tuple or set is."""
    return next(kind for kind in (list, tuple, set, frozenset) if isinstance(value, kind))


def _entries(value: Any, most: int) -> list[Any]:
    found = list(islice(value, most + 1))
    if len(found) > most:
        raise ValueError(f"it has more than {most} entries")
    return found


def as_array(value: Any) -> np.ndarray:
    """What a subject returned as an array; anything else becomes an object array, which no type accepts."""
    try:
        return np.asarray(value)
    except (Interrupted, MemoryError):
        raise
    except BaseException:  # SystemExit too: reading a value may run the subject's code
        return np.asarray(None, dtype=object)
