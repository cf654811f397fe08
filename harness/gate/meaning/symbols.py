"""Integer expressions entry by entry, as expressions of the stored numbers that each entry is made of.

An entry of `(s[8:12] & 15) | ((s[0:4] >> 6) << 4)` is made of two bytes, whichever they are. So the expression is
evaluated once on symbols; entries that are alike but for which byte they read are one expression; and two of those
are compared on every value that their bytes can have. Where that is too many the comparison is left to cases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.language.dtypes import DTYPES
from harness.language.evaluate import Value
from harness.language.operators import INTEGER, TRUTH, UNARY

ENTRIES = 8192  # of one array of symbols


class NotSymbolic(Exception):
    """Something that is no integer expression of stored integers, or too large."""


@dataclass(frozen=True)
class Stored:
    """One stored integer: entry `index` of a field or input, with its type."""

    name: str
    index: tuple[int, ...]
    dtype: str

    def __str__(self) -> str:
        return f"{self.name}[{', '.join(map(str, self.index))}]" if self.index else self.name


@dataclass(frozen=True)
class Term:
    """An operator on terms, stored integers and numbers."""

    op: str
    parts: tuple[Any, ...]


Entry = Term | Stored | int


class Symbolic:
    """Evaluates on arrays of terms; everything else raises NotSymbolic."""

    key = "symbolic"

    def literal(self, value: int | float) -> Value:
        if isinstance(value, int):
            return value
        raise NotSymbolic("a real number")

    def given(self, value: Any) -> Value:
        if isinstance(value, int | np.integer):
            return int(value)
        if isinstance(value, np.ndarray) and value.dtype == object:
            return value
        raise NotSymbolic("no integers")

    def binary(self, op: str, left: Value, right: Value) -> Value:
        if op not in INTEGER:
            raise NotSymbolic(op)

        def join(a: Entry, b: Entry) -> Entry:
            if isinstance(a, int) and isinstance(b, int):
                return int(INTEGER[op](a, b))
            return Term(op, (a, b))

        return _entrywise(join, left, right)

    def unary(self, op: str, value: Value) -> Value:
        if UNARY[op].gives == TRUTH:
            raise NotSymbolic(op)

        def turn(a: Entry) -> Entry:
            return UNARY[op].apply(a) if isinstance(a, int) else Term(op, (a,))

        return _entrywise(turn, value)

    def compare(self, op: str, left: Value, right: Value) -> Value:
        del left, right
        raise NotSymbolic(op)

    def logic(self, op: str, parts: list[Value]) -> Value:
        del parts
        raise NotSymbolic(op)

    def index(self, value: Value, items: tuple[Any, ...]) -> Value:
        if any(isinstance(item, np.ndarray | Term | Stored) for item in items):
            raise NotSymbolic("an index that is computed")
        return array_of(value)[items]

    def whole(self, value: Value) -> Any:
        return value

    def call(self, name: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        match name:
            case "reshape":
                return array_of(arguments[0]).reshape([int(size) for size in arguments[1:]])
            case "stack":
                return np.stack([array_of(part) for part in arguments], keywords.get("axis", -1))
            case "concat":
                return np.concatenate([array_of(part) for part in arguments], keywords.get("axis", -1))
            case "transpose":
                return array_of(arguments[0]).T
            case "arange" if int(arguments[0]) <= ENTRIES:
                return np.array([int(i) for i in range(int(arguments[0]))], object)
            case "len":
                return array_of(arguments[0]).shape[int(arguments[1]) if len(arguments) > 1 else 0]
        raise NotSymbolic(name)


def array_of(value: Value) -> Any:
    """A value as an array; a single entry as one without axes."""
    if isinstance(value, np.ndarray):
        return value
    holder = np.empty((), object)
    holder[()] = value
    return holder


def _entrywise(function: Callable[..., Entry], *values: Value) -> Any:
    arrays = np.broadcast_arrays(*(array_of(value) for value in values))
    result = np.empty(arrays[0].shape, object)
    for place in np.ndindex(result.shape):
        result[place] = function(*(array[place] for array in arrays))
    return result if result.ndim else result[()]


def stored_array(name: str, shape: tuple[int, ...], dtype: str) -> np.ndarray:
    """An array of stored integers as symbols; NotSymbolic for other types, and where it is large."""
    if dtype not in DTYPES or DTYPES[dtype].is_real or int(np.prod(shape, dtype=np.int64)) > ENTRIES:
        raise NotSymbolic(f"{name} is {dtype}")
    array = np.empty(shape, object)
    for place in np.ndindex(shape):
        array[place] = Stored(name, place, dtype)
    return array
