"""Quantised tensors as bytes, and the numbers in their blocks."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.language.dtypes import DTYPES
from harness.language.formats import BlockFormat, field_count


def field(format_: BlockFormat, raw: np.ndarray, name: str) -> np.ndarray:
    """One field of blocks raw[..., size]: shape [..., n], or [...] for a single number. A copy.

    Numbers of four bits lie two in a byte, the one in the low bits first.
    """
    dtype, first, last = format_.fields[name]
    part = np.ascontiguousarray(raw[..., first:last])
    if DTYPES[dtype].bits == 4:
        part = np.stack([part & 15, part >> 4], -1).reshape(*part.shape[:-1], -1)
    part = part.view(DTYPES[dtype].numpy)
    return part[..., 0] if part.shape[-1] == 1 else part


def set_field(format_: BlockFormat, raw: np.ndarray, name: str, values: np.ndarray) -> None:
    """Write one field of blocks in place; one number for a block stands for all of a field of several."""
    dtype, first, last = format_.fields[name]
    if values.ndim == raw.ndim - 1:
        values = np.repeat(values[..., None], field_count(dtype, first, last), axis=-1)
    stored: np.ndarray = np.ascontiguousarray(values.astype(DTYPES[dtype].numpy)).view(np.uint8)
    if DTYPES[dtype].bits == 4:
        stored = (stored[..., ::2] & 15) | (stored[..., 1::2] << 4)
    raw[..., first:last] = stored


KEPT = 1 << 21  # bytes of a part that is kept with its tensor: decoded it takes thirty times as many


@dataclass(frozen=True)
class Packed:
    """A quantised tensor: format, logical shape (rows of `shape[-1]` values), blocks[..., rows, blocks, bytes]."""

    format: BlockFormat
    shape: tuple[int, ...]
    raw: np.ndarray = dataclasses.field(repr=False)
    label: str = ""  # the type name shown to a subject, where a claim changed it
    cache: dict[Any, Any] = dataclasses.field(default_factory=dict, repr=False, compare=False)

    @staticmethod
    def of(format_: BlockFormat, shape: tuple[int, ...], data: Any) -> Packed:
        """From flat bytes as stored in a file."""
        blocks = format_.blocks_per_row(shape[-1])
        flat = np.frombuffer(data, np.uint8) if not isinstance(data, np.ndarray) else data
        return Packed(format_, tuple(shape), flat.reshape(*shape[:-1], blocks, format_.size))

    @staticmethod
    def drawn(format_: BlockFormat, shape: tuple[int, ...], raw: np.ndarray) -> Packed:
        """From new blocks. The bytes that a subject gets are the same memory: a run keeps hundreds of tensors."""
        data = raw.tobytes()
        blocks = np.frombuffer(data, np.uint8).reshape(raw.shape)
        return Packed(format_, shape, blocks, cache={"subject": (format_.name, shape, data)})

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
            view = raw.reshape(-1).data if not raw.flags.writeable and raw.flags.c_contiguous else None
            data = view if view is not None and raw.nbytes > 1 << 20 else raw.tobytes()
            self.cache["subject"] = (self.dtype, self.shape, data)
        return self.cache["subject"]

    def forget(self) -> None:
        """Drop what has been decoded."""
        kept = self.cache.get("subject")
        self.cache.clear()
        if kept is not None:
            self.cache["subject"] = kept

    def take(self, index: tuple[Any, ...]) -> Packed:
        """Leading axes indexed; the last axis stays whole.

        The part that was taken last is kept, so that what is decoded of it is not decoded again: the stages of a claim
        and the falsifiers of a domain ask for the same experts.
        """
        asked = tuple((part.shape, part.tobytes()) if isinstance(part, np.ndarray) else repr(part) for part in index)
        if self.cache.get("asked") != asked:
            lead = np.empty(self.shape[:-1], np.bool_)[index].shape
            part = Packed(self.format, (*lead, self.shape[-1]), self.raw[index], self.label)
            if part.nbytes > KEPT:
                return part
            self.cache.update(asked=asked, taken=part)
        return self.cache["taken"]

    def relabelled(self, name: str) -> Packed:
        _, shape, data = self.for_subject()
        return Packed(self.format, self.shape, self.raw, name, {"subject": (name, shape, data)})

    def scaled(self, factor: int) -> Packed:
        """Every block scale times a power of two; exact while the scales neither overflow nor are subnormal."""
        raw = self.raw.copy()
        for name in self.format.scales:
            set_field(self.format, raw, name, field(self.format, self.raw, name).astype(np.float64) * factor)
        return Packed(self.format, self.shape, raw, self.label)
