"""The layer with all of its stages."""

from __future__ import annotations

from impl.activations import Floats
from impl.byte_views import Buffer
from impl.descriptors import Qwen3MoeQuantizedLayer
from impl.layer import LayerStages, run_layer


def moe_ffn_trace_layer(
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
) -> LayerStages:
    """As ``moe_ffn_forward_layer``, with the same errors, returning every stage in computation order."""
    return run_layer(
        "moe_ffn_trace_layer",
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
