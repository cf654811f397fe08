"""The GGUF names of the four tensors that a Qwen3-MoE feed-forward layer reads."""

from __future__ import annotations

from typing import Final

from impl.tensor_names.table import ROLES

MOE_ROLES: Final[dict[str, str]] = {
    "router": "ffn_gate_inp_weight",
    "gate_exps": "ffn_gate_exps_weight",
    "up_exps": "ffn_up_exps_weight",
    "down_exps": "ffn_down_exps_weight",
}
"""Role by field of ``Qwen3MoeQuantizedLayer``, in the order in which the loader looks them up."""


def moe_tensor_name(field: str, layer_idx: int) -> str:
    """The GGUF name of ``field`` (a key of ``MOE_ROLES``) in one layer."""
    return ROLES[MOE_ROLES[field]].gguf.format(n=layer_idx)
