"""What the condition of a `where` says of its sides: in `where(ids >= 0, ids, 0)` no entry is below 0.

The condition compares integers with the side as it is written. Only those entries of a side are taken of which the
comparison is true, or false, so what is taken lies beyond the ends of what the side is compared with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from harness.language import types as T
from harness.language.infer.recurrences import InnerTyped
from harness.language.infer.scope import Scope
from harness.language.rules.entries import UNKNOWN, Ends, ends, of_both
from harness.language.syntax import Call, Compare, Logic, Node, Scan, Threaded, Unary, walk

OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
EXCHANGED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def narrowed_sides(
    arguments: Sequence[Node], sides: Sequence[T.Type], scope: Scope, inner: InnerTyped
) -> Iterator[T.Type]:
    """The types of the two sides of a `where`, given as they are without its condition."""
    condition, *written = arguments
    within = replace(scope, noted=None)  # parts of the condition have been noted
    for side, kind, holds in zip(written, sides, (True, False), strict=True):
        said = [(op, other) for op, other in _comparisons(side, condition, holds) if not _is_long(other)]
        yield _narrowed(kind, [(op, inner(other, within)) for op, other in said], scope.ranges)


def _comparisons(side: Node, condition: Node, holds: bool) -> Iterator[tuple[str, Node]]:
    """What is true of the side wherever it is taken: the operator, and what it is compared with."""
    match condition:
        case Compare(op=op, left=left, right=right):
            op = op if holds else OPPOSITE[op]
            if left == side:
                yield op, right
            if right == side:
                yield EXCHANGED[op], left
        case Logic(op=op, parts=parts) if (op == "and") == holds:
            for part in parts:
                yield from _comparisons(side, part, holds)
        case Unary(op="not", operand=operand):
            yield from _comparisons(side, operand, not holds)


def _is_long(other: Node) -> bool:
    """What may hold a `where` itself would be typed again in each of them, twice as often in every level."""
    return any(
        isinstance(part, (Scan, Threaded)) or (isinstance(part, Call) and part.name == "where") for part in walk(other)
    )


def _narrowed(kind: T.Type, said: Sequence[tuple[str, T.Type]], ranges: T.Ranges) -> T.Type:
    """Of integers the ends that are left; one number that is known stays as it is."""
    if not isinstance(kind, T.Array) or kind.kind != "int" or kind.size is not None:
        return kind
    found = ends(kind)
    for op, than in said:
        if isinstance(than, T.Array) and than.kind == "int":
            found = of_both(found, _beyond(op, than), ranges)
    return replace(kind, low=found[0], high=found[1])


def _beyond(op: str, than: T.Array) -> Ends:
    """The ends of an integer that compares so with an entry of an array."""
    low, high = ends(than)
    match op:
        case "==":
            return low, high
        case ">=":
            return low, None
        case ">":
            return None if low is None else low + 1, None
        case "<=":
            return None, high
        case "<":
            return None, None if high is None else high - 1
    return UNKNOWN
