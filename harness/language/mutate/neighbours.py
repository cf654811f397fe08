"""Neighbours: the function or the operator next to the one that is meant."""

from __future__ import annotations

from dataclasses import replace

from harness.language.mutate.faulty import STAND_IN, faulty
from harness.language.mutate.mutant import Edits, Operator, Site
from harness.language.operators import BETWEEN, LOGIC
from harness.language.syntax import Binary, Call, Compare, Logic


def functions(site: Site) -> Edits:
    """Another function of the same arguments."""
    node = site.node
    if isinstance(node, Call) and site.function:
        for other in site.function.neighbours:
            made = faulty(other, *node.arguments) if other in STAND_IN else replace(node, name=other)
            yield f"{other.replace('_', '-')}-for-{node.name.replace('_', '-')}", made


def ends(site: Site) -> Edits:
    """A clip of which one end is forgotten."""
    if isinstance(site.node, Call) and site.function and site.function.name == "clip":
        x, low, high = site.node.arguments
        yield "drop-low-end", Call("minimum", (x, high), ())
        yield "drop-high-end", Call("maximum", (x, low), ())


def signs(site: Site) -> Edits:
    """Another operator between the same operands."""
    node = site.node
    if isinstance(node, Binary | Compare):
        meant = BETWEEN[node.op]
        for other in meant.neighbours:
            yield f"{BETWEEN[other].spoken}-for-{meant.spoken}", replace(node, op=other)
    if isinstance(node, Logic):
        joined = LOGIC[node.op]
        for other in joined.neighbours:
            yield f"{LOGIC[other].spoken}-for-{joined.spoken}", replace(node, op=other)


OPERATORS = (
    Operator("<function>-for-<function>", "a function is taken for one of its neighbours, listed below", functions),
    Operator("drop-*-end", "one end of a `clip` is forgotten", ends),
    Operator("<sign>-for-<sign>", "`+`/`-`, `*`/`/`, bits, shifts, comparisons, `and`/`or`", signs),
)
