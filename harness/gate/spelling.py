"""Two spellings of one expression: spaces, quotes and needless parentheses are no difference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any

from harness.contract.node import YamlNode
from harness.language.syntax import Node, SyntaxRefused, parse, spell
from harness.program.check.template import Hole, TemplateRefused, holes

RENAMED = "renamed"  # the style of a scalar whose text was rewritten with new names


@lru_cache(maxsize=4096)
def parsed(text: str) -> Node | None:
    """The syntax tree; None where the text is no expression (a released copy may be older than the grammar)."""
    try:
        return parse(text)
    except SyntaxRefused:
        return None


def scalar_text(tree: YamlNode | None) -> str:
    """A scalar as text, as the contract means it: a block scalar's last line break is not part of it."""
    return "" if tree is None else str(tree.value).strip()


def alike(old: YamlNode | None, new: YamlNode | None) -> bool:
    """Whether two expressions are one expression, up to its spelling."""
    left, right = scalar_text(old), scalar_text(new)
    if left == right:
        return True
    trees = parsed(left), parsed(right)
    if trees[0] is None or trees[1] is None or trees[0] != trees[1]:
        return False
    return spell(trees[0]) == spell(trees[1])  # 2 and 2.0, or 0.0 and -0.0, are equal to Python


def message_pieces(message: str) -> tuple[str | Node, ...]:
    """A message as literal parts and expressions in turn."""
    try:
        return tuple(piece.node if isinstance(piece, Hole) else piece for piece in holes(message))
    except TemplateRefused:
        return (message,)


def with_parts(node: Node, change: Callable[[Node], Node]) -> Node:
    """The expression with each part that it is directly made of changed."""

    def changed(value: Any) -> Any:
        if isinstance(value, Node):
            return change(value)
        return tuple(changed(item) for item in value) if isinstance(value, tuple) else value

    return replace(node, **{part.name: changed(getattr(node, part.name)) for part in fields(node) if part.compare})


def rewritten(node: Node, change: Callable[[Node], Node]) -> Node:
    """The expression with every part changed, the inner ones first."""
    return change(with_parts(node, lambda part: rewritten(part, change)))
