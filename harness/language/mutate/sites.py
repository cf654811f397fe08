"""Every part of an expression with the way to it, and an expression with one part replaced."""

from __future__ import annotations

from collections.abc import Iterator

from harness.language.mutate.faulty import rebuilt
from harness.language.syntax import Node, children

Path = tuple[int, ...]  # which child of which child, as `children` counts them


def places(root: Node) -> Iterator[tuple[Path, Node]]:
    """Every part, the whole first, then from left to right."""
    yield (), root
    for number, child in enumerate(children(root)):
        for path, part in places(child):
            yield (number, *path), part


def with_part(root: Node, path: Path, made: Node) -> Node:
    """The expression with another part at the end of the path."""
    if not path:
        return made
    wanted, rest = path[0], path[1:]
    number = -1

    def change(part: Node) -> Node:
        nonlocal number
        number += 1
        return with_part(part, rest, made) if number == wanted else part

    return rebuilt(root, change)
