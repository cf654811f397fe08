"""Arguments as a harness hands them over: anything may come, and what does not fit is refused by name."""

from __future__ import annotations

from collections.abc import Iterable
from operator import index
from typing import Any

from numpy.typing import NDArray

from impl.errors import InvalidShape

Arrays = dict[str, NDArray[Any]]


def integer(name: str, value: object) -> int:
    """``value`` as an integer; InvalidShape for what is none and for what does not fit into 64 bits."""
    try:
        number = index(value)  # type: ignore[arg-type]
    except TypeError:
        raise InvalidShape(f"{name} must be an integer, got {type(value).__name__}") from None
    if not -(2**63) <= number < 2**63:
        raise InvalidShape(f"{name} must fit into 64 bits, got one of {number.bit_length()}")
    return number


def string(name: str, value: object) -> str:
    """``value`` as a string; InvalidShape for anything else."""
    if not isinstance(value, str):
        raise InvalidShape(f"{name} must be a string, got {type(value).__name__}")
    return str(value)


def strings(name: str, values: object) -> tuple[str, ...]:
    """``values`` as strings; InvalidShape for what is no collection of strings (a string is none)."""
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise InvalidShape(f"{name} must be strings, got {type(values).__name__}")
    try:
        return tuple(string(f"{name}[{at}]", value) for at, value in enumerate(values))
    except TypeError:  # an array without dimensions
        raise InvalidShape(f"{name} must be strings, got one {type(values).__name__}") from None
