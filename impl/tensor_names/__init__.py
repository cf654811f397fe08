"""What tensors are called: Hugging Face and GGUF names of every role in every architecture, with their shapes.

A role is what a tensor is for (``q_proj_weight``); a template is a name with ``{n}`` for the layer and ``{e}`` for the
expert. ``table`` holds the data, ``aliases`` the spellings of architectures, ``lookup`` the questions one may ask.
"""

from impl.tensor_names.aliases import ALIASES, ARCHITECTURES, normalise_architecture
from impl.tensor_names.lookup import (
    Templates,
    candidates,
    expected_shape,
    is_required,
    is_stacked,
    is_transposed,
    resolve,
    templates,
)
from impl.tensor_names.moe import MOE_ROLES, moe_tensor_name
from impl.tensor_names.table import ROLES, Role

__all__ = [
    "ALIASES",
    "ARCHITECTURES",
    "MOE_ROLES",
    "ROLES",
    "Role",
    "Templates",
    "candidates",
    "expected_shape",
    "is_required",
    "is_stacked",
    "is_transposed",
    "moe_tensor_name",
    "normalise_architecture",
    "resolve",
    "templates",
]
