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


SCAN = "scan"  # what a recurrence is written with: `scan(decay[t] * h + x[t], t=tokens, h=h0)`


@dataclass(frozen=True)
class Scan(Node):
    """`scan(next, t=length, h=first)`: the last state after each step.

    A step computes the states in their order. In `nexts`, `index` is the number of the step, from 0, and the name of a
    state is its value before its own line, and the new one after it. These names have no meaning outside.
    """

    nexts: tuple[Node, ...]
    index: str
    length: Node
    starts: tuple[tuple[str, Node], ...]

    @property
    def bound(self) -> frozenset[str]:
        """The names that have a meaning in `nexts` alone."""
        return frozenset({self.index, *(state for state, _ in self.starts)})


THREADED = "threaded"  # calls one after the other: `threaded(step(x=x[t]), t=tokens, state=state)`


@dataclass(frozen=True)
class Threaded(Node):
    """`threaded(step(x=x[t]), t=length, state=state)`: a subject is called once in each step, as `call` says.

    `fed`: the arguments that get a result of the call before, each with that result; in the first step they are given
    what they carry. What is fed is the last one in the end, other results are those of all steps.
    """

    call: Node
    index: str
    length: Node
    fed: tuple[tuple[str, str], ...]

    @property
    def nexts(self) -> tuple[Node, ...]:
        """What is evaluated in each step."""
        return (self.call,)

    @property
    def bound(self) -> frozenset[str]:
        """The name that has a meaning in the call alone."""
        return frozenset({self.index})


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
    parts = list(walk(node))
    found = {part.id if isinstance(part, Name) else part.name for part in parts if isinstance(part, Name | Call)}
    scans = [part for part in parts if isinstance(part, Scan | Threaded)]
    return found if not scans else _free(node, found)


def _free(node: Node, found: set[str]) -> set[str]:
    """Those of the found names that stand for something outside of the steps in which they are read."""
    free: set[str] = set()
    pending: list[tuple[Node, frozenset[str]]] = [(node, frozenset())]
    while pending:
        part, bound = pending.pop()
        if isinstance(part, Call) or (isinstance(part, Name) and part.id not in bound):
            free.add(part.name if isinstance(part, Call) else part.id)
        inner = {id(following) for following in part.nexts} if isinstance(part, Scan | Threaded) else set()
        within = bound | part.bound if isinstance(part, Scan | Threaded) else bound
        pending.extend((child, within if id(child) in inner else bound) for child in children(part))
    return free & found


def in_recurrences(node: Node) -> set[int]:
    """The parts that are evaluated once in every step of a recurrence, or of calls in turn, by their ids."""
    scans = [part for part in walk(node) if isinstance(part, Scan | Threaded)]
    return {id(part) for scan in scans for following in scan.nexts for part in walk(following)}
