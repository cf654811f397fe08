"""The table: roles down, architectures across, as in the contract ``tensor-names`` of the original engine.

Each role has one GGUF template for all architectures, a shape, the architectures that require it, and its Hugging Face
templates by architecture, separated by spaces, in the order in which they are tried. An architecture without an entry
has no Hugging Face name for the role. ``LL`` stands for the nine architectures that share Llama's names.

Shapes are row-major, the outermost dimension first, as NumPy counts: a matrix that maps hidden to vocab is
[vocab, hidden]. GGUF files store the same dimensions in reverse.

Where this table departs from the original: qwen3_moe has names for every role that it has, not for its experts alone;
QK norms are required where the architecture has them; the fused QKV is required, and the separate projections are not,
where only the fused one has names; the router is [experts, hidden], not its reverse.
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
_DENSE_LL: Final = LL.replace("qwen3_moe ", "")


def _role(kind: str, gguf: str, shape: str, required: frozenset[str], names: Mapping[str, str]) -> Role:
    by_architecture = {key: row.split() for keys, row in names.items() for key in keys.split()}
    return Role(
        kind, gguf, tuple(shape.split(", ")), required, {key: tuple(row) for key, row in by_architecture.items()}
    )


def _each(replacements: Mapping[str, str], kind: str, gguf: str, names: Mapping[str, str]) -> Mapping[str, str]:
    """``names`` with every key of ``replacements`` replaced."""
    del kind, gguf
    return names | replacements
