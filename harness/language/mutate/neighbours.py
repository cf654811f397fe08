"""Neighbours: the function or the operator next to the one that is meant."""

from __future__ import annotations

from dataclasses import replace

from harness.language.mutate.faulty import STAND_IN, faulty
from harness.language.mutate.mutant import Edits, Operator, Site
from harness.language.operators import BETWEEN
from harness.language.syntax import Binary, Call, Compare

FUNCTIONS: dict[str, tuple[str, ...]] = {
    "softmax": ("sigmoid", "exp"),
    "sigmoid": ("silu",),
    "silu": ("relu", "sigmoid", "gelu"),
    "relu": ("silu", "abs"),
    "exp": ("sigmoid",),
    "abs": ("relu",),
    "max": ("min", "mean"),
    "min": ("max", "mean"),
    "sum": ("mean", "max"),
    "mean": ("sum", "max"),
    "round": ("floor", "ceil", "trunc", "half_even"),
    "top_k": ("bottom_k", "top_k_last", "top_k_ascending"),
    "all": ("any",),
    "any": ("all",),
}


def functions(site: Site) -> Edits:
    """Another function of the same arguments."""
    node = site.node
    if isinstance(node, Call):
        for other in FUNCTIONS.get(node.name, ()):
            made = faulty(other, *node.arguments) if other in STAND_IN else replace(node, name=other)
            yield f"{other.replace('_', '-')}-for-{node.name.replace('_', '-')}", made


def signs(site: Site) -> Edits:
    """Another operator between the same operands."""
    node = site.node
    if isinstance(node, Binary | Compare):
        meant = BETWEEN[node.op]
        for other in meant.neighbours:
            yield f"{BETWEEN[other].spoken}-for-{meant.spoken}", replace(node, op=other)


OPERATORS = (
    Operator(
        "<function>-for-<function>",
        "softmax/sigmoid/exp, silu/relu/gelu, max/min/mean, sum/mean/max, the ways of rounding, top_k/bottom_k, ties "
        "the other way round, ascending order",
        functions,
    ),
    Operator("<sign>-for-<sign>", "`+`/`-`, `*`/`/`, bits, shifts, comparisons", signs),
)
