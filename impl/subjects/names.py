"""Contracts on names: those of tensors, and those of trace stages."""

from __future__ import annotations

from impl import tensor_names
from impl.stages import parse_stage_list
from impl.subjects.arguments import integer, string, strings


def normalise(*, name: object) -> dict[str, str]:
    """Return key: of the architecture that ``name`` spells."""
    return {"key": tensor_names.normalise_architecture(string("name", name))}


def templates(*, architecture: object, role: object) -> dict[str, object]:
    """Return names (Hugging Face, in order of trial), gguf ("" if none), required, shape, stacked."""
    key, wanted = string("architecture", architecture), string("role", role)
    found = tensor_names.templates(key, wanted)
    return {
        "names": list(found.names),
        "gguf": found.gguf,
        "required": tensor_names.is_required(key, wanted),
        "shape": f"[{', '.join(tensor_names.expected_shape(wanted))}]",
        "stacked": tensor_names.is_stacked(wanted),
    }


def resolve(*, architecture: object, role: object, layer: object, expert: object, names: object) -> dict[str, str]:
    """Return name: the first of the role's names that is among ``names``. layer, expert: None where there is none."""
    return {
        "name": tensor_names.resolve(
            string("architecture", architecture),
            string("role", role),
            None if layer is None else integer("layer", layer),
            None if expert is None else integer("expert", expert),
            frozenset(strings("names", names)),
        )
    }


def parse_stages(*, text: object) -> dict[str, list[str]]:
    """Return stages: of a comma-separated list."""
    return {"stages": parse_stage_list(string("text", text))}
