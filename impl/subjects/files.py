"""Contracts on files: GGUF as it is read and as a layer is found in it, and APRT."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from impl import aprt
from impl.activations import float_vector
from impl.byte_views import byte_view
from impl.descriptors import QuantizedTensorRef
from impl.gguf import GGUFModel, TensorInfo
from impl.loader import load_qwen3_moe_layer
from impl.subjects.arguments import Arrays, integer

_WHOLE_MODEL = -1


def read_gguf(*, data: object) -> dict[str, Any]:
    """Return names, and offsets (from the start of the file), sizes (bytes), types (ggml): int64, one per tensor."""
    tensors = _model(data).tensors
    return {"names": list(tensors), **_descriptors(tensors.values())}


def load_layer(*, data: object, layer: object) -> Arrays:
    """Return offsets, sizes, types (int64 [4]) of a layer's router, gate, up and down in a GGUF file."""
    found = load_qwen3_moe_layer(_model(data), integer("layer", layer))
    return _descriptors((found.router, found.gate_exps, found.up_exps, found.down_exps))


def write_aprt(*, layer: object, values: object) -> Arrays:
    """Return data: uint8, a whole APRT file. layer: -1 for the whole model."""
    own = integer("layer", layer)
    body = float_vector("write_aprt", "values", values)
    data = aprt.write_aprt(None if own == _WHOLE_MODEL else own, body)
    return {"data": np.frombuffer(data, np.uint8).copy()}


def read_aprt(*, data: object) -> dict[str, Any]:
    """Return layer (-1 for the whole model) and values (float32) of an APRT file."""
    buffer: Any = data  # checked there
    layer, values = aprt.read_aprt(buffer)
    return {"layer": _WHOLE_MODEL if layer is None else layer, "values": values}


def _model(data: object) -> GGUFModel:
    buffer: Any = data  # checked there
    view: Any = byte_view(buffer)
    return GGUFModel.from_bytes(memoryview(view) if view.size else b"")  # a view without bytes cannot be cast


def _descriptors(tensors: Iterable[TensorInfo | QuantizedTensorRef]) -> Arrays:
    rows = [(tensor.offset, tensor.byte_size, tensor.qtype) for tensor in tensors]
    offsets, sizes, types = np.array(rows, np.int64).reshape(-1, 3).T.copy()
    return {"offsets": offsets, "sizes": sizes, "types": types}
