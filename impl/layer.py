"""The feed-forward layer for one token: route, run the chosen experts, add them up by their weights.

``run_layer`` is the only implementation. Production returns its output, the trace (``impl.trace``) all of its
stages; the buffers it fills are those that any expert needs, so nothing is computed or copied for the trace's
sake.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from impl.activations import Floats, float_vector, refuse_non_finite
from impl.blocks import check_arithmetic
from impl.byte_views import Buffer, byte_view
from impl.descriptors import Qwen3MoeQuantizedLayer
from impl.errors import InvalidShape
from impl.experts import ExpertStages, check_expert_tensors, run_expert
from impl.parallel import for_ranges
from impl.router import check_top_k, read_router, route

_WEIGHTS_WORTH_THREADS: Final = 2**18
"""Weights of all chosen experts below which threads cost more than they save."""


@dataclass(frozen=True, slots=True)
class LayerStages:
    """Every stage of one token's pass, in computation order; float32 but for the ids.

    logits, probs [experts]; experts [k] (int64, by rank), weights [k]; gate, up, swiglu [k, intermediate] and
    down [k, hidden], each row one chosen expert in rank order; output [hidden].
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


def run_layer(
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
    """All stages for one token. ``owner`` is the public function's name, with which its messages begin.

    Each chosen expert is computed by one thread, in the same order whatever the number of threads; the output
    adds weight * expert in rank order.
    """
    x = float_vector(owner, "hidden", hidden)
    if x.size != hidden_dim:
        raise InvalidShape(f"{owner}: hidden.len() = {x.size} but hidden_dim = {hidden_dim}")
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
    refuse_non_finite(owner, "hidden", x)

    routing = route(owner, x, router, num_experts, num_experts_per_tok)
    k = num_experts_per_tok
    gate, up, swiglu = np.empty((3, k, intermediate), np.float32)
    down = np.empty((k, hidden_dim), np.float32)

    def run_ranks(first: int, last: int) -> None:
        for rank in range(first, last):
            stages = ExpertStages(gate[rank], up[rank], swiglu[rank], down[rank])
            run_expert(
                x,
                layer=layer,
                expert_id=int(routing.experts[rank]),
                num_experts=num_experts,
                data=view,
                arithmetic=arithmetic,
                into=stages,
            )

    large = 3 * k * intermediate * hidden_dim >= _WEIGHTS_WORTH_THREADS
    for_ranges(k, threads if large else 1, run_ranks)

    output = np.zeros(hidden_dim, np.float32)
    for rank in range(k):
        output += routing.weights[rank] * down[rank]
    return LayerStages(routing.logits, routing.probs, routing.experts, routing.weights, gate, up, swiglu, down, output)


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
    in float32).

    Raises, all but the last before anything is computed: InvalidShape: hidden's length; the router's range or
    size; k not in 1..num_experts; expert tensors that do not fit. UnsupportedOperation: a router that is not
    F32; expert tensors other than Q4_K and Q6_K; an unknown arithmetic. NonFiniteValue: an activation or a
    router logit that is not finite.
    """
    return run_layer(
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
    stages = run_layer(
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
