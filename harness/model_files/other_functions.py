"""What in a file makes a feed-forward layer compute another function than a contract's equations say.

Scales, biases, shared experts, another gate: llama.cpp reads them from tensors and keys that a contract without them
does not name. To run such a file as if they were not there would judge a subject by the wrong function.
"""

from __future__ import annotations

import re
from typing import Any

from harness.contract.model import ModelBinding
from harness.findings import HandledError
from harness.model_files.gguf import SHOWN, ModelFile
from harness.printable import printable

LAYER = re.compile(r"blk\.(0|[1-9][0-9]*)\.(.*)", re.ASCII | re.DOTALL)
MIXTURE = ("ffn_gate_inp.weight", "ffn_gate_exps.weight", "ffn_up_exps.weight", "ffn_down_exps.weight")
DENSE = ("ffn_gate.weight", "ffn_up.weight", "ffn_down.weight")
OUTSIDE = ("attn_", "ffn_norm.weight")  # of a layer, but not of its feed-forward part

NEUTRAL: dict[str, tuple[object, ...]] = {
    "expert_gating_func": (1,),  # softmax
    "expert_weights_norm": (True,),
    "expert_weights_scale": (1.0,),
    "expert_shared_count": (0,),
    "expert_shared_feed_forward_length": (0,),
    "expert_chunk_feed_forward_length": (0,),
    "expert_group_count": (0, 1),
    "expert_group_used_count": (0, 1),
    "experts_per_group": (0,),
    "expert_group_scale": (1.0,),
    "leading_dense_block_count": (0,),
    "interleave_moe_layer_step": (0, 1),
    "moe_every_n_layers": (0, 1),
    "moe_latent_size": (0,),
    "router_logit_softcapping": (0.0,),
    "swiglu_clamp_exp": (0.0,),
    "swiglu_clamp_shexp": (0.0,),
}
"""Keys behind the architecture's name, with the values that leave softmax, top-k, renormalisation and SwiGLU alone."""

SIZES = ("expert_count", "expert_used_count", "expert_feed_forward_length")
ABOUT_EXPERTS = ("expert", "moe", "router", "swiglu")  # a key with one of these that is not listed is refused


def refuse_other_functions(file: ModelFile, contract: str, binding: ModelBinding, layers: int) -> None:
    """Refuse a file whose first `layers` layers have more to them than the contract binds."""
    bound = {template.removeprefix("blk.{layer}.") for template in binding.tensors.values()}
    if not any(name.startswith("ffn_") for name in bound):
        return
    mixture = not bound.isdisjoint(MIXTURE)
    known = {*bound, *(MIXTURE if mixture else (*MIXTURE, *DENSE))}
    for name in file.tensors:
        layer, part = _of_layer(name)
        if 0 <= layer < layers and part not in known and not part.startswith(OUTSIDE):
            raise HandledError(
                f"{file.path}: {_told(name)} changes what layer {layer} computes; {contract} is without it"
            )
    if mixture:
        _refuse_keys(file, contract, {binding.layers, *binding.dimensions.values()})


def _refuse_keys(file: ModelFile, contract: str, bound: set[str]) -> None:
    architecture = file.metadata["general.architecture"]
    for key, value in file.metadata.items():
        own, _, name = key.partition(".")
        if own != architecture or key in bound or name in SIZES:
            continue
        if name not in NEUTRAL and not any(word in name for word in ABOUT_EXPERTS):
            continue
        neutral = NEUTRAL.get(name, ())
        if not any(_same(value, allowed) for allowed in neutral):
            wanted = f"expected {' or '.join(map(str, neutral))} or no such key" if neutral else "a key not known here"
            raise HandledError(
                f"{file.path}: {_told(key)} = {_told(str(value)) if value is not None else 'an array'} changes what "
                f"its layers compute; {contract} is without it: {wanted}"
            )


def _of_layer(name: str) -> tuple[int, str]:
    """The layer and the rest of `blk.7.ffn_up.weight`; -1 for what is of no layer."""
    found = LAYER.fullmatch(name)
    return (int(found[1]), found[2]) if found else (-1, name)


def _same(value: Any, allowed: object) -> bool:
    return isinstance(value, bool) == isinstance(allowed, bool) and value == allowed


def _told(text: str) -> str:
    return printable(text, SHOWN)
