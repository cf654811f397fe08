"""Metadata of a GGUF file: typed values by key. Arrays are stepped over and read only when asked for."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from impl.errors import MalformedFile
from impl.gguf.cursor import Cursor

BOOL: Final = 7
STRING: Final = 8
ARRAY: Final = 9
UINT32: Final = 4

SCALARS: Final[dict[int, struct.Struct]] = {
    0: struct.Struct("<B"),
    1: struct.Struct("<b"),
    2: struct.Struct("<H"),
    3: struct.Struct("<h"),
    UINT32: struct.Struct("<I"),
    5: struct.Struct("<i"),
    6: struct.Struct("<f"),
    BOOL: struct.Struct("<B"),
    10: struct.Struct("<Q"),
    11: struct.Struct("<q"),
    12: struct.Struct("<d"),
}

VALUE_TYPE_NAMES: Final = (
    *("uint8", "int8", "uint16", "int16", "uint32", "int32", "float32"),
    *("bool", "string", "array", "uint64", "int64", "float64"),
)

MAX_ARRAY_DEPTH: Final = 4
"""Arrays of arrays are legal, but llama.cpp reads none and no known model has one: deep is hostile."""

MAX_ENTRIES: Final = 2**16
MAX_KEY_BYTES: Final = 2**16 - 1
_LEAST_ENTRY_BYTES: Final = 8 + 4 + 1
_LEAST_ARRAY_BYTES: Final = 4 + 8

Scalar = int | float | bool | str
Nested = list["Scalar | Nested"]


@dataclass(frozen=True, slots=True)
class ArrayValue:
    """An array that was stepped over: its element type, its length, and the byte its elements start at."""

    element_type: int
    count: int
    offset: int


@dataclass(frozen=True, slots=True)
class MetadataEntry:
    """One key's value with its GGUF value type; ``value`` of an array is an ``ArrayValue``."""

    value_type: int
    value: Scalar | ArrayValue


def read_metadata(cursor: Cursor, count: int) -> dict[str, MetadataEntry]:
    """``count`` key-value pairs. Refuses empty, overlong and repeated keys and unknown value types."""
    entries: dict[str, MetadataEntry] = {}
    for _ in range(count):
        at = cursor.at
        key = cursor.string("metadata key")
        if not 1 <= len(key.encode()) <= MAX_KEY_BYTES:
            raise MalformedFile(f"byte {at} (metadata key)", f"1 to {MAX_KEY_BYTES} bytes", f"{len(key.encode())}")
        if key in entries:
            raise MalformedFile(f"byte {at} (metadata key)", "each key once", f"{key!r} a second time")
        value_type = _value_type(cursor, f"type of {key!r}")
        if value_type == ARRAY:
            entries[key] = MetadataEntry(value_type, _skip_array(cursor, key, 1))
        else:
            entries[key] = MetadataEntry(value_type, _scalar(cursor, value_type, key))
    return entries


def metadata_count(cursor: Cursor) -> int:
    """The number of pairs, as the header says."""
    return cursor.count(_LEAST_ENTRY_BYTES, "metadata count", MAX_ENTRIES)


def array_items(data: memoryview, array: ArrayValue, key: str) -> Nested:
    """The elements of an array that was stepped over; strings that are not UTF-8 are refused."""
    cursor = Cursor(data)
    cursor.at = array.offset
    return _items(cursor, array.element_type, array.count, key)


def _items(cursor: Cursor, element_type: int, count: int, key: str) -> Nested:
    if element_type == ARRAY:
        nested: Nested = []
        for _ in range(count):
            inner = _value_type(cursor, f"element type of {key!r}")
            nested.append(_items(cursor, inner, cursor.u64(f"length of {key!r}"), key))
        return nested
    return [_scalar(cursor, element_type, key) for _ in range(count)]


def _value_type(cursor: Cursor, what: str) -> int:
    at = cursor.at
    value_type = cursor.u32(what)
    if value_type >= len(VALUE_TYPE_NAMES):
        raise MalformedFile(f"byte {at} ({what})", f"a value type below {len(VALUE_TYPE_NAMES)}", str(value_type))
    return value_type


def _scalar(cursor: Cursor, value_type: int, key: str) -> Scalar:
    if value_type == STRING:
        return cursor.string(f"value of {key!r}")
    at = cursor.at
    layout = SCALARS[value_type]
    value: int | float = layout.unpack(cursor.bytes(layout.size, f"value of {key!r}"))[0]
    if value_type == BOOL:
        if value not in (0, 1):
            raise MalformedFile(f"byte {at} (value of {key!r})", "0 or 1 for a bool", str(value))
        return bool(value)
    return value


def _skip_array(cursor: Cursor, key: str, depth: int) -> ArrayValue:
    at = cursor.at
    if depth > MAX_ARRAY_DEPTH:
        raise MalformedFile(f"byte {at} (value of {key!r})", f"arrays nested at most {MAX_ARRAY_DEPTH} deep", "deeper")
    element_type = _value_type(cursor, f"element type of {key!r}")
    what = f"length of {key!r}"
    if element_type == ARRAY:
        array = ArrayValue(element_type, cursor.steps(_LEAST_ARRAY_BYTES, what), cursor.at)
        for _ in range(array.count):
            _skip_array(cursor, key, depth + 1)
    elif element_type == STRING:
        array = ArrayValue(element_type, cursor.steps(8, what), cursor.at)
        cursor.skip_strings(array.count, f"value of {key!r}")
    else:
        size = SCALARS[element_type].size
        array = ArrayValue(element_type, cursor.count(size, what), cursor.at)
        cursor.at += size * array.count
    return array
