"""The table: roles down, architectures across, as in the contract ``tensor-names`` of the original engine.

Each role has one GGUF template for all architectures, a shape, the architectures that require it, and its Hugging Face
templates by architecture, separated by spaces, in the order in which they are tried. An architecture without an entry
has no Hugging Face name for the role. ``LL`` stands for the nine architectures that share Llama's names.

Shapes are row-major, the outermost dimension first, as NumPy counts: a matrix that maps hidden to vocab is
[vocab, hidden]. GGUF files store the same dimensions in reverse.

Where this table departs from the original: qwen3_moe has names for every role, not for its experts alone (those of
layers without experts among them, which some models mix in); QK norms are required where the architecture has them; the
fused QKV is required, and the separate projections are not, where only the fused one has names; the router is
[experts, hidden], not its reverse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from impl.tensor_names.aliases import ARCHITECTURES

LL: Final = "llama qwen2 qwen3 qwen3_moe mistral gemma phi deepseek stablelm"

GLOBAL, LAYER, FUSED, EXPERT = "global", "layer", "fused", "expert"


@dataclass(frozen=True, slots=True)
class Role:
    """What a tensor is for.

    kind: global (one in the model), layer (one per layer), fused (one per layer, in place of several), expert (one
    GGUF tensor per layer that stacks one Hugging Face tensor per expert, experts outermost). gguf: template, empty
    where GGUF has none. shape: of the GGUF tensor, in dimension names. required: architectures that cannot do without
    it. names: Hugging Face templates by architecture.
    """

    kind: str
    gguf: str
    shape: tuple[str, ...]
    required: frozenset[str]
    names: Mapping[str, tuple[str, ...]]


_EVERY: Final = frozenset(ARCHITECTURES)
_NONE: Final = frozenset[str]()
_QK_NORMED: Final = frozenset({"qwen3", "qwen3_moe"})
_SPARSE: Final = frozenset({"qwen3_moe"})
_FUSED: Final = frozenset({"gpt2", "gpt_neox"})

STORED_TRANSPOSED: Final[Mapping[str, frozenset[str]]] = {
    "gpt2": frozenset({"fused_qkv", "o_proj_weight", "ffn_up_weight", "ffn_down_weight"}),
}
"""Roles by architecture whose Hugging Face tensor is the transpose of the GGUF one: GPT-2's Conv1D is [in, out]."""


def _role(kind: str, gguf: str, shape: str, required: frozenset[str], names: Mapping[str, str]) -> Role:
    rows = {key: tuple(row.split()) for keys, row in names.items() for key in keys.split()}
    return Role(kind, gguf, tuple(shape.split(", ")), required, rows)


def _family(
    members: tuple[Mapping[str, str], ...],
    role: str,
    kind: str,
    gguf: str,
    shape: str,
    required: frozenset[str],
    names: Mapping[str, str],
) -> dict[str, Role]:
    """Roles that differ by a word or two: each member says what to put for ``<q>`` and the like."""

    def of(member: Mapping[str, str], text: str) -> str:
        for mark, word in member.items():
            text = text.replace(mark, word)
        return text

    return {
        of(member, role): _role(
            kind, of(member, gguf), of(member, shape), required, {keys: of(member, row) for keys, row in names.items()}
        )
        for member in members
    }


# Falcon's projections are one tensor; the original offers it as the last name of the query's, so this table does.
_FALCON_QKV: Final = "transformer.h.{n}.self_attention.query_key_value.weight"

_QUERY = {"<q>": "q", "<query>": "query", "<rows>": "heads * head_dim", "<or fused>": " " + _FALCON_QKV}
_KEY = {"<q>": "k", "<query>": "key", "<rows>": "kv_heads * head_dim", "<or fused>": ""}
_VALUE = {"<q>": "v", "<query>": "value", "<rows>": "kv_heads * head_dim", "<or fused>": ""}
_GATE = {"<gate>": "gate", "<matrix>": "intermediate, hidden"}
_UP = {"<gate>": "up", "<matrix>": "intermediate, hidden"}
_DOWN = {"<gate>": "down", "<matrix>": "hidden, intermediate"}

ROLES: Final[dict[str, Role]] = {
    # -- one in the model
    "embedding": _role(
        GLOBAL, "token_embd.weight", "vocab, hidden", _EVERY,
        {
            LL + " phi2": "model.embed_tokens.weight",
            "gpt2": "wte.weight transformer.wte.weight",
            "gpt_neox": "gpt_neox.embed_in.weight",
            "bert": "bert.embeddings.word_embeddings.weight embeddings.word_embeddings.weight",
            "openelm": "model.embed_tokens.weight transformer.token_embeddings.weight",
            "falcon": "transformer.word_embeddings.weight model.embed_tokens.weight",
        },
    ),
    "output_norm_weight": _role(
        GLOBAL, "output_norm.weight", "hidden", _EVERY,
        {
            LL: "model.norm.weight",
            "phi2": "model.final_layernorm.weight model.norm.weight",
            "gpt2": "ln_f.weight transformer.ln_f.weight",
            "gpt_neox": "gpt_neox.final_layer_norm.weight",
            "bert": "bert.encoder.layer_norm.weight encoder.layer_norm.weight",
            "openelm": "model.norm.weight transformer.norm.weight",
            "falcon": "transformer.ln_f.weight model.norm.weight",
        },
    ),
    "output_norm_bias": _role(
        GLOBAL, "output_norm.bias", "hidden", _NONE,
        {
            "phi2": "model.final_layernorm.bias",
            "gpt2": "ln_f.bias transformer.ln_f.bias",
            "gpt_neox": "gpt_neox.final_layer_norm.bias",
            "bert": "bert.encoder.layer_norm.bias encoder.layer_norm.bias",
            "falcon": "transformer.ln_f.bias",
        },
    ),
    "lm_head": _role(
        GLOBAL, "output.weight", "vocab, hidden", _NONE,
        {
            LL + " phi2 gpt2 openelm falcon": "lm_head.weight",
            "gpt_neox": "embed_out.weight",
            "bert": "cls.predictions.decoder.weight",
        },
    ),
    "position_embedding": _role(
        GLOBAL, "", "positions, hidden", _NONE,
        {
            "gpt2": "wpe.weight transformer.wpe.weight",
            "bert": "bert.embeddings.position_embeddings.weight embeddings.position_embeddings.weight",
        },
    ),
    # -- attention, one per layer
    "attn_norm_weight": _role(
        LAYER, "blk.{n}.attn_norm.weight", "hidden", _EVERY,
        {
            LL: "model.layers.{n}.input_layernorm.weight",
            "phi2": "model.layers.{n}.input_layernorm.weight model.layers.{n}.ln.weight",
            "gpt2": "h.{n}.ln_1.weight transformer.h.{n}.ln_1.weight",
            "gpt_neox": "gpt_neox.layers.{n}.input_layernorm.weight",
            "bert": "bert.encoder.layer.{n}.attention.output.LayerNorm.weight"
            " encoder.layer.{n}.attention.output.LayerNorm.weight",
            "openelm": "model.layers.{n}.attn_norm.weight transformer.layers.{n}.attn_norm.weight",
            "falcon": "transformer.h.{n}.input_layernorm.weight model.layers.{n}.input_layernorm.weight",
        },
    ),
    "attn_norm_bias": _role(
        LAYER, "blk.{n}.attn_norm.bias", "hidden", _NONE,
        {
            "phi2": "model.layers.{n}.input_layernorm.bias model.layers.{n}.ln.bias",
            "gpt2": "h.{n}.ln_1.bias transformer.h.{n}.ln_1.bias",
            "gpt_neox": "gpt_neox.layers.{n}.input_layernorm.bias",
            "bert": "bert.encoder.layer.{n}.attention.output.LayerNorm.bias",
            "falcon": "transformer.h.{n}.input_layernorm.bias",
        },
    ),
    **_family(
        (_QUERY, _KEY, _VALUE), "<q>_proj_weight",
        LAYER, "blk.{n}.attn_<q>.weight", "<rows>, hidden", _EVERY - _FUSED,
        {
            LL + " phi2 openelm": "model.layers.{n}.self_attn.<q>_proj.weight",
            "falcon": "model.layers.{n}.self_attn.<q>_proj.weight<or fused>",
            "bert": "bert.encoder.layer.{n}.attention.self.<query>.weight"
            " encoder.layer.{n}.attention.self.<query>.weight",
        },
    ),
    **_family(
        (_QUERY, _KEY, _VALUE), "<q>_proj_bias",
        LAYER, "blk.{n}.attn_<q>.bias", "<rows>", _NONE,
        {
            "qwen2 phi phi2": "model.layers.{n}.self_attn.<q>_proj.bias",
            "bert": "bert.encoder.layer.{n}.attention.self.<query>.bias",
        },
    ),
    "o_proj_weight": _role(
        LAYER, "blk.{n}.attn_output.weight", "hidden, heads * head_dim", _EVERY,
        {
            LL + " openelm": "model.layers.{n}.self_attn.o_proj.weight",
            "phi2": "model.layers.{n}.self_attn.dense.weight model.layers.{n}.self_attn.o_proj.weight",
            "gpt2": "h.{n}.attn.c_proj.weight transformer.h.{n}.attn.c_proj.weight",
            "gpt_neox": "gpt_neox.layers.{n}.attention.dense.weight",
            "bert": "bert.encoder.layer.{n}.attention.output.dense.weight"
            " encoder.layer.{n}.attention.output.dense.weight",
            "falcon": "model.layers.{n}.self_attn.dense.weight transformer.h.{n}.self_attention.dense.weight",
        },
    ),
    **_family(
        (_QUERY, _KEY), "attn_<q>_norm_weight",
        LAYER, "blk.{n}.attn_<q>_norm.weight", "head_dim", _QK_NORMED,
        {"qwen3 qwen3_moe": "model.layers.{n}.self_attn.<q>_norm.weight"},
    ),
    # -- feed-forward, one per layer
    "ffn_norm_weight": _role(
        LAYER, "blk.{n}.ffn_norm.weight", "hidden", _EVERY,
        {
            LL + " phi2": "model.layers.{n}.post_attention_layernorm.weight",
            "gpt2": "h.{n}.ln_2.weight transformer.h.{n}.ln_2.weight",
            "gpt_neox": "gpt_neox.layers.{n}.post_attention_layernorm.weight",
            "bert": "bert.encoder.layer.{n}.output.LayerNorm.weight encoder.layer.{n}.output.LayerNorm.weight",
            "openelm": "model.layers.{n}.ffn_norm.weight transformer.layers.{n}.ffn_norm.weight",
            "falcon": "transformer.h.{n}.post_attention_layernorm.weight"
            " model.layers.{n}.post_attention_layernorm.weight",
        },
    ),
    "ffn_norm_bias": _role(
        LAYER, "blk.{n}.ffn_norm.bias", "hidden", _NONE,
        {
            "phi2": "model.layers.{n}.post_attention_layernorm.bias",
            "gpt2": "h.{n}.ln_2.bias transformer.h.{n}.ln_2.bias",
            "gpt_neox": "gpt_neox.layers.{n}.post_attention_layernorm.bias",
            "bert": "bert.encoder.layer.{n}.output.LayerNorm.bias",
            "falcon": "transformer.h.{n}.post_attention_layernorm.bias",
        },
    ),
    "ffn_gate_weight": _role(
        LAYER, "blk.{n}.ffn_gate.weight", "intermediate, hidden", _NONE,
        {LL + " openelm": "model.layers.{n}.mlp.gate_proj.weight"},
    ),
    "ffn_up_weight": _role(
        LAYER, "blk.{n}.ffn_up.weight", "intermediate, hidden", _EVERY - _SPARSE,
        {
            LL + " openelm": "model.layers.{n}.mlp.up_proj.weight",
            "phi2": "model.layers.{n}.mlp.fc1.weight model.layers.{n}.mlp.up_proj.weight",
            "gpt2": "h.{n}.mlp.c_fc.weight transformer.h.{n}.mlp.c_fc.weight",
            "gpt_neox": "gpt_neox.layers.{n}.mlp.dense_h_to_4h.weight",
            "bert": "bert.encoder.layer.{n}.intermediate.dense.weight encoder.layer.{n}.intermediate.dense.weight",
            "falcon": "transformer.h.{n}.mlp.dense_h_to_4h.weight model.layers.{n}.mlp.dense_h_to_4h.weight",
        },
    ),
    "ffn_down_weight": _role(
        LAYER, "blk.{n}.ffn_down.weight", "hidden, intermediate", _EVERY - _SPARSE,
        {
            LL + " openelm": "model.layers.{n}.mlp.down_proj.weight",
            "phi2": "model.layers.{n}.mlp.fc2.weight model.layers.{n}.mlp.down_proj.weight",
            "gpt2": "h.{n}.mlp.c_proj.weight transformer.h.{n}.mlp.c_proj.weight",
            "gpt_neox": "gpt_neox.layers.{n}.mlp.dense_4h_to_h.weight",
            "bert": "bert.encoder.layer.{n}.output.dense.weight encoder.layer.{n}.output.dense.weight",
            "falcon": "transformer.h.{n}.mlp.dense_4h_to_h.weight model.layers.{n}.mlp.dense_4h_to_h.weight",
        },
    ),
    # -- several in one
    "fused_qkv": _role(
        FUSED, "blk.{n}.attn_qkv.weight", "(heads + 2 * kv_heads) * head_dim, hidden", _FUSED,
        {
            "gpt2": "h.{n}.attn.c_attn.weight transformer.h.{n}.attn.c_attn.weight",
            "gpt_neox": "gpt_neox.layers.{n}.attention.query_key_value.weight",
            "falcon": _FALCON_QKV,
        },
    ),
    "fused_qkv_bias": _role(
        FUSED, "blk.{n}.attn_qkv.bias", "(heads + 2 * kv_heads) * head_dim", _NONE,
        {
            "gpt2": "h.{n}.attn.c_attn.bias transformer.h.{n}.attn.c_attn.bias",
            "gpt_neox": "gpt_neox.layers.{n}.attention.query_key_value.bias",
            "falcon": "transformer.h.{n}.self_attention.query_key_value.bias",
        },
    ),
    # -- mixture of experts
    "ffn_gate_inp_weight": _role(
        LAYER, "blk.{n}.ffn_gate_inp.weight", "experts, hidden", _SPARSE,
        {"qwen3_moe": "model.layers.{n}.mlp.gate.weight"},
    ),
    **_family(
        (_GATE, _UP, _DOWN), "ffn_<gate>_exps_weight",
        EXPERT, "blk.{n}.ffn_<gate>_exps.weight", "experts, <matrix>", _SPARSE,
        {"qwen3_moe": "model.layers.{n}.mlp.experts.{e}.<gate>_proj.weight"},
    ),
}  # fmt: skip
