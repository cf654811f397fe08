"""The feed-forward layer: route, run the chosen experts, add them up by their weights.

``run_tokens`` is the only implementation. Production returns its output, the trace (``impl.trace``) all of its
stages; the buffers it fills are those that any expert needs, so nothing is computed or copied for the trace's
sake. One token is the case of many with one row, and has the same bits: tokens share the reading of a weight, never
a sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from impl.activations import Floats, float_rows, float_vector, refuse_non_finite
from impl.blocks import check_arithmetic
from impl.byte_views import Buffer, byte_view
from impl.descriptors import Qwen3MoeQuantizedLayer
from impl.errors import InvalidShape
from impl.experts import check_expert_tensors
from impl.router import check_top_k, read_router, route
from impl.threads import run

_TOKENS_AT_A_TIME: Final = 256
"""Tokens that share the reading of experts: enough for some 16 per expert, and 40 MB of stages at 30B shape."""


@dataclass(frozen=True, slots=True)
class LayerStages:
    """Every stage of one token's pass, in computation order; float32 but for the ids.

    logits, probs [experts]; experts [k] (int64, by rank), weights [k]; gate, up, swiglu [k, intermediate] and
    down [k, hidden], each row one chosen expert in rank order; output [hidden]. Of many tokens: the same with
    tokens * k instead of k rows in gate to down, and [tokens] before the shape of the others.
    """

    logits: Floats
    probs: Floats
    experts: NDArray[np.int64]
    weights: Floats
    gate: Floats
    up: Floats
    swiglu: Floats
    down: Floats
    output: Floats


def run_tokens(
    owner: str,
    hidden: Floats,
    layer: Qwen3MoeQuantizedLayer,
    num_experts: int,
    num_experts_per_tok: int,
    intermediate: int,
    hidden_dim: int,
    data: Buffer,
    threads: int,
    arithmetic: str,
) -> LayerStages:
    """All stages for tokens [tokens, hidden]. ``owner`` is the public function's name, with which messages begin."""
    if hidden.shape[1] != hidden_dim:
        raise InvalidShape(f"{owner}: hidden.len() = {hidden.shape[1]} but hidden_dim = {hidden_dim}")
    view = byte_view(data)
    router = read_router(owner, layer.router, view, num_experts, hidden_dim)
    check_top_k(owner, num_experts, num_experts_per_tok)
    check_expert_tensors(
        owner,
        layer=layer,
        num_experts=num_experts,
        intermediate=intermediate,
        hidden_dim=hidden_dim,
        file_size=view.size,
    )
    if threads < 1:
        raise InvalidShape(f"{owner}: threads must be at least 1, got {threads}")
    check_arithmetic(arithmetic)
    refuse_non_finite(owner, "hidden", hidden)
    from impl.kernels.experts import run_experts

    routing = route(owner, hidden, router, num_experts, num_experts_per_tok, threads)
    tokens = hidden.shape[0]
    pairs = tokens * num_experts_per_tok
    gate, up, swiglu = np.empty((3, pairs, intermediate), np.float32)
    down = np.empty((pairs, hidden_dim), np.float32)
    output = np.empty((tokens, hidden_dim), np.float32)
    tensors = (layer.gate_exps, layer.up_exps, layer.down_exps)
    stacked = tuple(view[tensor.offset : tensor.offset + tensor.byte_size] for tensor in tensors)
    qtypes = tuple(tensor.qtype for tensor in tensors)
    run(
        run_experts, threads, 3 * pairs * intermediate * hidden_dim,
        arithmetic == "q8_k", hidden, routing.experts, routing.weights, num_experts, stacked, qtypes,
        gate, up, swiglu, down, output,
    )  # fmt: skip
    return LayerStages(routing.logits, routing.probs, routing.experts, routing.weights, gate, up, swiglu, down, output)


def run_token(owner: str, hidden: Floats, *arguments: object) -> LayerStages:
    """All stages for one token [hidden]; the other arguments are those of ``run_tokens``."""
    row = float_vector(owner, "hidden", hidden).reshape(1, -1)
    many = run_tokens(owner, row, *arguments)  # type: ignore[arg-type]
    return LayerStages(
        many.logits[0], many.probs[0], many.experts[0], many.weights[0], many.gate, many.up, many.swiglu, many.down,
        many.output[0],
    )  # fmt: skip


def moe_ffn_forward_layer(
    hidden: Floats,
    layer: Qwen3MoeQuantizedLayer,
    num_experts: int,
    num_experts_per_tok: int,
    intermediate: int,
    hidden_dim: int,
    data: Buffer,
    *,
    threads: int = 1,
    arithmetic: str = "f32",
) -> Floats:
    """One token through the layer: float32 [hidden_dim] in (after its norm), float32 [hidden_dim] out.

    The caller adds the residual; there is no shared expert. data: the file the descriptors point into.
    arithmetic: ``f32``, or ``q8_k`` for int8 activations before every expert product (the router always stays
    in float32). threads: how many may share the rows; the result has the same bits for every number.

    Raises, all but the last before anything is computed: InvalidShape: hidden's length; the router's range or
    size; k not in 1..num_experts; expert tensors that do not fit. UnsupportedOperation: a router that is not
    F32; expert tensors other than Q4_K and Q6_K; an unknown arithmetic. NonFiniteValue: an activation or a
    router logit that is not finite.
    """
    return run_token(
        "moe_ffn_forward_layer",
        hidden,
        layer,
        num_experts,
        num_experts_per_tok,
        intermediate,
        hidden_dim,
        data,
        threads,
        arithmetic,
    ).output


def moe_ffn_forward_layer_with_router(
    hidden: Floats,
    layer: Qwen3MoeQuantizedLayer,
    num_experts: int,
    num_experts_per_tok: int,
    intermediate: int,
    hidden_dim: int,
    data: Buffer,
    *,
    threads: int = 1,
    arithmetic: str = "f32",
) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """As ``moe_ffn_forward_layer``, and the routing: (output [hidden_dim], weights [k], expert ids [k])."""
    stages = run_token(
        "moe_ffn_forward_layer_with_router",
        hidden,
        layer,
        num_experts,
        num_experts_per_tok,
        intermediate,
        hidden_dim,
        data,
        threads,
        arithmetic,
    )
    return stages.output, stages.weights, stages.experts


def moe_ffn_forward_tokens(
    hidden: Floats,
    layer: Qwen3MoeQuantizedLayer,
    num_experts: int,
    num_experts_per_tok: int,
    intermediate: int,
    hidden_dim: int,
    data: Buffer,
    *,
    threads: int = 1,
    arithmetic: str = "f32",
) -> Floats:
    """Many tokens at once: float32 [tokens, hidden_dim] in and out, each row the bits of ``moe_ffn_forward_layer``.

    An expert is read once for all tokens that chose it, 256 tokens at a time; same errors as for one token, and
    InvalidShape for what is no table of at least one row.
    """
    owner = "moe_ffn_forward_tokens"
    rows = float_rows(owner, "hidden", hidden)
    if not rows.shape[0]:
        raise InvalidShape(f"{owner}: hidden has no tokens, expected at least one row of {hidden_dim}")
    refuse_non_finite(owner, "hidden", rows)
    output = np.empty(rows.shape, np.float32)
    for first in range(0, rows.shape[0], _TOKENS_AT_A_TIME):
        part = slice(first, first + _TOKENS_AT_A_TIME)
        output[part] = run_tokens(
            owner,
            rows[part],
            layer,
            num_experts,
            num_experts_per_tok,
            intermediate,
            hidden_dim,
            data,
            threads,
            arithmetic,
        ).output
    return output
