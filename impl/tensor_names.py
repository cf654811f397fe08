"""The GGUF names of the tensors a Qwen3-MoE feed-forward layer reads, and the names of the architecture."""

from __future__ import annotations

from typing import Final

QWEN3_MOE: Final = "qwen3_moe"

ARCHITECTURE_ALIASES: Final[dict[str, str]] = {"qwen3moe": QWEN3_MOE, QWEN3_MOE: QWEN3_MOE}
"""GGUF writes ``qwen3moe``; everything else says ``qwen3_moe``."""

MOE_TENSORS: Final[dict[str, str]] = {
    "router": "blk.{layer}.ffn_gate_inp.weight",
    "gate_exps": "blk.{layer}.ffn_gate_exps.weight",
    "up_exps": "blk.{layer}.ffn_up_exps.weight",
    "down_exps": "blk.{layer}.ffn_down_exps.weight",
}
"""By role, in the order in which the loader looks them up."""


def moe_tensor_name(role: str, layer_idx: int) -> str:
    """The GGUF name of ``role`` (a key of ``MOE_TENSORS``) in one layer."""
    return MOE_TENSORS[role].format(layer=layer_idx)
