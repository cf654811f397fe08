"""How one result of a call is changed: which results have which type, and the smallest change of each type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from harness.language import dtypes
from harness.language import types as T
from harness.language.dtypes import BYTE
from harness.program.model import Program


def is_real(kind: T.Type) -> bool:
    """Whether results of this type are real numbers."""
    return isinstance(kind, T.Array) and kind.kind == "real"


def is_integer(kind: T.Type) -> bool:
    """Whether results of this type are integers, and not the bytes of a file."""
    return isinstance(kind, T.Array) and kind.kind == "int" and kind.dtype != BYTE.name


def is_bytes(kind: T.Type) -> bool:
    """Whether results of this type are the bytes of a file."""
    return isinstance(kind, T.Array) and kind.kind == "int" and kind.dtype == BYTE.name


def is_boolean(kind: T.Type) -> bool:
    """Whether results of this type are truth value."""
    return isinstance(kind, T.Array) and kind.kind == "bool"


def is_array(kind: T.Type) -> bool:
    """Whether results of this type are numbers, truth value or bytes."""
    return isinstance(kind, T.Array)


def is_text(kind: T.Type) -> bool:
    """Whether results of this type are a text or a list of texts."""
    return isinstance(kind, T.Word | T.Words)


def is_list(kind: T.Type) -> bool:
    """Whether results of this type are a list of texts."""
    return isinstance(kind, T.Words)


def returns(program: Program, fits: Callable[[T.Type], bool]) -> bool:
    """Whether some function of the contract has a result of a fitting type."""
    return any(fits(kind) for subject in program.scope.subjects.values() for kind in subject.returns.values())


def one_replaced(
    program: Program,
    function: str,
    returned: Any,
    fits: Callable[[T.Type], bool],
    number: int,
    spoil: Callable[[Any, int], Any],
) -> Any:
    """The results with one of the fitting ones, chosen by `number`, replaced by `spoil(its copy, the rest of number)`.

    Empty arrays and lists, and what is not of the declared type, are left as they are.
    """
    if not isinstance(returned, Mapping):
        return returned
    declared = program.scope.subjects[function].returns
    fields = [
        field for field, kind in declared.items() if fits(kind) and field in returned and _not_empty(returned[field])
    ]
    if not fields:
        return returned
    field = fields[number % len(fields)]
    value = returned[field]
    copied = list(value) if isinstance(value, list | tuple) and is_list(declared[field]) else value
    if is_array(declared[field]):
        copied = np.array(value, order="C")
    return {**returned, field: spoil(copied, number // len(fields))}


def _not_empty(value: Any) -> bool:
    return len(value) > 0 if isinstance(value, str | list | tuple) else np.size(value) > 0


def with_smallest_change(
    program: Program, function: str, returned: Mapping[str, Any], number: int
) -> Mapping[str, Any]:
    """The results of a call, one of them with the smallest change that its type allows."""
    return one_replaced(program, function, returned, lambda _kind: True, number, smallest_change)


def smallest_change(value: Any, number: int) -> Any:
    """The value with the smallest change that its type allows, in place where it can be; others are returned as is."""
    if isinstance(value, str | list):
        return misspelled(value, number)
    if not isinstance(value, np.ndarray):
        return value
    if dtypes.is_real(value.dtype):
        return next_float(value, number)
    if value.dtype.kind == "b":
        return one_negated(value, number)
    if value.dtype == np.uint8:
        return bit_flipped(value, number)
    return off_by_one(value, number) if dtypes.is_whole(value.dtype) else value


def next_float(value: np.ndarray, number: int) -> np.ndarray:
    """The array with one element replaced by the next number of its type upwards, in place."""
    bits = value.reshape(-1).view(f"u{value.itemsize}")  # of a copy in C order: the same memory
    place = number % value.size
    bits[place] = _next_upwards(value.reshape(-1)[place], int(bits[place]))
    return value


def _next_upwards(number: Any, bits: int) -> int:
    """The bits of the next number of the type; beyond the largest that is what the type has there, infinity or NaN.

    The formats hold a sign and a size: sizes are in the order of their bits.
    """
    value = float(number)
    if np.isnan(value) or value == np.inf:
        return bits
    if value == 0:
        return 1
    if value > 0:
        return bits + 1
    above = np.array(bits - 1, f"u{number.itemsize}").view(number.dtype)
    return 0 if np.isnan(above) else bits - 1  # below zero some types have a NaN where others have a negative zero


def bit_flipped(value: np.ndarray, number: int) -> np.ndarray:
    """The array with one of the lowest eight bits of one entry flipped, in place."""
    value.flat[number % value.size] ^= 1 << (number // value.size % 8)
    return value


def off_by_one(value: np.ndarray, number: int) -> np.ndarray:
    """The array with one integer one too low, or one too high where it is zero or negative, in place."""
    place = number % value.size
    here = int(value.flat[place])  # a Python integer: an unsigned one would overflow
    value.flat[place] = here + 1 if here <= 0 else here - 1
    return value


def one_negated(value: np.ndarray, number: int) -> np.ndarray:
    """The array with one truth value negated, in place."""
    place = number % value.size
    value.flat[place] = not value.flat[place]
    return value


def misspelled(value: str | list[str], number: int) -> str | list[str]:
    """The text without one of its characters, or the list with one such text; an empty text becomes "x"."""
    if isinstance(value, list):
        place = number % len(value)
        value[place] = str(misspelled(value[place], number // len(value)))
        return value
    place = number % len(value) if value else 0
    return value[:place] + value[place + 1 :] if value else "x"
