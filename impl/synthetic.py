"""Tensors laid out as a GGUF file lays them out: in memory behind descriptors, or as a real file."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import cast

import numpy as np

from impl.byte_views import Buffer, ByteArray, byte_view
from impl.descriptors import QuantizedTensorRef
from impl.errors import InvalidShape
from impl.gguf.metadata import ARRAY, BOOL, SCALARS, STRING
from impl.gguf.model import DEFAULT_ALIGNMENT, MAGIC


@dataclass(frozen=True, slots=True)
class SourceTensor:
    """A tensor to be written: ggml type, row-major shape, and its bytes as they are to lie in the file."""

    qtype: int
    shape: tuple[int, ...]
    data: Buffer = field(repr=False)


def pack_tensors(
    tensors: Mapping[str, SourceTensor], alignment: int = DEFAULT_ALIGNMENT
) -> tuple[ByteArray, dict[str, QuantizedTensorRef]]:
    """One read-only buffer with every tensor at a multiple of ``alignment``, and their descriptors.

    Copies each tensor once. Neither shapes nor sizes are checked: whoever reads the descriptors has to.
    """
    views = {name: byte_view(tensor.data) for name, tensor in tensors.items()}
    offsets, size = _offsets({name: view.size for name, view in views.items()}, alignment)
    packed = np.zeros(size, np.uint8)
    refs = {}
    for name, tensor in tensors.items():
        view = views[name]
        packed[offsets[name] : offsets[name] + view.size] = view
        refs[name] = QuantizedTensorRef(offsets[name], view.size, prod(tensor.shape), tensor.qtype, tensor.shape)
    packed.flags.writeable = False
    return packed, refs


def gguf_bytes(
    metadata: Mapping[str, tuple[int, object]],
    tensors: Mapping[str, SourceTensor],
    *,
    alignment: int = DEFAULT_ALIGNMENT,
    version: int = 3,
) -> bytes:
    """A whole GGUF file.

    metadata: (GGUF value type, value) by key; an array's value is (element type, sequence).
    ``general.alignment`` is not written by itself: give it in ``metadata`` where ``alignment`` is not 32.
    """
    data, refs = pack_tensors(tensors, alignment)
    head = [struct.pack("<4sIQQ", MAGIC, version, len(tensors), len(metadata))]
    for key, (value_type, value) in metadata.items():
        head += [_string(key), struct.pack("<I", value_type), _value(value_type, value)]
    for name, ref in refs.items():
        dims = tensors[name].shape[::-1]
        head += [_string(name), struct.pack(f"<I{len(dims)}Q", len(dims), *dims)]
        head += [struct.pack("<IQ", ref.qtype, ref.offset)]
    header = b"".join(head)
    return header + bytes(-len(header) % alignment) + data.tobytes()


def _offsets(sizes: Mapping[str, int], alignment: int) -> tuple[dict[str, int], int]:
    offsets, end = {}, 0
    for name, size in sizes.items():
        offsets[name] = -(-end // alignment) * alignment
        end = offsets[name] + size
    return offsets, end


def _string(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def _value(value_type: int, value: object) -> bytes:
    if value_type == ARRAY:
        element_type, items = cast(tuple[int, Sequence[object]], value)
        parts = [_value(element_type, item) for item in items]
        return struct.pack("<IQ", element_type, len(parts)) + b"".join(parts)
    if value_type == STRING:
        return _string(str(value))
    if value_type not in SCALARS:
        raise InvalidShape(f"no GGUF value type {value_type}")
    return SCALARS[value_type].pack(int(bool(value)) if value_type == BOOL else value)
