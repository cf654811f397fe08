"""Hugging Face's Qwen3MoeSparseMoeBlock as a subject, on weights that the gguf package decodes.

Nothing of this project takes part: the block is transformers', the arithmetic torch's, the decoder gguf's.
"""

from __future__ import annotations

from functools import cache

import gguf
import numpy as np
import torch
from transformers import Qwen3MoeConfig
from transformers.models.qwen3_moe.modeling_qwen3_moe import Qwen3MoeSparseMoeBlock

torch.set_num_threads(1)  # the products are small
CLAIMS = ["moe-router", "expert-swiglu", "qwen3-moe-ffn"]
TIES = "torch.topk promises no order among equals"
REFUSALS = "it raises whatever torch raises, or computes on"
STAGES = "the block returns no stages"
DECLINES = {
    "moe-router": {
        "ROUTER-TIES": TIES, "ROUTER-SHAPE": REFUSALS, "ROUTER-K": REFUSALS, "ROUTER-FINITE": REFUSALS,
        "ROUTER-SENTENCES": REFUSALS,
    },
    "expert-swiglu": {
        "SWIGLU-STAGES": STAGES, "SWIGLU-STAGES-ROUNDED": STAGES, "SWIGLU-TWINS": STAGES, "SWIGLU-SHAPE": REFUSALS,
        "SWIGLU-SENTENCES": REFUSALS,
    },
    "qwen3-moe-ffn": {
        "FFN-STAGES": STAGES, "FFN-STAGES-ROUNDED": STAGES, "FFN-SENTENCES": REFUSALS,
        "FFN-TIES": TIES, "FFN-SHAPE": REFUSALS, "FFN-FINITE": REFUSALS,
        "FFN-THREADS": "torch divides a sum among its threads",
    },
}  # fmt: skip


@cache
def block(hidden: int, intermediate: int, experts: int, k: int) -> Qwen3MoeSparseMoeBlock:
    """A block of this size, without weights; `norm_topk_prob` is not its default."""
    config = Qwen3MoeConfig(
        hidden_size=hidden, moe_intermediate_size=intermediate, num_experts=experts, num_experts_per_tok=k,
        norm_topk_prob=True, hidden_act="silu",
    )  # fmt: skip
    return Qwen3MoeSparseMoeBlock(config).eval()


def decoded(tensor: tuple) -> torch.Tensor:
    """A quantised tensor in float32; rows are padded to whole blocks in the bytes, and cut here."""
    dtype, shape, data = tensor
    kind = gguf.GGMLQuantizationType[dtype.upper()]
    raw = np.frombuffer(data, np.uint8).reshape(*shape[:-1], -1)
    return torch.from_numpy(np.ascontiguousarray(gguf.quants.dequantize(raw, kind)[..., : shape[-1]]))


def token(x: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(x)[None]


@torch.inference_mode()
def route(*, hidden, router, num_experts, num_experts_per_tok):
    """The router alone."""
    gate = block(len(hidden), 1, num_experts, num_experts_per_tok).gate
    gate.weight.data = torch.from_numpy(router)
    _, weights, chosen = gate(token(hidden))
    return {"experts": chosen[0].numpy(), "weights": weights[0].numpy()}


def loaded(experts: int, k: int, gate, up, down, hidden: int, intermediate: int) -> Qwen3MoeSparseMoeBlock:
    """A block with the experts' weights: gate and up are one tensor there."""
    made = block(hidden, intermediate, experts, k)
    made.experts.gate_up_proj.data = torch.cat([decoded(gate), decoded(up)], 1)
    made.experts.down_proj.data = decoded(down)
    return made


@torch.inference_mode()
def expert(*, hidden, gate, up, down, expert_id, num_experts, intermediate, hidden_dim):
    """One expert with weight one."""
    made = loaded(num_experts, 1, gate, up, down, hidden_dim, intermediate)
    output = made.experts(token(hidden), torch.tensor([[expert_id]]), torch.ones(1, 1))
    return {"output": output[0].numpy()}


@torch.inference_mode()
def forward(*, hidden, router, gate, up, down, num_experts, num_experts_per_tok, intermediate, hidden_dim, threads):
    """The whole block, as transformers runs it."""
    del threads  # torch divides a sum among its threads: that is declined
    made = loaded(num_experts, num_experts_per_tok, gate, up, down, hidden_dim, intermediate)
    made.gate.weight.data = torch.from_numpy(router)
    return {"output": made(token(hidden)[None])[0, 0].numpy()}


@torch.inference_mode()
def forward_with_router(*, hidden, router, num_experts, num_experts_per_tok, **layer):
    """The block, and what its router says of the same token."""
    asked = {"hidden": hidden, "router": router, "num_experts": num_experts, "num_experts_per_tok": num_experts_per_tok}
    return forward(**asked, **layer) | route(**asked)
