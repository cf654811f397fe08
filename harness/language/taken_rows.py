"""Which indices take rows of an expression that is then computed for those rows alone.

`(silu(w @ x) * y)[ids]` needs the rows `ids` of w and y, and all of x: each row of the product follows from one row of
w. So the rows of an expression are the same expression of the rows of its parts, as far as its operators and functions
work row by row; below that, a part is evaluated whole, and its rows are taken. That is decided here, from the types
that the check of a contract found. harness/language/evaluate.py then computes it.

What is common to all entries of a value, such as the largest number of terms, is now common to the rows that were
taken. Value and bound are those of a case whose inputs have these rows alone, and hold for the same reasons.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from harness.language import types as T
from harness.language.called import function_of
from harness.language.function import ENTRYWISE, LAST_AXIS, NAMED_AXIS, ROWS_OF_FIRST, Function
from harness.language.sizes import Size
from harness.language.syntax import (
    Binary,
    Call,
    Compare,
    Index,
    Logic,
    Name,
    NewAxis,
    Node,
    Number,
    OtherAxes,
    Slice,
    TakenRows,
    Unary,
)  # fmt: skip

Kinds = Mapping[int, T.Type]  # the type of every part of an expression, by its id()


@dataclass(frozen=True)
class RowPlan:
    """What is computed by rows: the indices that take some, with how many, and how the rows of an expression are made.

    An expression stands for itself: where an equation has another one instead (a fault), nothing is known of its rows.
    """

    indices: dict[Node, Size] = field(default_factory=dict)
    expressions: dict[Node, Node] = field(default_factory=dict)

    def of(self, index: Index, equations: Mapping[str, Node]) -> Node | None:
        """How the rows that an index takes are computed; None where its value is evaluated whole."""
        if index not in self.indices:
            return None
        return self.made(index.value, equations)

    def made(self, value: Node, equations: Mapping[str, Node]) -> Node | None:
        """How rows of an expression, or of an equation by its name, are computed; None where it is evaluated whole."""
        meant = equations.get(value.id) if isinstance(value, Name) else value
        return None if meant is None else self.expressions.get(meant)


def rows_taken(index: Index, kinds: Kinds) -> Size | None:
    """How many rows an index takes along the first axis; None where that is not all it does to it."""
    first, *others = index.items
    if isinstance(first, OtherAxes | NewAxis) or is_whole(first) or any(_is_array(item, kinds) for item in others):
        return None
    if isinstance(first, Slice):
        taken = kinds[id(index)]
        return taken.shape[0]
    count = Size.of(1)
    for size in kinds[id(first)].shape:
        count = count * size
    return count


def is_whole(item: Node) -> bool:
    """Whether an item of an index is `:`."""
    return isinstance(item, Slice) and item.first is None and item.last is None


def _is_array(item: Node, kinds: Kinds) -> bool:
    return not isinstance(item, OtherAxes | NewAxis | Slice) and bool(kinds[id(item)].shape)


@dataclass(frozen=True)
class ByRows:
    """How the rows of an expression are computed: the expression with what is taken of its parts marked.

    `computed`: the parts of which only rows are computed, by their ids. `indices`: each index array of rows that is
    cut to the rows of the whole, with the index that it was: both take rows of the same thing.
    """

    made: Node
    computed: frozenset[int]
    indices: tuple[tuple[Node, Node], ...]


def by_rows(node: Node, typed: Iterable[tuple[Node, T.Type]]) -> ByRows | None:
    """How rows are computed; None where it has to be evaluated whole. `typed`: its parts with their types."""
    reading = _Reading({id(part): kind for part, kind in typed})
    kind = reading.kinds.get(id(node))
    if not isinstance(kind, T.Array) or not kind.shape:
        return None
    made = reading.rows(node)
    if isinstance(made, TakenRows) and not isinstance(node, Name):
        return None
    return ByRows(made, frozenset(reading.computed), tuple(reading.indices))


class _Reading:
    """An expression read from the top down: the parts that have its rows."""

    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds
        self.computed: set[int] = set()
        self.indices: list[tuple[Node, Node]] = []

    def rows(self, node: Node) -> Node:
        """The rows of an expression, from the rows of its parts where they follow from those."""
        made = self._by_parts(node)
        if made is not None or isinstance(node, Name):
            self.computed.add(id(node))
        return TakenRows(node) if made is None else made

    def _by_parts(self, node: Node) -> Node | None:
        match node:
            case Unary(operand=operand):
                return replace(node, operand=self.rows(operand))
            case Binary(op="@", left=left, right=right):
                axes, many = len(self.kinds[id(left)].shape), len(self.kinds[id(right)].shape) > 2
                by_rows = axes > 1 and left != right
                if many and by_rows:
                    return replace(node, left=self.operand(left, node), right=self.operand(right, node))
                return replace(node, left=self.rows(left)) if by_rows else None
            case Binary(left=left, right=right) | Compare(left=left, right=right):
                return replace(node, left=self.operand(left, node), right=self.operand(right, node))
            case Logic(parts=parts):
                return replace(node, parts=tuple(self.operand(part, node) for part in parts))
            case Index():
                return self._of_index(node)
            case Call() if (function := function_of(node)) is not None:
                return self._of_call(node, function)
        return None

    def operand(self, part: Node, whole: Node) -> Node:
        """The rows of an operand that has the first axis of the whole; others are broadcast along it, as they are."""
        own, shape = self.kinds[id(part)].shape, self.kinds[id(whole)].shape
        return self.rows(part) if len(own) == len(shape) and own[0] == shape[0] else part

    def _of_index(self, node: Index) -> Node | None:
        first, *others = node.items
        axes = len(self.kinds[id(node.value)].shape)
        if is_whole(first):
            return replace(node, value=self.rows(node.value))
        if isinstance(first, OtherAxes) and axes > sum(not isinstance(item, NewAxis) for item in others):
            return replace(node, value=self.rows(node.value))
        if isinstance(first, NewAxis | OtherAxes | Slice) or any(_is_array(item, self.kinds) for item in others):
            return None
        if not self.kinds[id(first)].shape:
            return None
        cut = replace(node, items=(self.rows(first), *others))
        self.indices.append((cut, node))
        return cut

    def _of_call(self, node: Call, function: Function) -> Node | None:
        works = function.by_rows
        if works == NAMED_AXIS and not self._keeps_rows(node):
            return None
        if works == LAST_AXIS and len(self.kinds[id(node)].shape) < 2:
            return None
        if works == ROWS_OF_FIRST and not self.kinds[id(node.arguments[0])].shape:
            return None
        if works in (ENTRYWISE, LAST_AXIS):
            return replace(node, arguments=tuple(self.operand(argument, node) for argument in node.arguments))
        return replace(node, arguments=(self.rows(node.arguments[0]), *node.arguments[1:])) if works else None

    def _keeps_rows(self, node: Call) -> bool:
        """Whether a reduction runs along another axis than the first."""
        rank = len(self.kinds[id(node.arguments[0])].shape)
        axis = node.arguments[1] if len(node.arguments) == 2 and not node.keywords else None
        return isinstance(axis, Number) and isinstance(axis.value, int) and axis.value % rank != 0
