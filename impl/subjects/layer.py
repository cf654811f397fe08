"""Contracts on the layer: routing, one expert, and the whole in both arithmetics, with and without its stages."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from impl import experts, layer
from impl.activations import float_vector, refuse_non_finite
from impl.descriptors import QuantizedTensorRef, Qwen3MoeQuantizedLayer
from impl.errors import InvalidShape
from impl.packing import PackCache, source_tensor
from impl.router import check_top_k, read_router
from impl.router import route as routed
from impl.subjects.arguments import Arrays, integer, string
from impl.trace import FIELDS, moe_ffn_trace_layer, moe_ffn_trace_stages, parse_fields

_packs = PackCache()

_NO_ROUTER: Final = QuantizedTensorRef(0, 0, 0, 0)
"""In the place of the router where an expert is run by itself."""


def route(*, hidden: object, router: object, num_experts: object, num_experts_per_tok: object) -> Arrays:
    """Return experts [k] (int64) and weights [k] of one token; the hidden dimension is that of ``hidden``."""
    x = float_vector("route", "hidden", hidden)
    e, k = integer("num_experts", num_experts), integer("num_experts_per_tok", num_experts_per_tok)
    data, refs = _packs.packed({"router": source_tensor("router", router)})
    values = read_router("route", refs["router"], data, e, x.size)
    check_top_k("route", e, k)
    refuse_non_finite("route", "hidden", x)
    routing = routed("route", x.reshape(1, -1), values, e, k)
    return {"experts": routing.experts[0], "weights": routing.weights[0]}


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
    return {name: getattr(stages, name) for name in FIELDS}


def trace_subset(*, stages: object, **arguments: object) -> Arrays:
    """Those stages of ``trace`` that are asked for, a comma-separated list; further arguments as ``forward``."""
    fields = parse_fields(string("stages", stages))
    positional, threads = _layer_arguments(**arguments)
    return moe_ffn_trace_stages(*positional, fields=fields, threads=threads)


def trace_routing(**arguments: object) -> Arrays:
    """The router's stages of ``trace`` alone."""
    return trace_subset(stages="logits,probs,experts,weights", **arguments)


def trace_experts(**arguments: object) -> Arrays:
    """The chosen experts' stages of ``trace`` alone."""
    return trace_subset(stages="gate,up,swiglu,down", **arguments)


def trace_output(**arguments: object) -> Arrays:
    """The last stage of ``trace`` alone."""
    return trace_subset(stages="output", **arguments)


def forward_q8_k(**arguments: object) -> Arrays:
    """As ``forward``, activations rounded to int8 per 256 values before every quantised product."""
    positional, threads = _layer_arguments(**arguments)
    return {"output": layer.moe_ffn_forward_layer(*positional, threads=threads, arithmetic="q8_k")}


def trace_q8_k(**arguments: object) -> Arrays:
    """As ``trace``, in the int8 arithmetic."""
    positional, threads = _layer_arguments(**arguments)
    stages = moe_ffn_trace_layer(*positional, threads=threads, arithmetic="q8_k")
    return {name: getattr(stages, name) for name in FIELDS}


def forward_among(*, token: object, **arguments: object) -> Arrays:
    """Return output [hidden] of one of many tokens that are computed together.

    Arguments: token, its number; as ``forward``, with hidden [tokens, hidden].
    """
    return _among(token, "f32", arguments)


def forward_among_q8_k(*, token: object, **arguments: object) -> Arrays:
    """As ``forward_among``, in the int8 arithmetic."""
    return _among(token, "q8_k", arguments)


def _among(token: object, arithmetic: str, arguments: dict[str, object]) -> Arrays:
    number = integer("token", token)
    positional, threads = _layer_arguments(**arguments)
    output = layer.moe_ffn_forward_tokens(*positional, threads=threads, arithmetic=arithmetic)
    if not 0 <= number < output.shape[0]:
        raise InvalidShape(f"token {number} is not one of {output.shape[0]}")
    return {"output": output[number].copy()}


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
        integer("expert_id", expert_id),
        integer("num_experts", num_experts),
        integer("intermediate", intermediate),
        integer("hidden_dim", hidden_dim),
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
        integer("num_experts", num_experts),
        integer("num_experts_per_tok", num_experts_per_tok),
        integer("intermediate", intermediate),
        integer("hidden_dim", hidden_dim),
    )
    return (hidden, packed, *dims, data), integer("threads", threads)


def _packed_layer(
    router: object | None, gate: object, up: object, down: object
) -> tuple[NDArray[np.uint8], Qwen3MoeQuantizedLayer]:
    named = {} if router is None else {"router": router}
    named |= {"gate_exps": gate, "up_exps": up, "down_exps": down}
    data, refs = _packs.packed({name: source_tensor(name, tensor) for name, tensor in named.items()})
    return data, Qwen3MoeQuantizedLayer(**{"router": _NO_ROUTER} | refs)
