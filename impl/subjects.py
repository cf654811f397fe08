"""The functions that contracts name, on top of the real interface of this package.

Keyword arguments in, named fresh arrays out. A quantised tensor is ``(dtype, shape, bytes)``, a plain one a
C-contiguous array. Any argument may be malformed: what comes out then is an error of ``impl.errors``.
"""

from __future__ import annotations

from math import prod
from operator import index
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from impl import blocks, experts, layer
from impl.activations import float_vector, refuse_non_finite
from impl.descriptors import QuantizedTensorRef, Qwen3MoeQuantizedLayer
from impl.errors import InvalidShape
from impl.packing import PackCache, source_tensor
from impl.router import check_top_k, read_router
from impl.router import route as routed
from impl.trace import moe_ffn_trace_layer

CLAIMS: Final = ["ggml-blocks", "expert-slices", "moe-router", "expert-swiglu", "qwen3-moe-ffn", "qwen3-moe-ffn-q8k"]

Arrays = dict[str, NDArray[Any]]

_packs = PackCache()

_NO_ROUTER: Final = QuantizedTensorRef(0, 0, 0, 0)
"""In the place of the router where an expert is run by itself."""


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
    tensor = QuantizedTensorRef(_integer("offset", offset), _integer("byte_size", byte_size), 0, 0)
    e, n = _integer("expert_id", expert_id), _integer("num_experts", num_experts)
    buffer: Any = data  # checked there
    part = experts.expert_byte_slice(tensor, buffer, e, n)
    return {"bytes": part.copy()}


def route(*, hidden: object, router: object, num_experts: object, num_experts_per_tok: object) -> Arrays:
    """Return experts [k] (int64) and weights [k] of one token; the hidden dimension is that of ``hidden``."""
    x = float_vector("route", "hidden", hidden)
    e, k = _integer("num_experts", num_experts), _integer("num_experts_per_tok", num_experts_per_tok)
    data, refs = _packs.packed({"router": source_tensor("router", router)})
    values = read_router("route", refs["router"], data, e, x.size)
    check_top_k("route", e, k)
    refuse_non_finite("route", "hidden", x)
    routing = routed("route", x, values, e, k)
    return {"experts": routing.experts, "weights": routing.weights}


def expert(**arguments: object) -> Arrays:
    """Return output [hidden] of one expert.

    Arguments: hidden, gate, up, down, expert_id, num_experts, intermediate, hidden_dim.
    """
    return {"output": _expert(**arguments).output}


def expert_stages(**arguments: object) -> Arrays:
    """Return gate, up, swiglu [intermediate] and output [hidden] of one expert; arguments as ``expert``."""
    stages = _expert(**arguments)
    return {"gate": stages.gate, "up": stages.up, "swiglu": stages.swiglu, "output": stages.output}


def forward(**arguments: object) -> Arrays:
    """Return output [hidden] of the layer.

    Arguments: hidden, router, gate, up, down, num_experts, num_experts_per_tok, intermediate, hidden_dim,
    threads.
    """
    positional, threads = _layer_arguments(**arguments)
    return {"output": layer.moe_ffn_forward_layer(*positional, threads=threads)}


def forward_with_router(**arguments: object) -> Arrays:
    """Return output [hidden], weights [k] and experts [k] (int64) of the layer; arguments as ``forward``."""
    positional, threads = _layer_arguments(**arguments)
    output, weights, ids = layer.moe_ffn_forward_layer_with_router(*positional, threads=threads)
    return {"output": output, "weights": weights, "experts": ids}


def trace(**arguments: object) -> Arrays:
    """Every stage of ``impl.layer.LayerStages`` in computation order; arguments as ``forward``."""
    positional, threads = _layer_arguments(**arguments)
    stages = moe_ffn_trace_layer(*positional, threads=threads)
    return {name: getattr(stages, name) for name in layer.LayerStages.__slots__}


def forward_q8_k(**arguments: object) -> Arrays:
    """As ``forward``, activations rounded to int8 per 256 values before every quantised product."""
    positional, threads = _layer_arguments(**arguments)
    return {"output": layer.moe_ffn_forward_layer(*positional, threads=threads, arithmetic="q8_k")}


def trace_q8_k(**arguments: object) -> Arrays:
    """As ``trace``, in the int8 arithmetic."""
    positional, threads = _layer_arguments(**arguments)
    stages = moe_ffn_trace_layer(*positional, threads=threads, arithmetic="q8_k")
    return {name: getattr(stages, name) for name in layer.LayerStages.__slots__}


def _row_products(tensor: object, x: object, arithmetic: str) -> Arrays:
    source = source_tensor("tensor", tensor)
    if len(source.shape) != 2:
        raise InvalidShape(f"tensor: expected [rows, cols], got shape {source.shape}")
    rows, cols = source.shape
    vector: Any = x  # checked there
    return {"products": experts.matvec_for_qtype(source.qtype, source.data, vector, cols, rows, arithmetic=arithmetic)}


def _expert(
    *,
    hidden: object,
    gate: object,
    up: object,
    down: object,
    expert_id: object,
    num_experts: object,
    intermediate: object,
    hidden_dim: object,
) -> experts.ExpertStages:
    data, packed = _packed_layer(None, gate, up, down)
    return experts.expert_swiglu_stages(
        float_vector("expert_swiglu_quantized", "hidden", hidden),
        packed,
        _integer("expert_id", expert_id),
        _integer("num_experts", num_experts),
        _integer("intermediate", intermediate),
        _integer("hidden_dim", hidden_dim),
        data,
    )


def _layer_arguments(
    *,
    hidden: object,
    router: object,
    gate: object,
    up: object,
    down: object,
    num_experts: object,
    num_experts_per_tok: object,
    intermediate: object,
    hidden_dim: object,
    threads: object = 1,
) -> tuple[tuple[Any, ...], int]:
    """The positional arguments of the layer functions, and the number of threads."""
    data, packed = _packed_layer(router, gate, up, down)
    dims = (
        _integer("num_experts", num_experts),
        _integer("num_experts_per_tok", num_experts_per_tok),
        _integer("intermediate", intermediate),
        _integer("hidden_dim", hidden_dim),
    )
    return (hidden, packed, *dims, data), _integer("threads", threads)


def _packed_layer(
    router: object | None, gate: object, up: object, down: object
) -> tuple[NDArray[np.uint8], Qwen3MoeQuantizedLayer]:
    named = {} if router is None else {"router": router}
    named |= {"gate_exps": gate, "up_exps": up, "down_exps": down}
    data, refs = _packs.packed({name: source_tensor(name, tensor) for name, tensor in named.items()})
    return data, Qwen3MoeQuantizedLayer(**{"router": _NO_ROUTER} | refs)


def _integer(name: str, value: object) -> int:
    try:
        return index(value)  # type: ignore[arg-type]
    except TypeError:
        raise InvalidShape(f"{name} must be an integer, got {type(value).__name__}") from None
