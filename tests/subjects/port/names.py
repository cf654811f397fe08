"""What tensors and stages are called: two architectures, and the stages of a trace."""

from __future__ import annotations

from tests.subjects.port.errors import NoSuchStage, NoSuchTensor

MOE = ("Qwen3MoeForCausalLM", "Qwen3MoEForCausalLM", "Qwen3CoderForCausalLM", "Qwen3_5MoeForCausalLM", "qwen3moe",
       "qwen35moe", "qwen3_moe", "qwen3_5_moe")  # fmt: skip
LAYER = "model.layers.{n}."
# Role: the name in a GGUF file, that in a Hugging Face file, the shape, and who cannot do without it.
BOTH, LLAMA, NOBODY = ("llama", "qwen3_moe"), ("llama",), ()
SHARED = {
    "embedding": ("token_embd.weight", "model.embed_tokens.weight", "[vocab, hidden]", BOTH),
    "output_norm_weight": ("output_norm.weight", "model.norm.weight", "[hidden]", BOTH),
    "output_norm_bias": ("output_norm.bias", "", "[hidden]", NOBODY),
    "lm_head": ("output.weight", "lm_head.weight", "[vocab, hidden]", NOBODY),
    "position_embedding": ("", "", "[positions, hidden]", NOBODY),
    "attn_norm_weight": ("blk.{n}.attn_norm.weight", LAYER + "input_layernorm.weight", "[hidden]", BOTH),
    "attn_norm_bias": ("blk.{n}.attn_norm.bias", "", "[hidden]", NOBODY),
    "o_proj_weight": ("blk.{n}.attn_output.weight", LAYER + "self_attn.o_proj.weight", "[hidden, heads * head_dim]",
                      BOTH),
    "ffn_norm_weight": ("blk.{n}.ffn_norm.weight", LAYER + "post_attention_layernorm.weight", "[hidden]", BOTH),
    "ffn_norm_bias": ("blk.{n}.ffn_norm.bias", "", "[hidden]", NOBODY),
    "ffn_gate_weight": ("blk.{n}.ffn_gate.weight", LAYER + "mlp.gate_proj.weight", "[intermediate, hidden]", NOBODY),
    "ffn_up_weight": ("blk.{n}.ffn_up.weight", LAYER + "mlp.up_proj.weight", "[intermediate, hidden]", LLAMA),
    "ffn_down_weight": ("blk.{n}.ffn_down.weight", LAYER + "mlp.down_proj.weight", "[hidden, intermediate]", LLAMA),
    "fused_qkv": ("blk.{n}.attn_qkv.weight", "", "[(heads + 2 * kv_heads) * head_dim, hidden]", NOBODY),
    "fused_qkv_bias": ("blk.{n}.attn_qkv.bias", "", "[(heads + 2 * kv_heads) * head_dim]", NOBODY),
}  # fmt: skip
for part, heads in (("q", "heads"), ("k", "kv_heads"), ("v", "kv_heads")):
    there = LAYER + f"self_attn.{part}_proj.weight"
    SHARED[f"{part}_proj_weight"] = (f"blk.{{n}}.attn_{part}.weight", there, f"[{heads} * head_dim, hidden]", BOTH)
    SHARED[f"{part}_proj_bias"] = (f"blk.{{n}}.attn_{part}.bias", "", f"[{heads} * head_dim]", NOBODY)
EXPERTS = {  # Hugging Face names of qwen3_moe alone
    "attn_q_norm_weight": ("blk.{n}.attn_q_norm.weight", LAYER + "self_attn.q_norm.weight", "[head_dim]"),
    "attn_k_norm_weight": ("blk.{n}.attn_k_norm.weight", LAYER + "self_attn.k_norm.weight", "[head_dim]"),
    "ffn_gate_inp_weight": ("blk.{n}.ffn_gate_inp.weight", LAYER + "mlp.gate.weight", "[experts, hidden]"),
}
for part, axes in (("gate", "intermediate, hidden"), ("up", "intermediate, hidden"), ("down", "hidden, intermediate")):
    there = LAYER + f"mlp.experts.{{e}}.{part}_proj.weight"
    EXPERTS[f"ffn_{part}_exps_weight"] = (f"blk.{{n}}.ffn_{part}_exps.weight", there, f"[experts, {axes}]")


def normalise(*, name):
    return {"key": "qwen3_moe" if name in MOE else "llama"}


def templates(*, architecture, role):
    key = normalise(name=architecture)["key"]
    if role in SHARED:
        gguf, there, shape, needed = SHARED[role]
    else:
        gguf, there, shape = EXPERTS[role]
        needed = ("qwen3_moe",)
        there = there if key == "qwen3_moe" else ""
    return {"names": [there] if there else [], "gguf": gguf, "required": key in needed, "shape": shape,
            "stacked": "exps" in role}  # fmt: skip


def resolve(*, architecture, role, layer, expert, names):
    found = templates(architecture=architecture, role=role)
    own = [name.replace("{n}", str(layer)).replace("{e}", str(expert)) for name in found["names"]]
    gguf = [found["gguf"].replace("{n}", str(layer))] if found["gguf"] else []
    for name in (*own, *gguf, *(name.removeprefix("model.") for name in own)):
        if name in names:
            return {"name": name}
    raise NoSuchTensor(f"nothing plays the part of {role}")


STAGES = (
    "embedding", "attn_norm", "qkv_matmul", "qkv_bias", "q_post_rope", "k_post_rope", "attn_scores",
    "attn_softmax", "attention", "attn_out", "post_attn_residual", "ffn_norm", "ffn_gate", "ffn_up", "ffn_silu",
    "ffn_swigl", "ffn_out", "post_ffn_residual", "moe_router", "moe_ffn_out", "moe_router_indices", "final_norm",
    "lm_head", "moe_expert_gate", "moe_expert_up", "moe_expert_swigl", "moe_expert_out",
)  # fmt: skip


def parse_stages(*, text):
    found = []
    for word in text.lower().split(",") if text.strip() else []:
        stage = "post_ffn_residual" if word.strip() == "layer_output" else word.strip()
        if stage not in STAGES:
            raise NoSuchStage(f"stage number {len(found) + 1} of the list is none")
        found.append(stage)
    return {"stages": found}
