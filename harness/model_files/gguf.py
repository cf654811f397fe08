"""A GGUF file: its metadata, tensor descriptors and bytes.

A reader of its own, so that the oracle shares no code with an implementation. It reads what is needed (scalar metadata,
tensor descriptors) and skips arrays; every count is checked against the bytes that are left before it is believed.
Format: ggml, docs/gguf.md (little-endian, versions 2 and 3).
"""

from __future__ import annotations

import math
import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from harness.findings import HandledError

SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
STRING, ARRAY = 8, 9
TYPE_NAMES = {0: "f32", 1: "f16", 2: "q4_0", 3: "q4_1", 6: "q5_0", 7: "q5_1", 8: "q8_0", 9: "q8_1", 10: "q2_k",
              11: "q3_k", 12: "q4_k", 13: "q5_k", 14: "q6_k", 15: "q8_k", 30: "bf16"}  # fmt: skip
BLOCKS = {"f32": (1, 4), "f16": (1, 2), "bf16": (1, 2), "q4_0": (32, 18), "q4_1": (32, 20), "q5_0": (32, 22),
          "q5_1": (32, 24), "q8_0": (32, 34), "q8_1": (32, 36), "q2_k": (256, 84), "q3_k": (256, 110),
          "q4_k": (256, 144), "q5_k": (256, 176), "q6_k": (256, 210), "q8_k": (256, 292)}  # values, bytes  # fmt: skip
UINT32 = 4
LONGEST_NAME = 65_535


@dataclass(frozen=True)
class Tensor:
    """A descriptor: type name, row-major shape, position from the start of the data."""

    dtype: str
    shape: tuple[int, ...]
    offset: int


class ModelFile:
    """A GGUF file: on disk, or in memory as `data`."""

    def __init__(self, path: Path, data: bytes | mmap.mmap | None = None) -> None:
        self.path = path
        self.bytes = _mapped(path) if data is None else data
        self.at = 0
        try:
            self.metadata, self.tensors = self._read()
        except struct.error:
            raise self.damaged("ends in the middle of its header") from None
        except UnicodeDecodeError:
            raise self.damaged("has a name that is not UTF-8") from None

    def damaged(self, what: str) -> HandledError:
        return HandledError(f"{self.path}: byte {self.at}: not a usable GGUF file: {what}")

    def _take(self, code: str) -> Any:
        (value,) = struct.unpack_from(code, self.bytes, self.at)
        self.at += struct.calcsize(code)
        return value

    def _skip(self, count: int) -> None:
        if count > len(self.bytes) - self.at:
            raise self.damaged(f"{count} bytes announced, {len(self.bytes) - self.at} left")
        self.at += count

    def _text(self, longest: int | None = None) -> str:
        length = self._take("<Q")
        if longest is not None and length > longest:
            raise self.damaged(f"a name of {length} bytes")
        start = self.at
        self._skip(length)
        return self.bytes[start : self.at].decode() if longest is not None else ""

    def _count(self, count: int, least: int) -> int:
        """A number of things of at least `least` bytes each, if so many can follow."""
        if count > (len(self.bytes) - self.at) // least:
            raise self.damaged(f"{count} entries announced, room for {(len(self.bytes) - self.at) // least}")
        return count

    def _value(self, kind: int, depth: int = 0) -> Any:
        if kind in SCALARS:
            return self._take(SCALARS[kind])
        if kind == STRING:
            start = self.at
            length = self._take("<Q")
            self._skip(length)
            return self.bytes[start + 8 : self.at].decode(errors="replace") if length < LONGEST_NAME else ""
        if kind != ARRAY or depth > 4:
            raise self.damaged(f"a value of unknown type {kind}" if kind != ARRAY else "arrays nested too deeply")
        inner, count = self._take("<I"), self._take("<Q")
        if inner in SCALARS:
            self._skip(self._count(count, struct.calcsize(SCALARS[inner])) * struct.calcsize(SCALARS[inner]))
            return None
        for _ in range(self._count(count, 8)):
            self._value(inner, depth + 1) if inner != STRING else self._text()
        return None

    def _read(self) -> tuple[dict[str, Any], dict[str, Tensor]]:
        if self.bytes[:4] != b"GGUF":
            raise self.damaged(f"starts with {self.bytes[:4]!r}, expected b'GGUF'")
        self.at = 4
        version = self._take("<I")
        if version not in (2, 3):
            raise self.damaged(f"version {version}, expected 2 or 3 (little-endian)")
        tensor_count, value_count = self._take("<Q"), self._take("<Q")
        metadata: dict[str, Any] = {}
        for _ in range(self._count(value_count, 13)):
            key = self._text(LONGEST_NAME)
            if key in metadata:
                raise self.damaged(f"metadata {key!r} twice")
            kind = self._take("<I")
            if key == "general.alignment" and kind != UINT32:
                raise self.damaged(f"alignment of type {kind}, expected {UINT32}")
            metadata[key] = self._value(kind)
        described = [self._descriptor() for _ in range(self._count(tensor_count, 24))]
        alignment = metadata.get("general.alignment", 32)
        if not isinstance(alignment, int) or alignment <= 0 or alignment % 8:
            raise self.damaged(f"alignment {alignment!r}, expected a positive multiple of 8")
        start = -(-self.at // alignment) * alignment
        tensors: dict[str, Tensor] = {}
        for name, tensor in described:
            if name in tensors:
                raise self.damaged(f"tensor {name!r} twice")
            if tensor.offset % alignment:
                raise self.damaged(f"tensor {name!r} at {tensor.offset}, expected a multiple of {alignment}")
            tensors[name] = Tensor(tensor.dtype, tensor.shape, start + tensor.offset)
        self._apart(tensors)
        return metadata, tensors

    def _apart(self, tensors: Mapping[str, Tensor]) -> None:
        """No tensor begins before the one in front of it ends; of unknown types only the beginning is known."""
        end, last = 0, ""
        for name, tensor in sorted(tensors.items(), key=lambda item: item[1].offset):
            if tensor.offset < end:
                raise self.damaged(f"tensor {name!r} begins at byte {tensor.offset}, where {last!r} lies up to {end}")
            values, size = BLOCKS.get(tensor.dtype, (1, 0))
            end, last = tensor.offset + max(1, -(-math.prod(tensor.shape) * size // values)), name

    def _descriptor(self) -> tuple[str, Tensor]:
        name = self._text(LONGEST_NAME)
        rank = self._take("<I")
        if not 1 <= rank <= 4:
            raise self.damaged(f"tensor {name!r} has {rank} axes, expected 1 to 4")
        shape = tuple(reversed([self._take("<Q") for _ in range(rank)]))
        kind, offset = self._take("<I"), self._take("<Q")
        return name, Tensor(TYPE_NAMES.get(kind, f"type {kind}"), shape, offset)

    def part(self, name: str, tensor: Tensor, size: int) -> np.ndarray:
        """The bytes of a tensor, read-only and not copied."""
        if tensor.offset + size > len(self.bytes):
            raise HandledError(f"{self.path}: tensor {name!r} ends at byte {tensor.offset + size} of {len(self.bytes)}")
        return np.frombuffer(self.bytes, np.uint8, size, tensor.offset)


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
    """A whole number of the file's metadata."""
    value = file.metadata.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise HandledError(f"{file.path}: metadata {key} is {value!r}, expected a whole number")
    return value
