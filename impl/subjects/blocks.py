"""Contracts on quantised blocks: decoding, row products, and the slices of experts."""

from __future__ import annotations

from math import prod
from typing import Any

from impl import blocks, experts
from impl.descriptors import QuantizedTensorRef
from impl.errors import InvalidShape
from impl.packing import source_tensor
from impl.subjects.arguments import Arrays, integer


def decode(*, tensor: object) -> Arrays:
    """Return values: every value of a quantised tensor, float32 of the tensor's shape."""
    source = source_tensor("tensor", tensor)
    cols = source.shape[-1] if source.shape else 0
    values = blocks.dequantise_rows(source.qtype, source.data, prod(source.shape[:-1]), cols)
    return {"values": values.reshape(source.shape)}


def row_products(*, tensor: object, x: object) -> Arrays:
    """Return products [rows] of a [rows, cols] tensor with x [cols], activations in float32."""
    return _row_products(tensor, x, "f32")


def row_products_q8_k(*, tensor: object, x: object) -> Arrays:
    """Return products [rows] of a [rows, cols] tensor with x [cols], activations rounded to int8 per 256."""
    return _row_products(tensor, x, "q8_k")


def expert_slice(*, data: object, offset: object, byte_size: object, expert_id: object, num_experts: object) -> Arrays:
    """Return bytes: uint8, the expert's part of ``data[offset : offset + byte_size]``."""
    tensor = QuantizedTensorRef(integer("offset", offset), integer("byte_size", byte_size), 0, 0)
    e, n = integer("expert_id", expert_id), integer("num_experts", num_experts)
    buffer: Any = data  # checked there
    part = experts.expert_byte_slice(tensor, buffer, e, n)
    return {"bytes": part.copy()}


def _row_products(tensor: object, x: object, arithmetic: str) -> Arrays:
    source = source_tensor("tensor", tensor)
    if len(source.shape) != 2:
        raise InvalidShape(f"tensor: expected [rows, cols], got shape {source.shape}")
    rows, cols = source.shape
    vector: Any = x  # checked there
    return {"products": experts.matvec_for_qtype(source.qtype, source.data, vector, cols, rows, arithmetic=arithmetic)}
