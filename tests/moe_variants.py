"""Qwen3-MoE files with one thing more, as the gguf package names it: what makes them another function, or does not."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np

HIDDEN, INTERMEDIATE, EXPERTS = 256, 256, 4
READ = {"ffn_gate_inp", "ffn_gate_exps", "ffn_up_exps", "ffn_down_exps"}
ABOUT_EXPERTS = ("expert", "moe", "router", "swiglu")

TENSORS = sorted(
    {f"{name.format(bid=0).removeprefix('blk.0.')}.weight" for name in gguf.TENSOR_NAMES.values()
     if name.startswith("blk.{bid}.") and not name.startswith("blk.{bid}.attn_")
     and name.removeprefix("blk.{bid}.") not in {*READ, "ffn_norm"}}
    | {f"{name}.{suffix}" for name in READ for suffix in ("bias", "scale", "input_scale", "weight.scale")}
    | {"exp_probs_b.bias", "ffn_norm.bias", "ffn_gate_tid2eid.weight", "ffn_of_a_later_day"}
)  # fmt: skip
"""Of a layer: every tensor of llama.cpp's table that is not attention's, the norm in front, or one of the four."""

KEYS = {
    "expert_gating_func": (2, 3, 0),
    "expert_weights_norm": (False, 1),  # a number is no truth value
    "expert_weights_scale": (2.5, 0.0),
    "expert_shared_count": (1,),
    "expert_shared_feed_forward_length": (512,),
    "expert_chunk_feed_forward_length": (64,),
    "expert_group_count": (8,),
    "expert_group_used_count": (4,),
    "expert_group_scale": (0.5,),
    "experts_per_group": (2,),
    "moe_every_n_layers": (2,),
    "moe_latent_size": (64,),
    "interleave_moe_layer_step": (2,),
    "leading_dense_block_count": (1,),
    "router_logit_softcapping": (30.0,),
    "swiglu_clamp_exp": ([7.0], 7.0),
    "swiglu_clamp_shexp": ([7.0],),
    "expert_of_a_later_day": (1,),
}
"""Values of keys, behind `qwen3moe.`, that ask for another function."""

HARMLESS = [
    *(("expert_gating_func", 1), ("expert_weights_norm", True), ("expert_weights_scale", 1.0)),
    *(("expert_shared_count", 0), ("expert_group_count", 1), ("leading_dense_block_count", 0)),
    *(("moe_every_n_layers", 1), ("context_length", 4096), ("attention.head_count", 4), ("rope.freq_base", 1e6)),
]

HARMLESS_TENSORS = ["blk.0.attn_norm.weight", "blk.0.attn_q.bias", "blk.0.attn_k_norm.weight", "blk.0.ffn_norm.weight",
                    "blk.1.ffn_up_shexp.weight", "blk.10.exp_probs_b.bias", "output_norm.weight", "blk.0",
                    "v.blk.0.ffn_up.weight"]  # fmt: skip


def write(path: Path, tensor: str = "", key: str = "", value: object = None) -> Path:
    """A file of one layer, with another tensor or another key."""
    writer = gguf.GGUFWriter(path, "qwen3moe")
    for name, count in (("block_count", 1), ("embedding_length", HIDDEN), ("expert_count", EXPERTS),
                        ("expert_feed_forward_length", INTERMEDIATE), ("expert_used_count", 2)):  # fmt: skip
        writer.add_uint32(f"qwen3moe.{name}", count)
    if key:
        add = {bool: writer.add_bool, int: writer.add_uint32, float: writer.add_float32, list: writer.add_array}
        add[type(value)](f"qwen3moe.{key}", value)
    writer.add_tensor("blk.0.ffn_gate_inp.weight", np.zeros((EXPERTS, HIDDEN), np.float32))
    for name in ("gate", "up", "down"):
        blocks = np.zeros((EXPERTS, HIDDEN, 144), np.uint8)
        writer.add_tensor(f"blk.0.ffn_{name}_exps.weight", blocks, raw_dtype=gguf.GGMLQuantizationType.Q4_K)
    if tensor:
        writer.add_tensor(tensor, np.ones(EXPERTS, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
