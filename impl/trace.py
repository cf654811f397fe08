"""The layer with its stages: all of them, or those that are asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from numpy.typing import NDArray

from impl.activations import Floats
from impl.byte_views import Buffer
from impl.descriptors import Qwen3MoeQuantizedLayer
from impl.layer import LayerStages, run_token
from impl.stages import MOE_FIELDS, check_name, parse_names

FIELDS: Final = tuple(LayerStages.__slots__)
"""The stages of ``LayerStages`` in computation order."""


def moe_ffn_trace_layer(
    hidden: Floats,
    layer: Qwen3MoeQuantizedLayer,
    num_experts: int,
    num_experts_per_tok: int,
    intermediate: int,
    hidden_dim: int,
    data: Buffer,
    *,
    threads: int = 1,
    arithmetic: str = "f32",
) -> LayerStages:
    """As ``moe_ffn_forward_layer``, with the same errors, returning every stage in computation order."""
    return run_token(
        "moe_ffn_trace_layer",
        hidden,
        layer,
        num_experts,
        num_experts_per_tok,
        intermediate,
        hidden_dim,
        data,
        threads,
        arithmetic,
    )


def moe_ffn_trace_stages(
    hidden: Floats,
    layer: Qwen3MoeQuantizedLayer,
    num_experts: int,
    num_experts_per_tok: int,
    intermediate: int,
    hidden_dim: int,
    data: Buffer,
    *,
    fields: Iterable[str],
    threads: int = 1,
    arithmetic: str = "f32",
) -> dict[str, NDArray[Any]]:
    """``moe_ffn_trace_layer``, of which only ``fields`` are returned: by name, in computation order, each once.

    The layer runs as it always does, so what is asked for changes no bit of it. Raises InvalidStage for a name that
    is no field, before anything is computed.
    """
    wanted = _checked(fields, FIELDS)
    stages = moe_ffn_trace_layer(
        hidden,
        layer,
        num_experts,
        num_experts_per_tok,
        intermediate,
        hidden_dim,
        data,
        threads=threads,
        arithmetic=arithmetic,
    )
    return {field: getattr(stages, field) for field in FIELDS if field in wanted}


def saveable(stages: LayerStages, names: Iterable[str] = MOE_FIELDS) -> dict[str, NDArray[Any]]:
    """Stages under the names that ``impl.aprt.save_trace`` takes, in computation order; all of them, or ``names``."""
    wanted = _checked(names, tuple(MOE_FIELDS))
    return {name: getattr(stages, field) for name, field in MOE_FIELDS.items() if name in wanted}


def parse_fields(text: str) -> list[str]:
    """Fields of ``LayerStages`` from a comma-separated list; rules and errors of ``parse_stage_list``."""
    return parse_names(text, FIELDS, {})


def _checked(names: Iterable[str], valid: tuple[str, ...]) -> frozenset[str]:
    wanted = tuple(names)
    for name in wanted:
        check_name(name, valid)
    return frozenset(wanted)
