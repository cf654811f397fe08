"""A GGUF file as a whole: header, metadata, descriptors, and the bytes they describe."""

from __future__ import annotations

import mmap
from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Final

from impl.errors import InvalidShape, MalformedFile, UnsupportedOperation
from impl.gguf.cursor import Cursor
from impl.gguf.metadata import (
    UINT32,
    VALUE_TYPE_NAMES,
    ArrayValue,
    MetadataEntry,
    Nested,
    Scalar,
    array_items,
    metadata_count,
    read_metadata,
)
from impl.gguf.tensors import TensorInfo, placed, read_descriptors, tensor_count

MAGIC: Final = b"GGUF"
VERSIONS: Final = (2, 3)
DEFAULT_ALIGNMENT: Final = 32
_LEAST_ALIGNMENT: Final = 8


@dataclass(frozen=True, slots=True)
class GGUFModel:
    """What a GGUF file says, over its bytes.

    tensors: by name, in file order, with absolute offsets into ``data``. data: the whole file, read-only.
    """

    version: int
    alignment: int
    metadata: Mapping[str, MetadataEntry]
    tensors: Mapping[str, TensorInfo]
    data: memoryview = field(repr=False)

    @classmethod
    def from_path(cls, path: str | PathLike[str]) -> GGUFModel:
        """Map a file and read its descriptors; the map lives as long as something refers to ``data``.

        Raises MalformedFile or UnsupportedOperation, which name the path, and OSError where the file cannot be opened.
        """
        with Path(path).open("rb") as file:
            empty = file.seek(0, 2) == 0  # which cannot be mapped
            mapped = b"" if empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        try:
            return cls.from_bytes(mapped)
        except MalformedFile as error:
            raise MalformedFile(f"{Path(path)}: {error.place}", error.expected, error.got) from None
        except UnsupportedOperation as error:
            raise UnsupportedOperation(error.operation, f"{Path(path)}: {error.reason}") from None

    @classmethod
    def from_bytes(cls, data: bytes | bytearray | memoryview | mmap.mmap) -> GGUFModel:
        """Read a file that is already in memory. Raises MalformedFile or UnsupportedOperation."""
        view = memoryview(data).cast("B").toreadonly()
        cursor = Cursor(view)
        version = _read_version(cursor)
        tensors_expected = tensor_count(cursor)
        metadata = read_metadata(cursor, metadata_count(cursor))
        alignment = _alignment(metadata)
        descriptors = read_descriptors(cursor, tensors_expected)
        data_start = -(-cursor.at // alignment) * alignment
        return cls(version, alignment, metadata, placed(descriptors, data_start, alignment, len(view)), view)

    def tensor(self, name: str) -> TensorInfo:
        """The descriptor of ``name``; InvalidShape where there is none (the original's class for it)."""
        try:
            return self.tensors[name]
        except KeyError:
            raise InvalidShape(f"Tensor '{name}' not found") from None

    def scalar(self, key: str) -> Scalar | None:
        """The value of ``key``, or None where it is missing or an array."""
        entry = self.metadata.get(key)
        return None if entry is None or isinstance(entry.value, ArrayValue) else entry.value

    def array(self, key: str) -> Nested | None:
        """The elements of the array ``key``, read now, or None where it is missing or no array."""
        entry = self.metadata.get(key)
        if entry is None or not isinstance(entry.value, ArrayValue):
            return None
        return array_items(self.data, entry.value, key)


def _read_version(cursor: Cursor) -> int:
    magic = cursor.bytes(4, "magic")
    if magic != MAGIC:
        raise MalformedFile("byte 0 (magic)", repr(MAGIC), repr(magic))
    version = cursor.u32("version")
    if version in VERSIONS:
        return version
    swapped = int.from_bytes(version.to_bytes(4, "little"), "big")
    got = f"version {swapped} in big-endian order" if swapped in (1, *VERSIONS) else str(version)
    raise MalformedFile("byte 4 (version)", " or ".join(map(str, VERSIONS)), got)


def _alignment(metadata: Mapping[str, MetadataEntry]) -> int:
    entry = metadata.get("general.alignment")
    if entry is None:
        return DEFAULT_ALIGNMENT
    if entry.value_type != UINT32 or not isinstance(entry.value, int):
        raise MalformedFile("metadata 'general.alignment'", "a uint32", f"a {VALUE_TYPE_NAMES[entry.value_type]}")
    # The format asks for a multiple of 8, ggml for a power of two as well.
    if entry.value < _LEAST_ALIGNMENT or entry.value & (entry.value - 1):
        raise MalformedFile(
            "metadata 'general.alignment'", f"a power of two of at least {_LEAST_ALIGNMENT}", str(entry.value)
        )
    return entry.value
