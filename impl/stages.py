"""The stages of a trace by name, and lists of them as people type them.

Names, their declared order and the messages are those of the original engine's ``--save-tensor``. The declared order
is not that of computation; ``MOE_BLOCK`` is, for the block that this package computes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from impl.errors import InvalidStage

DECLARED: Final = (
    *("embedding", "attn_norm", "qkv_matmul", "qkv_bias", "q_post_rope", "k_post_rope", "attn_scores"),
    *("attn_softmax", "attention", "attn_out", "post_attn_residual", "ffn_norm", "ffn_gate", "ffn_up", "ffn_silu"),
    *("ffn_swigl", "ffn_out", "post_ffn_residual", "moe_router", "moe_ffn_out", "moe_router_indices"),
    *("final_norm", "lm_head"),
)
"""The original's stages, in its order."""

PER_EXPERT: Final = ("moe_expert_gate", "moe_expert_up", "moe_expert_swigl", "moe_expert_out")
"""Optional stages of the chosen experts, which the original proposed and never had."""

STAGES: Final = (*DECLARED, *PER_EXPERT)

WHOLE_MODEL: Final = frozenset({"final_norm", "lm_head"})
"""Computed once; every other stage is computed in each layer (``embedding``, too, by the original's count)."""

ALIASES: Final = {"layer_output": "post_ffn_residual"}

INTEGER_STAGES: Final = frozenset({"moe_router_indices"})
"""Stages that hold ids, to be compared as sets or by rank, never by their distance."""

MOE_FIELDS: Final = {
    "moe_router_indices": "experts",
    "moe_router": "weights",
    "moe_expert_gate": "gate",
    "moe_expert_up": "up",
    "moe_expert_swigl": "swiglu",
    "moe_expert_out": "down",
    "moe_ffn_out": "output",
}
"""The field of ``impl.layer.LayerStages`` that is saved under each name, in computation order.

That class gives the shapes. ``logits`` and ``probs`` have no name among the original's stages.
"""

MOE_BLOCK: Final = ("ffn_norm", *MOE_FIELDS, "post_ffn_residual")
"""One block in computation order, from its input to the residual that its caller adds."""


def is_per_layer(stage: str) -> bool:
    """Whether there is one tensor of this stage per layer, rather than one in all."""
    return stage not in WHOLE_MODEL


def check_name(name: str, valid: tuple[str, ...] = STAGES) -> None:
    """InvalidStage unless ``name`` is exactly one of ``valid``: no alias, no other case."""
    if name not in valid:
        raise _unknown(name, valid)


def parse_stage_list(text: str) -> list[str]:
    """The stages of a comma-separated list, in its order, repetitions kept; [] for a blank text.

    Names are trimmed and in any case; aliases are replaced. Raises InvalidStage at the first that is empty or unknown.
    """
    return parse_names(text, STAGES, ALIASES)


def parse_names(text: str, valid: tuple[str, ...], aliases: Mapping[str, str]) -> list[str]:
    """As ``parse_stage_list``, for other names."""
    if not text.strip():
        return []
    return [_parsed(token.strip(), valid, aliases) for token in text.split(",")]


def _parsed(token: str, valid: tuple[str, ...], aliases: Mapping[str, str]) -> str:
    if not token:
        raise InvalidStage("save-tensor stage cannot be an empty string")
    name = token.lower()
    name = aliases.get(name, name)
    if name not in valid:
        raise _unknown(token, valid)
    return name


def _unknown(got: str, valid: tuple[str, ...]) -> InvalidStage:
    return InvalidStage(f"unknown save-tensor stage {_quoted(got)}; valid stages: {','.join(valid)}")


_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\0": "\\0", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _quoted(text: str) -> str:
    """``text`` in double quotes, escaped as Rust's ``{:?}`` does."""
    return '"' + "".join(_ESCAPES.get(c) or (c if c.isprintable() else f"\\u{{{ord(c):x}}}") for c in text) + '"'
