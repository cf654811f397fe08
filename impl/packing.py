"""Tensors as a harness hands them over, packed into one buffer behind descriptors, and remembered."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from mmap import mmap
from operator import index
from threading import Lock
from typing import Any, Final

import numpy as np

from impl.byte_views import ByteArray, byte_view
from impl.descriptors import QuantizedTensorRef
from impl.errors import InvalidShape, UnsupportedOperation
from impl.ggml_types import type_named
from impl.synthetic import SourceTensor, pack_tensors

Packed = tuple[ByteArray, dict[str, QuantizedTensorRef]]

_NUMPY_TO_GGML: Final = {
    "float32": "f32",
    "float16": "f16",
    "float64": "f64",
    "int8": "i8",
    "uint8": "i8",
    "int16": "i16",
    "int32": "i32",
    "int64": "i64",
}

_MOST_ENTRIES: Final = 8
_MOST_BYTES: Final = 2**30


def source_tensor(name: str, tensor: object) -> SourceTensor:
    """A tensor from ``(dtype, shape, bytes)`` or from a plain array.

    Raises InvalidShape for what is neither, UnsupportedOperation for a dtype that ggml does not have.
    """
    if isinstance(tensor, np.ndarray):
        plain = _NUMPY_TO_GGML.get(str(tensor.dtype))
        if plain is None:
            raise InvalidShape(f"{name}: no tensor type for an array of {tensor.dtype}")
        return _of_type(name, plain, tensor.shape, tensor if tensor.flags.c_contiguous else tensor.copy())
    if not isinstance(tensor, tuple) or len(tensor) != 3:
        raise InvalidShape(f"{name}: expected (dtype, shape, bytes) or an array, got {type(tensor).__name__}")
    dtype, shape, data = tensor
    try:
        dims = tuple(index(dim) for dim in shape)
    except TypeError:
        raise InvalidShape(f"{name}: shape must be integers, got {shape!r}") from None
    if not dims or min(dims) < 1:
        raise InvalidShape(f"{name}: dimensions must be at least 1, got {dims}")
    byte_view(data)  # refuses what is no buffer
    return _of_type(name, dtype, dims, data)


def _of_type(name: str, dtype: object, shape: tuple[int, ...], data: Any) -> SourceTensor:
    known = type_named(dtype) if isinstance(dtype, str) else None
    if known is None:
        raise UnsupportedOperation("tensor_type", f"{name}: {dtype!r} is no ggml type")
    return SourceTensor(known.qtype, shape, data)


class PackCache:
    """Packs tensors, and remembers the last few packs: a layer of a real model is hundreds of megabytes.

    A tensor whose bytes cannot change is recognised by its place in memory: the entry keeps it alive, so
    nothing else can come to lie there. One that can change is recognised by its content: a caller who writes
    into an array never gets a stale pack.
    """

    def __init__(self) -> None:
        self._packs: OrderedDict[tuple[object, ...], tuple[Packed, list[SourceTensor]]] = OrderedDict()
        self._lock = Lock()

    def packed(self, tensors: Mapping[str, SourceTensor]) -> Packed:
        """The tensors in one buffer, with a descriptor each."""
        key = tuple(_identity(name, tensor) for name, tensor in tensors.items())
        with self._lock:
            entry = self._packs.get(key)
            if entry is not None:
                self._packs.move_to_end(key)
                return entry[0]
        made = pack_tensors(tensors)
        with self._lock:
            self._packs[key] = made, list(tensors.values())
            while len(self._packs) > 1 and (
                len(self._packs) > _MOST_ENTRIES or sum(pack[0].size for pack, _ in self._packs.values()) > _MOST_BYTES
            ):
                self._packs.popitem(last=False)
        return made


def _identity(name: str, tensor: SourceTensor) -> tuple[object, ...]:
    view = byte_view(tensor.data)
    place = (view.__array_interface__["data"][0], view.size)
    return name, tensor.qtype, tensor.shape, place if _never_changes(tensor.data) else view.tobytes()


def _never_changes(data: object) -> bool:
    """Whether nobody can write to these bytes: they belong to a ``bytes`` object or a read-only map."""
    if isinstance(data, bytes):
        return True
    if isinstance(data, mmap):
        return memoryview(data).readonly
    if isinstance(data, memoryview):
        return data.readonly and _never_changes(data.obj)
    if isinstance(data, np.ndarray):
        return not data.flags.writeable and _never_changes(data.base)
    return False
