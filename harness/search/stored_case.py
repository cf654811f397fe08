"""A case as data: its arrays encoded for JSON, and decoded again within limits, checked against the contract.

A stored case comes from outside: what does not fit the contract is refused before memory is taken for it.
"""

from __future__ import annotations

import base64
import math
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from harness.findings import HandledError, nearest
from harness.language.dtypes import BYTE, DTYPES, name_of
from harness.language.packed import Packed
from harness.printable import printable
from harness.program.case import Case
from harness.program.integers import integer
from harness.program.limits import LARGEST_CASE
from harness.program.model import InputProgram, Program
from harness.search.array_text import show, show_bytes


def encode(value: Any) -> dict[str, Any]:
    """An array or tensor as data: its type and shape, its bytes (zlib, base64), and as text for readers."""
    if isinstance(value, Packed):
        used = int(np.count_nonzero(value.raw.reshape(-1, value.raw.shape[-1]).any(axis=1)))
        blocks = int(np.prod(value.raw.shape[:-1]))
        shown = f"{blocks} {'block' if blocks == 1 else 'blocks'}, {used} not zero"
        return {"dtype": value.dtype, "format": value.format.name, "shape": list(value.shape), "shown": shown,
                "data": _compressed(value.raw.tobytes())}  # fmt: skip
    name = name_of(value.dtype)
    return {"dtype": name, "shape": list(value.shape), "shown": _shown(value, name),
            "data": _compressed(value.tobytes())}  # fmt: skip


def _shown(value: np.ndarray, dtype: str) -> str:
    return show_bytes(value) if dtype == BYTE.name else show(value, stored=True)


def _compressed(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data, 9)).decode()


def _decompressed(text: Any, size: int) -> bytes:
    """The `size` bytes of an array; HandledError for data of any other size, of which no more is unpacked."""
    try:
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(base64.b64decode(str(text), validate=True), size + 1)
    except (ValueError, zlib.error) as error:
        raise HandledError(f"not a stored case: damaged array data ({error})") from None
    if len(data) > size or (len(data) == size and unpacker.unconsumed_tail):
        raise HandledError(f"not a stored case: an array of more than the {size} bytes of its shape")
    if len(data) != size or not unpacker.eof or unpacker.unused_data:
        raise HandledError(f"not a stored case: an array of {len(data)} bytes, expected {size}")
    return data


def decode_case(program: Program, stored: Mapping[str, Any]) -> Case:
    """The case of a counterexample; HandledError where the data does not fit the contract."""
    try:
        dimensions = {str(name): _whole(name, value) for name, value in stored["dimensions"].items()}
        missing = sorted(set(program.dimensions) - set(dimensions))
        if missing:
            raise HandledError(f"not a stored case: it has no {', '.join(missing)}")
        left = LARGEST_CASE
        inputs: dict[str, Any] = {}
        for name, part in stored["inputs"].items():
            if name not in program.inputs:
                raise HandledError(f"{program.id} has no input {name!r}; {nearest(name, program.inputs)}")
            shape = _shape(program.inputs[name], name, part, dimensions)
            size = _size(program, name, part, shape)
            left -= size
            if left < 0:
                raise HandledError(f"not a stored case: its arrays would take more than {LARGEST_CASE >> 20} MiB")
            inputs[name] = _array(program, part, shape, _decompressed(part["data"], size))
            _check_range(program.inputs[name], inputs[name], dimensions)
        memory, recipe = str(stored.get("memory", "")), str(stored.get("recipe", ""))
        return Case(dimensions, inputs, dict(stored.get("table", {})), {}, recipe, memory)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise HandledError(f"not a stored case: {type(error).__name__}: {printable(str(error))}") from None


def _whole(name: Any, value: Any) -> int:
    """A size as JSON holds it; HandledError for anything but a whole number, such as 1.5 or true."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise HandledError(f"not a stored case: {name} is {printable(repr(value), 40)}, expected a whole number")
    return value


def _shape(
    declared: InputProgram, name: str, part: Mapping[str, Any], dimensions: Mapping[str, int]
) -> tuple[int, ...]:
    """The stored shape; HandledError if it is not the one that the contract gives the input in this case."""
    shape = tuple(_whole(f"an axis of {name}", size) for size in part["shape"])
    expected = tuple(integer(size, dimensions) for size in declared.shape)
    if shape != expected or any(size < 0 for size in shape):
        raise HandledError(f"not a stored case: {name} has the shape {shape}, the contract says {expected}")
    return shape


def _check_range(declared: InputProgram, value: Any, dimensions: Mapping[str, int]) -> None:
    """HandledError if a number lies beyond the range of an input: a kernel may read wherever it points."""
    ends = declared.ends(dimensions)
    if ends is not None and value.size and (value.min() < ends[0] or value.max() > ends[1]):
        got, (low, high) = f"{value.min()} to {value.max()}", ends
        raise HandledError(f"not a stored case: {declared.name} has numbers from {got}, its range is {low} to {high}")


def _size(program: Program, name: str, part: Mapping[str, Any], shape: tuple[int, ...]) -> int:
    """The size of an array in bytes; HandledError if its type is not one that the contract reads there."""
    declared = program.inputs[name]
    stored, read = part.get("format", part["dtype"]), declared.dtypes
    if stored not in read or ("format" in part) != bool(declared.formats):
        raise HandledError(f"{name} is stored as {stored!r}, {program.id} reads {' or '.join(read)}")
    if not declared.formats:
        return math.prod(shape) * DTYPES[stored].bytes
    format_ = program.formats[stored]
    return math.prod(shape[:-1]) * format_.blocks_per_row(shape[-1]) * format_.size


def _array(program: Program, part: Mapping[str, Any], shape: tuple[int, ...], data: bytes) -> Any:
    if "format" not in part:
        return np.frombuffer(data, DTYPES[part["dtype"]].numpy).reshape(shape).copy()
    packed = Packed.of(program.formats[part["format"]], shape, data)
    return packed if part["dtype"] == packed.format.name else packed.relabelled(str(part["dtype"]))
