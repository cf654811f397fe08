"""Every part of an expression with the way to it, and an expression with one part replaced."""

from __future__ import annotations

from collections.abc import Iterator

from harness.language.infer import Scope, infer
from harness.language.infer.recurrences import within_step
from harness.language.mutate.faulty import rebuilt
from harness.language.syntax import Node, Scan, children

Path = tuple[int, ...]  # which child of which child, as `children` counts them


def places(root: Node, scope: Scope) -> Iterator[tuple[Path, Node, Scope]]:
    """Every part with what it may refer to, the whole first, then from left to right."""
    yield (), root, scope
    inner = _within(root, scope)
    for number, child in enumerate(children(root)):
        of_step = isinstance(root, Scan) and number < len(root.nexts)
        for path, part, its in places(child, inner if of_step else scope):
            yield (number, *path), part, its


def _within(node: Node, scope: Scope) -> Scope:
    """What a step of a recurrence may refer to: its index and its states, too."""
    if not isinstance(node, Scan):
        return scope
    return within_step(node, scope, lambda part: infer(part, scope), infer)


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
