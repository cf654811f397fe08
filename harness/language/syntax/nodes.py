"""The few kinds of nodes that every expression is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Node:
    """An expression. `start` and `stop` are its character span in the source text."""

    start: int = field(default=0, compare=False, kw_only=True)
    stop: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True)
class Number(Node):
    """An integer or a real number, with its sign."""

    value: int | float


@dataclass(frozen=True)
class Text(Node):
    """A text in quotes."""

    value: str


@dataclass(frozen=True)
class Name(Node):
    """An input, a dimension, an equation, or a column of a table."""

    id: str


STORED = "stored"  # the function whose second argument names number formats: `stored(x, bf16)`, or a list of them


@dataclass(frozen=True)
class Unary(Node):
    """`-`, `~` or `not` before an expression."""

    op: str
    operand: Node


@dataclass(frozen=True)
class Binary(Node):
    """Two sides and what joins them."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Compare(Node):
    """Two sides that are compared."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Logic(Node):
    """`and` or `or` of two or more parts."""

    op: str
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Call(Node):
    """A primitive, an equation with names replaced, or a subject."""

    name: str
    arguments: tuple[Node, ...]
    keywords: tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class ResultField(Node):
    """`route().weights`: one array of what a subject returned."""

    call: Node
    field: str


@dataclass(frozen=True)
class Slice(Node):
    """`first:last` in an index."""

    first: Node | None
    last: Node | None


@dataclass(frozen=True)
class OtherAxes(Node):
    """`...` in an index: every axis that no other item takes."""


@dataclass(frozen=True)
class NewAxis(Node):
    """`None` in an index."""


@dataclass(frozen=True)
class Index(Node):
    """`value[items]`."""

    value: Node
    items: tuple[Node, ...]


@dataclass(frozen=True)
class TakenRows(Node):
    """The rows of `value` that an index takes. No contract writes it: see harness/language/taken_rows.py."""

    value: Node


def children(node: Node) -> Iterator[Node]:
    """The direct parts of a node, in source order."""
    given: tuple[str, ...] = node.__match_args__  # every field but the span
    for name in given:
        value = getattr(node, name)
        for item in value if isinstance(value, tuple) else (value,):
            child = item[1] if isinstance(item, tuple) else item  # a named argument is a pair
            if isinstance(child, Node):
                yield child


def walk(node: Node) -> Iterator[Node]:
    """Every node below and including this one, depth first."""
    pending = [node]
    while pending:
        part = pending.pop()
        yield part
        pending.extend(reversed(list(children(part))))


def names(node: Node) -> set[str]:
    """Every name the expression reads, called equations and subjects included."""
    return {part.id if isinstance(part, Name) else part.name for part in walk(node) if isinstance(part, Name | Call)}
