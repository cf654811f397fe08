"""Sizes and conditions of dimensions, computed with plain integers, and the values dimensions may take.

Most edits of a domain are decided here, so that the gate needs no arrays: every assignment of the few dimensions that
take part is enumerated. What is not made of integers is Undecidable here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from harness.contract.access import entries, items
from harness.contract.node import YamlNode
from harness.gate.spelling import parsed, rewritten
from harness.language.dtypes import DTYPES
from harness.language.integer_domain import Evaluate, IntegerDomain
from harness.language.scalar_evaluation import NotScalar, evaluate_scalar
from harness.language.syntax import Binary, Call, Name, Node, Number, names

MAX_POINTS = 50_000
Values = Collection[int]  # a range, or a set where a list of values is given


class Undecidable(Exception):
    """Plain integers do not decide this."""


def integer_value(node: Node, known: Mapping[str, Any]) -> Any:
    """The value of an expression of integers, texts and truth values; Undecidable for everything else."""
    try:
        return evaluate_scalar(node, known)
    except (NotScalar, ArithmeticError, LookupError, TypeError, ValueError):
        raise Undecidable from None


def expression(tree: YamlNode) -> Node:
    """An integer or expression of a contract, parsed; Undecidable where it is none."""
    node = parsed(str(tree.value))
    if node is None:
        raise Undecidable
    return node


def with_sizes(node: Node, inputs: Mapping[str, YamlNode]) -> Node:
    """A condition in which lengths and bytes of a declared input are what its shape says."""

    def known(part: Node) -> Node:
        match part:
            case Call(name="len", arguments=(Name(id=name), *axis), keywords=()) if name in inputs:
                shape = items(inputs[name], "shape")
                match axis:
                    case [] if shape:
                        return expression(shape[0])
                    case [Number(value=int(place))] if -len(shape) <= place < len(shape):
                        return expression(shape[place])
            case Call(name="nbytes", arguments=(Name(id=name),), keywords=()) if _plain(inputs, name):
                whole: Node = Number(DTYPES[str(entries(inputs[name])["dtype"].value)].bytes)
                for size in items(inputs[name], "shape"):
                    whole = Binary("*", whole, expression(size))
                return whole
        return part

    return rewritten(node, known)


def _plain(inputs: Mapping[str, YamlNode], name: str) -> bool:
    """Whether an input is made of numbers, not of blocks."""
    return name in inputs and "dtype" in entries(inputs[name]) and str(entries(inputs[name])["dtype"].value) in DTYPES


def domain_of(tree: YamlNode) -> IntegerDomain:
    """What is declared of a dimension, or what a falsifier's `given` says of it; Undecidable where it is unreadable."""
    if isinstance(tree.value, int):
        return IntegerDomain(values=(tree.value,))
    parts = entries(tree)
    low, high = (expression(parts[key]) if key in parts else None for key in ("min", "max"))
    return IntegerDomain(low, high, tuple(int(str(item.value)) for item in items(tree, "values")))


def values_of(dimension: YamlNode, known: Mapping[str, int]) -> Values:
    """What a dimension may be, given those declared before it."""
    return _values(domain_of(dimension).integers(_with(known)))


def narrowed_values(declared: Values, given: YamlNode | None, known: Mapping[str, int]) -> Values:
    """The declared values that a falsifier's `given` leaves."""
    return declared if given is None else _values(domain_of(given).within(declared, _with(known)))


def _with(known: Mapping[str, int]) -> Evaluate:
    return lambda end: int(integer_value(end, known))


def _values(numbers: Sequence[int]) -> Values:
    return numbers if isinstance(numbers, range) else frozenset(numbers)


def inside(left: Values, right: Values) -> bool:
    """Whether every value of the left is one of the right."""
    if isinstance(left, range) and isinstance(right, range):
        return not left or (left.start >= right.start and left.stop <= right.stop)
    return all(value in right for value in left)


def range_names(tree: YamlNode | None) -> set[str]:
    """The dimensions that the ends of a range are made of."""
    return domain_of(tree).reads if tree is not None else set()


def at_sizes(root: YamlNode) -> list[dict[str, YamlNode]]:
    """The dimensions of a contract as their ranges say, then with the numbers of each of its `sizes`."""
    dimensions = entries(root, "dimensions")
    return [dimensions, *({**dimensions, **entries(size)} for size in items(root, "sizes"))]


def equal_everywhere(root: YamlNode, one: YamlNode, other: YamlNode) -> bool:
    """Whether two expressions of dimensions alone are equal for all numbers of a contract; False where it is open."""
    try:
        sides = expression(one), expression(other)
        needed = names(sides[0]) | names(sides[1])
        if needed - set(entries(root, "dimensions")):
            return False
        return all(
            integer_value(sides[0], point) == integer_value(sides[1], point)
            for dimensions in at_sizes(root)
            for point in points(needed, dimensions)
        )
    except Undecidable:
        return False


def closure(wanted: set[str], dimensions: Mapping[str, YamlNode], givens: Mapping[str, YamlNode]) -> list[str]:
    """The wanted dimensions and all that their ranges depend on, in the order of declaration."""
    known: set[str] = set()
    pending = list(wanted & set(dimensions))
    while pending:
        name = pending.pop()
        if name not in known:
            known.add(name)
            pending.extend((range_names(dimensions[name]) | range_names(givens.get(name))) & set(dimensions))
    return [name for name in dimensions if name in known]


def points(
    wanted: set[str], dimensions: Mapping[str, YamlNode], givens: Mapping[str, YamlNode] | None = None
) -> Iterator[dict[str, int]]:
    """Every assignment of the wanted dimensions and of those they depend on; Undecidable beyond MAX_POINTS."""
    order = closure(wanted, dimensions, givens or {})
    for count, point in enumerate(_points(order, dimensions, givens or {}, {})):
        if count >= MAX_POINTS:
            raise Undecidable
        yield point


def _points(
    order: list[str], dimensions: Mapping[str, YamlNode], givens: Mapping[str, YamlNode], known: dict[str, int]
) -> Iterator[dict[str, int]]:
    if not order:
        yield dict(known)
        return
    name, *rest = order
    values = narrowed_values(values_of(dimensions[name], known), givens.get(name), known)
    if len(values) > MAX_POINTS:
        raise Undecidable
    for value in sorted(values):
        yield from _points(rest, dimensions, givens, {**known, name: value})
