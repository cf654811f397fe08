"""What a GGUF file can say of a layer beyond its four tensors, and what this engine therefore refuses to load.

llama.cpp builds a mixture from optional tensors and keys: scales and biases of experts, a bias of the router's choice,
shared experts, another gate, no renormalisation, a factor on the weights. Each changes the function of the layer. The
engine computes none of them, so a file that has one is refused by the name of the first.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from impl.errors import UnsupportedOperation
from impl.gguf import GGUFModel

_BESIDE: Final = ("attn_", "ffn_norm.weight")
"""Tensors of a layer that are none of the feed-forward part's: attention, and the norm in front of it."""

_HARMLESS: Final[dict[str, tuple[bool | int | float, ...]]] = {
    "expert_gating_func": (1,),
    "expert_weights_norm": (True,),
    "expert_weights_scale": (1.0,),
    **dict.fromkeys(("expert_shared_count", "expert_shared_feed_forward_length"), (0,)),
    **dict.fromkeys(("expert_chunk_feed_forward_length", "experts_per_group"), (0,)),
    **dict.fromkeys(("expert_group_count", "expert_group_used_count"), (0, 1)),
    "expert_group_scale": (1.0,),
    "leading_dense_block_count": (0,),
    **dict.fromkeys(("interleave_moe_layer_step", "moe_every_n_layers"), (0, 1)),
    "moe_latent_size": (0,),
    **dict.fromkeys(("router_logit_softcapping", "swiglu_clamp_exp", "swiglu_clamp_shexp"), (0.0,)),
}
"""Values by key (after the architecture) that mean what this engine computes: softmax over all experts, the chosen
weights renormalised to sum 1, no factor, no shared experts, no groups, every layer a mixture, SwiGLU unclamped."""

_SIZES: Final = frozenset({"expert_count", "expert_used_count", "expert_feed_forward_length"})
_WORDS: Final = ("expert", "moe", "router", "swiglu")
"""A key about experts that is in neither list is one that nobody here knows the meaning of."""


def refuse_unsupported_tensors(model: GGUFModel, layer_idx: int, read: Container[str], operation: str) -> None:
    """Refuse any tensor of layer ``layer_idx`` that would be ignored. read: the names that are not."""
    prefix = f"blk.{layer_idx}."
    for name in model.tensors:
        if name.startswith(prefix) and name not in read and not name.removeprefix(prefix).startswith(_BESIDE):
            raise UnsupportedOperation(
                operation, f"load refused: {name!r} changes what the layer computes, and is not computed here"
            )


def refuse_unsupported_keys(model: GGUFModel, architecture: str, operation: str) -> None:
    """Refuse metadata that ask for another function than the layer's."""
    prefix = f"{architecture}."
    for key in model.metadata:
        name = key.removeprefix(prefix)
        if not key.startswith(prefix) or name in _SIZES or not _is_about_experts(name):
            continue
        harmless = _HARMLESS.get(name, ())
        value = model.scalar(key)
        if not any(isinstance(value, bool) == isinstance(one, bool) and value == one for one in harmless):
            computed = f"computed here: {' or '.join(map(str, harmless))}" if harmless else "a key not known here"
            told = "an array" if value is None else repr(value)[:80]
            raise UnsupportedOperation(operation, f"load refused: {key!r} = {told} changes the layer; {computed}")


def _is_about_experts(name: str) -> bool:
    return name in _HARMLESS or any(word in name for word in _WORDS)
