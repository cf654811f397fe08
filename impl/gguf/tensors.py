"""Tensor descriptors of a GGUF file, and the checks that their byte ranges are sound."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import Final

from impl.errors import MalformedFile, UnsupportedOperation
from impl.ggml_types import GGML_TYPES, NAMED_ONLY, described
from impl.gguf.cursor import Cursor

MAX_DIMS: Final = 4
MAX_NAME_BYTES: Final = 64
MAX_TENSORS: Final = 2**17
"""A mixture of 61 layers with 256 experts, none of them stacked, has 47,000."""

_MAX_ELEMENTS: Final = 2**63 - 1
_LEAST_DESCRIPTOR_BYTES: Final = 8 + 1 + 4 + 8 + 4 + 8


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """Where one tensor lies and what it is.

    ggml_dims: as stored, the contiguous dimension first. shape: the same reversed, row-major, as NumPy
    counts. qtype: ggml type. offset: from the start of the FILE, in bytes. byte_size: of all rows, in bytes.
    """

    name: str
    ggml_dims: tuple[int, ...]
    qtype: int
    offset: int
    byte_size: int

    @property
    def shape(self) -> tuple[int, ...]:
        """Row-major dimensions: the contiguous one last."""
        return self.ggml_dims[::-1]

    @property
    def num_elements(self) -> int:
        """Product of the dimensions."""
        return prod(self.ggml_dims)


def tensor_count(cursor: Cursor) -> int:
    """The number of tensors, as the header says."""
    return cursor.count(_LEAST_DESCRIPTOR_BYTES, "tensor count", MAX_TENSORS)


def read_descriptors(cursor: Cursor, count: int) -> dict[str, TensorInfo]:
    """``count`` descriptors by name, in file order; offsets are still relative to the data section."""
    tensors: dict[str, TensorInfo] = {}
    for _ in range(count):
        at = cursor.at
        tensor = _read_descriptor(cursor)
        if tensor.name in tensors:
            raise MalformedFile(f"byte {at} (tensor name)", "each name once", f"{tensor.name!r} a second time")
        tensors[tensor.name] = tensor
    return tensors


def _read_descriptor(cursor: Cursor) -> TensorInfo:
    at = cursor.at
    name = cursor.string("tensor name")
    if not 1 <= len(name.encode()) <= MAX_NAME_BYTES:
        raise MalformedFile(f"byte {at} (tensor name)", f"1 to {MAX_NAME_BYTES} bytes", f"{len(name.encode())}")
    place = f"tensor {name!r}"
    n_dims = cursor.u32(f"number of dimensions of {place}")
    if not 1 <= n_dims <= MAX_DIMS:
        raise MalformedFile(place, f"1 to {MAX_DIMS} dimensions", str(n_dims))
    dims = tuple(cursor.u64(f"dimensions of {place}") for _ in range(n_dims))
    if 0 in dims:
        raise MalformedFile(place, "dimensions of at least 1", f"{list(dims)}")
    if prod(dims) > _MAX_ELEMENTS:
        raise MalformedFile(place, "fewer than 2^63 elements", f"dimensions {list(dims)}")
    qtype = cursor.u32(f"type of {place}")
    known = GGML_TYPES.get(qtype)
    if qtype in NAMED_ONLY:
        raise UnsupportedOperation("read_gguf", f"{place} has type {described(qtype)}, whose blocks are not read here")
    if known is None:
        raise MalformedFile(place, f"a known tensor type ({', '.join(map(str, GGML_TYPES))})", str(qtype))
    if dims[0] % known.block_size:
        raise MalformedFile(place, f"rows of a multiple of {known.block_size} values ({known.name})", f"{dims[0]}")
    offset = cursor.u64(f"offset of {place}")
    return TensorInfo(name, dims, qtype, offset, prod(dims) // known.block_size * known.block_bytes)


def placed(tensors: dict[str, TensorInfo], data_start: int, alignment: int, file_size: int) -> dict[str, TensorInfo]:
    """The same descriptors with offsets from the start of the file.

    Refuses offsets that are not aligned, ranges that leave the file (in exact integers, so nothing wraps
    around), and tensors that share bytes.
    """
    located = {}
    for name, tensor in tensors.items():
        place = f"tensor {name!r}"
        if tensor.offset % alignment:
            raise MalformedFile(place, f"an offset that is a multiple of {alignment}", str(tensor.offset))
        start = data_start + tensor.offset
        end = start + tensor.byte_size
        if end > file_size:
            raise MalformedFile(
                place, f"data inside the file of {file_size} bytes", f"{tensor.byte_size} bytes at {start}"
            )
        located[name] = TensorInfo(name, tensor.ggml_dims, tensor.qtype, start, tensor.byte_size)
    for before, after in pairwise(sorted(located.values(), key=lambda tensor: tensor.offset)):
        if before.offset + before.byte_size > after.offset:
            raise MalformedFile(
                f"tensor {after.name!r}",
                f"data behind that of {before.name!r}, which ends at {before.offset + before.byte_size}",
                f"offset {after.offset}",
            )
    return located
