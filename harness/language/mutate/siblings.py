"""Siblings: another name of the very same type."""

from __future__ import annotations

from collections.abc import Iterator

from harness.language import types as T
from harness.language.infer import Scope
from harness.language.mutate.faulty import rebuilt
from harness.language.mutate.mutant import Edits, Operator, Site
from harness.language.syntax import Name, Node, names


def siblings(name: str, scope: Scope) -> Iterator[str]:
    """Names that type-checking cannot tell from this one. Dimensions have none: each is a size of its own.

    Between what integers lie counts where they may be indices. In block formats, which have no dimensions, they are the
    bits of fields, and those of another field may be taken by mistake.
    """
    kind = scope.names.get(name)
    if isinstance(kind, T.Array | T.Blocks) and kind.shape:
        for other, its in scope.names.items():
            if (
                other != name
                and type(its) is type(kind)
                and its.shape == kind.shape
                and _alike(its, kind, bool(scope.ranges))
            ):
                yield other


def _alike(left: T.Type, right: T.Type, by_ends: bool) -> bool:
    if isinstance(left, T.Blocks) and isinstance(right, T.Blocks):
        return left.formats == right.formats
    assert isinstance(left, T.Array) and isinstance(right, T.Array)
    same_ends = not by_ends or (left.low, left.high) == (right.low, right.high)
    return same_ends and (left.kind, left.dtype) == (right.kind, right.dtype)


def replaced(site: Site) -> Edits:
    """One name read in the place of another."""
    if isinstance(site.node, Name):
        for other in siblings(site.node.id, site.scope):
            yield f"{other}-for-{site.node.id}", Name(other)


def exchanged(root: Node, scope: Scope) -> Edits:
    """Two siblings of one equation exchanged everywhere in it."""
    read = sorted(names(root) & set(scope.names))
    for name in read:
        for other in siblings(name, scope):
            if other in read and name < other:
                yield f"swap-{name}-and-{other}", _renamed(root, {name: other, other: name})


def _renamed(node: Node, new: dict[str, str]) -> Node:
    if isinstance(node, Name):
        return Name(new.get(node.id, node.id))
    return rebuilt(node, lambda part: _renamed(part, new))


OPERATORS = (
    Operator(
        "<name>-for-<name>, swap-<name>-and-<name>",
        "another input or equation of the same type and shape is read; two are exchanged",
        replaced,
    ),
)
