"""The smallest change of any result: one ulp, one bit, one, one letter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from harness.program.model import Program
from harness.teeth.saboteurs.results import one_replaced


def nudged(program: Program, function: str, returned: Mapping[str, Any], number: int) -> Mapping[str, Any]:
    """The results of a call with one of them changed as little as its kind allows."""
    return one_replaced(program, function, returned, lambda _kind: True, number, smallest_change)


def smallest_change(value: Any, number: int) -> Any:
    """Changed in place or replaced; what is no number and no text stays."""
    if isinstance(value, str | list):
        return misspelled(value, number)
    if not isinstance(value, np.ndarray):
        return value
    if value.dtype.kind == "f":
        return next_float(value, number)
    if value.dtype.kind == "b":
        return one_negated(value, number)
    if value.dtype == np.uint8:
        return bit_flipped(value, number)
    return one_beside(value, number) if value.dtype.kind in "iu" else value


def next_float(values: np.ndarray, number: int) -> np.ndarray:
    """One element replaced by the next float32 upwards."""
    place = number % values.size
    values.flat[place] = np.nextafter(values.flat[place], np.float32(np.inf))
    return values


def bit_flipped(values: np.ndarray, number: int) -> np.ndarray:
    """One bit flipped; integers wider than a byte lose one of their lowest eight."""
    values.flat[number % values.size] ^= 1 << (number // values.size % 8)
    return values


def one_beside(values: np.ndarray, number: int) -> np.ndarray:
    """One entry moved by one towards zero, or away from it if it is zero."""
    place = number % values.size
    here = int(values.flat[place])  # Python's: an unsigned one would overflow
    values.flat[place] = here + 1 if here <= 0 else here - 1
    return values


def one_negated(values: np.ndarray, number: int) -> np.ndarray:
    """One entry negated."""
    place = number % values.size
    values.flat[place] = not values.flat[place]
    return values


def misspelled(value: str | list[str], number: int) -> str | list[str]:
    """A text without one of its characters, or a list with such a text; an empty text becomes a letter."""
    if isinstance(value, list):
        place = number % len(value)
        value[place] = str(misspelled(value[place], number // len(value)))
        return value
    place = number % len(value) if value else 0
    return value[:place] + value[place + 1 :] if value else "x"
