"""What functions return, by kind, and one of it replaced."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from harness.language import types as T
from harness.language.dtypes import BYTE
from harness.program.model import Program


def is_real(kind: T.Type) -> bool:
    """Float32 numbers."""
    return isinstance(kind, T.Array) and kind.kind == "real"


def is_integer(kind: T.Type) -> bool:
    """Integers that are not bytes."""
    return isinstance(kind, T.Array) and kind.kind == "int" and kind.dtype != BYTE.name


def is_bytes(kind: T.Type) -> bool:
    """The bytes of a file."""
    return isinstance(kind, T.Array) and kind.kind == "int" and kind.dtype == BYTE.name


def is_truth(kind: T.Type) -> bool:
    """A truth value."""
    return isinstance(kind, T.Array) and kind.kind == "bool"


def is_array(kind: T.Type) -> bool:
    """Numbers, truth values or bytes."""
    return isinstance(kind, T.Array)


def is_text(kind: T.Type) -> bool:
    """A text or a list of texts."""
    return isinstance(kind, T.Word | T.Words)


def is_list(kind: T.Type) -> bool:
    """A list of texts."""
    return isinstance(kind, T.Words)


def returns(program: Program, fits: Callable[[T.Type], bool]) -> bool:
    """Whether some function returns something of this kind."""
    return any(fits(kind) for subject in program.scope.subjects.values() for kind in subject.returns.values())


def one_replaced(
    program: Program,
    function: str,
    returned: Any,
    fits: Callable[[T.Type], bool],
    number: int,
    spoil: Callable[[Any, int], Any],
) -> Any:
    """One of the fitting results, chosen by `number`, replaced by `spoil(a copy of it, the rest of number)`.

    Empty arrays and lists, and what is not of the declared kind, are left alone.
    """
    if not isinstance(returned, Mapping):
        return returned
    declared = program.scope.subjects[function].returns
    fields = [
        field for field, kind in declared.items() if fits(kind) and field in returned and _filled(returned[field])
    ]
    if not fields:
        return returned
    field = fields[number % len(fields)]
    value = returned[field]
    copied = list(value) if isinstance(value, list | tuple) and is_list(declared[field]) else value
    if is_array(declared[field]):
        copied = np.array(value, order="C")
    return {**returned, field: spoil(copied, number // len(fields))}


def _filled(value: Any) -> bool:
    return len(value) > 0 if isinstance(value, str | list | tuple) else np.size(value) > 0
