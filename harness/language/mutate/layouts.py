"""Layouts: the same numbers, read in another order."""

from __future__ import annotations

from harness.language import types as T
from harness.language.mutate.faulty import faulty
from harness.language.mutate.mutant import Edits, Operator, Site
from harness.language.syntax import Call, Name


def transposed(site: Site) -> Edits:
    """An array whose last axis is taken for its first, in memory of the same size."""
    kind = site.type
    if isinstance(kind, T.Array) and len(kind.shape) > 1 and _whole(site):
        yield "column-major", faulty("column_major", site.node, rank=len(kind.shape))
    if isinstance(kind, T.Blocks) and len(kind.shape) > 2 and isinstance(site.node, Name):  # rows stay whole
        yield "column-major", faulty("column_major", site.node, rank=len(kind.shape))


def permuted(site: Site) -> Edits:
    """Parts of a stack or a concatenation in another order."""
    match site.node:
        case Call(name=name, arguments=(first, *rest), keywords=keywords) if site.function and site.function.joins:
            yield "rotate-parts", Call(name, (*rest, first), keywords)


def _whole(site: Site) -> bool:
    """Names and reshaped arrays: where a layout is decided."""
    return isinstance(site.node, Name) or (isinstance(site.node, Call) and site.node.name == "reshape")


OPERATORS = (
    Operator("column-major", "an array or a stack of rows is read with its axes transposed", transposed),
    Operator("rotate-parts", "the parts of a stack or a concatenation stand in another order", permuted),
)
