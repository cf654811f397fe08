"""A GGUF file: its metadata, tensor descriptors and bytes.

A reader of its own, so that the oracle shares no code with an implementation; what it accepts is in the contract
`gguf-container`. It reads what is needed (scalar metadata, tensor descriptors) and skips arrays; every count is checked
against the bytes that are left, and against a stated limit, before it is believed.
Format: ggml, docs/gguf.md (little-endian, versions 2 and 3).
"""

from __future__ import annotations

import math
import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from harness.findings import HandledError
from harness.model_files.tensor_types import NEWER, TYPES
from harness.printable import printable

SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<B", 10: "<Q", 11: "<q", 12: "<d"}
UINT32, BOOL, STRING, ARRAY = 4, 7, 8, 9
DEEPEST = 4  # arrays in arrays
ALIGNMENT, LEAST_ALIGNMENT = 32, 8
LONGEST_KEY, LONGEST_NAME = 65_535, 64  # bytes
MOST_ENTRIES, MOST_TENSORS, MOST_STEPS = 2**16, 2**17, 2**22
"""Limits: entries, tensors, and strings and arrays within the arrays of one file, which are skipped one by one."""
SHOWN = 80  # characters of a name in a message


class DamagedFile(HandledError):
    """The bytes break the format."""


class UnsupportedFile(HandledError):
    """A file of the format that is beyond this reader: a newer tensor type, or more things than its limits."""


@dataclass(frozen=True)
class Tensor:
    """A descriptor: type name, row-major shape, position from the start of the file, bytes of all rows."""

    dtype: str
    shape: tuple[int, ...]
    offset: int
    size: int


class ModelFile:
    """A GGUF file: on disk, or in memory as `data`."""

    def __init__(self, path: Path, data: bytes | mmap.mmap | None = None) -> None:
        self.path = path
        self.bytes = _mapped(path) if data is None else data
        self.at = 0
        self._steps = 0
        try:
            self.metadata, self.tensors = self._read()
        except struct.error:
            raise self.damaged(f"ends in the middle of its header, after {len(self.bytes)} bytes") from None

    def damaged(self, what: str) -> DamagedFile:
        return DamagedFile(f"{self.path}: byte {self.at}: not a usable GGUF file: {what}")

    def unsupported(self, what: str) -> UnsupportedFile:
        return UnsupportedFile(f"{self.path}: byte {self.at}: not supported: {what}")

    # --- values, each from the place where the last one ended -------------------------------------------------------

    def _take(self, code: str) -> Any:
        (value,) = struct.unpack_from(code, self.bytes, self.at)
        self.at += struct.calcsize(code)
        return value

    def _skip(self, count: int) -> None:
        if count > len(self.bytes) - self.at:
            raise self.damaged(f"{count} bytes announced, {len(self.bytes) - self.at} left")
        self.at += count

    def _text(self, what: str, longest: int | None = None) -> str:
        length = self._take("<Q")
        if longest is not None and not 1 <= length <= longest:
            raise self.damaged(f"a {what} of {length} bytes, expected 1 to {longest}")
        start = self.at
        self._skip(length)
        try:
            return bytes(self.bytes[start : self.at]).decode()
        except UnicodeDecodeError:
            raise self.damaged(f"a {what} that is not UTF-8") from None

    def _count(self, least: int, most: int, what: str) -> int:
        """A number of things of at least `least` bytes each, if so many can follow and are within the limit."""
        count: int = self._take("<Q")
        if count > (len(self.bytes) - self.at) // least:
            raise self.damaged(f"{count} {what} announced, room for {(len(self.bytes) - self.at) // least}")
        if count > most:
            raise self.unsupported(f"{count} {what}, of which at most {most} are read")
        return count

    def _value(self, kind: int) -> Any:
        """A value of metadata; None for an array, which is skipped."""
        if kind == ARRAY:
            return self._skip_array(1)
        if kind == STRING:
            return self._text("text")
        if kind not in SCALARS:
            raise self.damaged(f"a value of unknown type {kind}")
        value = self._take(SCALARS[kind])
        if kind == BOOL and value not in (0, 1):
            raise self.damaged(f"a truth value of {value}, expected 0 or 1")
        return bool(value) if kind == BOOL else value

    def _skip_array(self, depth: int) -> None:
        if depth > DEEPEST:
            raise self.damaged(f"arrays nested too deeply, expected at most {DEEPEST} in one another")
        inner = self._take("<I")
        if inner in SCALARS:
            width = struct.calcsize(SCALARS[inner])
            self._skip(width * self._count(width, len(self.bytes), "elements"))
        elif inner in (STRING, ARRAY):
            count = self._count(8 if inner == STRING else 12, MOST_STEPS - self._steps, "strings or arrays in arrays")
            self._steps += count
            if inner == STRING:
                self._skip_texts(count)
            else:
                for _ in range(count):
                    self._skip_array(depth + 1)
        else:
            raise self.damaged(f"an array of unknown type {inner}")

    def _skip_texts(self, count: int) -> None:
        read, data, end = struct.Struct("<Q").unpack_from, self.bytes, len(self.bytes)
        for _ in range(count):
            (length,) = read(data, self.at)
            if length > end - self.at - 8:
                raise self.damaged(f"a text of {length} bytes announced, {end - self.at - 8} left")
            self.at += 8 + length

    # --- the parts of a file ----------------------------------------------------------------------------------------

    def _read(self) -> tuple[dict[str, Any], dict[str, Tensor]]:
        self._version()
        tensors = self._count(24, MOST_TENSORS, "tensors")
        metadata = self._metadata(self._count(13, MOST_ENTRIES, "entries"))
        alignment = metadata.get("general.alignment", ALIGNMENT)
        if alignment < LEAST_ALIGNMENT or alignment & (alignment - 1):  # ggml: a power of two
            raise self.damaged(f"alignment {alignment}, expected a power of two of at least {LEAST_ALIGNMENT}")
        described = self._descriptors(tensors)
        start = -(-self.at // alignment) * alignment
        return metadata, self._placed(described, start, alignment)

    def _version(self) -> None:
        if self.bytes[:4] != b"GGUF":
            raise self.damaged(f"starts with {bytes(self.bytes[:4])!r}, expected b'GGUF'")
        self.at = 4
        version = self._take("<I")
        if version not in (2, 3):
            swapped = int.from_bytes(version.to_bytes(4, "little"), "big")
            told = f"version {swapped} in big-endian order" if swapped in (1, 2, 3) else f"version {version}"
            raise self.damaged(f"{told}, expected 2 or 3 in little-endian order")

    def _metadata(self, count: int) -> dict[str, Any]:
        metadata: dict[str, Any] = {}
        for _ in range(count):
            key = self._text("key", LONGEST_KEY)
            if key in metadata:
                raise self.damaged(f"metadata {_short(key)} twice")
            kind = self._take("<I")
            if key == "general.alignment" and kind != UINT32:
                raise self.damaged(f"alignment of type {kind}, expected {UINT32}")
            metadata[key] = self._value(kind)
        return metadata

    def _descriptors(self, count: int) -> dict[str, Tensor]:
        """By name, in the order of the file; positions from the start of the data."""
        tensors: dict[str, Tensor] = {}
        for _ in range(count):
            name, tensor = self._descriptor()
            if name in tensors:
                raise self.damaged(f"tensor {_short(name)} twice")
            tensors[name] = tensor
        return tensors

    def _descriptor(self) -> tuple[str, Tensor]:
        name = self._text("tensor name", LONGEST_NAME)
        rank = self._take("<I")
        if not 1 <= rank <= 4:
            raise self.damaged(f"tensor {_short(name)} has {rank} axes, expected 1 to 4")
        shape = tuple(reversed([self._take("<Q") for _ in range(rank)]))
        values = math.prod(shape)  # in whole numbers of Python: a product that wraps in 64 bits is a large one here
        if not 0 < values < 2**63:
            raise self.damaged(f"tensor {_short(name)} has axes {list(shape)}, expected 1 to 2^63 - 1 values")
        kind = self._take("<I")
        if kind in NEWER:
            raise self.unsupported(
                f"tensor {_short(name)} is of type {kind} ({NEWER[kind]}), whose blocks are not read"
            )
        if kind not in TYPES:
            raise self.damaged(f"tensor {_short(name)} is of unknown type {kind}")
        stored = TYPES[kind]
        if shape[-1] % stored.values:
            wanted = f"a multiple of {stored.values}, as a row is made of whole blocks of {stored.name}"
            raise self.damaged(f"tensor {_short(name)} has rows of {shape[-1]} values, expected {wanted}")
        return name, Tensor(stored.name, shape, self._take("<Q"), values // stored.values * stored.size)

    def _placed(self, described: Mapping[str, Tensor], start: int, alignment: int) -> dict[str, Tensor]:
        """The tensors with positions from the start of the file: aligned, in the file, and apart."""
        tensors = {}
        for name, tensor in described.items():
            if tensor.offset % alignment:
                raise self.damaged(f"tensor {_short(name)} at {tensor.offset}, expected a multiple of {alignment}")
            tensors[name] = Tensor(tensor.dtype, tensor.shape, start + tensor.offset, tensor.size)
        in_file = sorted(tensors.items(), key=lambda item: item[1].offset)
        for (before, first), (name, second) in pairwise(in_file):
            end = first.offset + first.size
            if second.offset < end:
                raise self.damaged(
                    f"tensor {_short(name)} begins at byte {second.offset}, where {_short(before)} lies up to {end}"
                )
        if in_file:
            self._whole(*in_file[-1])
        return tensors

    def _whole(self, name: str, last: Tensor) -> None:
        """The tensor that ends last ends within the file."""
        end, size = last.offset + last.size, len(self.bytes)
        if end > size:
            raise DamagedFile(
                f"{self.path}: truncated by {end - size} bytes: the file has {size}, its last tensor {_short(name)} "
                f"ends at byte {end}"
            )

    def part(self, tensor: Tensor) -> np.ndarray:
        """The bytes of a tensor, read-only and not copied."""
        return np.frombuffer(self.bytes, np.uint8, tensor.size, tensor.offset)


def _short(name: str) -> str:
    return printable(repr(name), SHOWN)


def _mapped(path: Path) -> mmap.mmap:
    if path.exists() and not path.is_file():
        raise HandledError(f"{path}: not a file")  # opening a pipe would wait for ever
    try:
        with path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise HandledError(f"{path}: cannot be read as a model file: {reason}") from None


def number(file: ModelFile, key: str) -> int:
    """A whole number of the file's metadata, of any width."""
    value = file.metadata.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        told = "absent" if key not in file.metadata else "an array" if value is None else printable(repr(value), SHOWN)
        raise HandledError(f"{file.path}: metadata {key} is {told}, expected a whole number")
    return value
