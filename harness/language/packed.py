"""Quantised tensors as bytes, and the block formats that say what the bytes mean.

A format comes from a contract: fields of one block and integer equations. The oracle decodes with those,
never with code of the implementation under test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from harness.language.syntax import Node

NUMPY = {
    "f16": np.dtype("<f2"), "f32": np.dtype("<f4"), "u8": np.dtype("u1"), "i8": np.dtype("i1"),
    "u16": np.dtype("<u2"), "i16": np.dtype("<i2"), "i32": np.dtype("<i4"), "i64": np.dtype("<i8"),
}  # fmt: skip


@dataclass(frozen=True, eq=False)  # by identity: formats are keys of caches
class BlockFormat:
    """`values` weights in `size` bytes. `weights`: the equation that gives them; `scales`: fields linear in them."""

    name: str
    values: int
    size: int
    fields: Mapping[str, tuple[str, int, int]]  # dtype, first byte, last byte (exclusive)
    equations: Mapping[str, Node]
    weights: str
    scales: tuple[str, ...]

    def blocks_per_row(self, columns: int) -> int:
        """Rows are padded to whole blocks."""
        return -(-columns // self.values)

    def field(self, raw: np.ndarray, name: str) -> np.ndarray:
        """One field of blocks raw[..., size]: shape [..., n], or [...] for a single number. A copy."""
        dtype, first, last = self.fields[name]
        part = np.ascontiguousarray(raw[..., first:last]).view(NUMPY[dtype])
        return part[..., 0] if part.shape[-1] == 1 else part

    def set_field(self, raw: np.ndarray, name: str, values: np.ndarray) -> None:
        """Write one field of blocks in place."""
        dtype, first, last = self.fields[name]
        if values.ndim == raw.ndim - 1:
            values = values[..., None]
        raw[..., first:last] = np.ascontiguousarray(values.astype(NUMPY[dtype])).view(np.uint8)


class NotFinite(Exception):
    """A block scale that is NaN or infinite has no value to compare with."""


@dataclass(frozen=True)
class Packed:
    """A quantised tensor: format, logical shape (rows of `shape[-1]` values), blocks[..., rows, blocks, bytes]."""

    format: BlockFormat
    shape: tuple[int, ...]
    raw: np.ndarray = field(repr=False)
    label: str = ""  # the type name shown to a subject, where a claim changed it
    cache: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @staticmethod
    def of(format_: BlockFormat, shape: tuple[int, ...], data: Any) -> Packed:
        """From flat bytes as stored in a file."""
        blocks = format_.blocks_per_row(shape[-1])
        flat = np.frombuffer(data, np.uint8) if not isinstance(data, np.ndarray) else data
        return Packed(format_, tuple(shape), flat.reshape(*shape[:-1], blocks, format_.size))

    @property
    def dtype(self) -> str:
        return self.label or self.format.name

    @property
    def nbytes(self) -> int:
        return int(self.raw.nbytes)

    def for_subject(self) -> tuple[str, tuple[int, ...], bytes | memoryview]:
        """(dtype, shape, bytes), as subjects get it. Bytes are immutable; a mapped file is passed as a view."""
        if "subject" not in self.cache:
            raw = self.raw
            view = memoryview(raw.reshape(-1)) if not raw.flags.writeable and raw.flags.c_contiguous else None
            data = view if view is not None and raw.nbytes > 1 << 20 else raw.tobytes()
            self.cache["subject"] = (self.dtype, self.shape, data)
        return self.cache["subject"]  # type: ignore[no-any-return]

    def take(self, index: tuple[Any, ...]) -> Packed:
        """Leading axes indexed; the last axis stays whole. Decoded parts are not decoded again."""
        lead = np.empty(self.shape[:-1], np.bool_)[index].shape
        return Packed(self.format, (*lead, self.shape[-1]), self.raw[index], self.label)

    def relabelled(self, name: str) -> Packed:
        return Packed(self.format, self.shape, self.raw, name)

    def scaled(self, factor: int) -> Packed:
        """Every block scale times a power of two; exact while the scales neither overflow nor are subnormal."""
        raw = self.raw.copy()
        for name in self.format.scales:
            self.format.set_field(raw, name, self.format.field(self.raw, name) * factor)
        return Packed(self.format, self.shape, raw, self.label)

    def check_scales(self) -> None:
        for name in self.format.scales:
            if not np.isfinite(self.format.field(self.raw, name)).all():
                raise NotFinite(f"a block scale {name} of a {self.format.name} tensor is not finite")
