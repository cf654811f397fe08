"""Equations: each computes a value from what is declared before it."""

from __future__ import annotations

from harness.contract.check.desk import Desk
from harness.language import types as T
from harness.language.syntax import Node, names


def check_equation(desk: Desk, name: str) -> Node:
    """The equation, known from here on with its type and with everything below it."""
    source = desk.contract.equations[name]
    what = f"equation {name}"
    node = desk.parse(source, what)
    kind = desk.type(node, source, what, desk.scope())
    if isinstance(kind, T.Word):
        desk.say(source.place, f"{what}: a text is no value", "an expression that computes", source.text)
    if kind is None or isinstance(kind, T.Word):
        desk.broken.add(name)
        return node
    read = names(node) & set(desk.names)
    desk.depends[name] = frozenset(read.union(*(desk.depends.get(used, frozenset()) for used in read)))
    desk.names[name] = kind
    desk.shaping |= {part for size in kind.shape for monomial, _ in size.terms for part in monomial}
    return node
