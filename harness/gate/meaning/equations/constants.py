"""Constants that the cases do not show.

That two expressions agree on every case says little of a constant that no case makes visible (`+ 1e-30` beside numbers
around 1). So where a real constant stands in one version only, that version is compared with itself, the constant being
another: the nearest of those that the other version has instead, or twice the number where it has none. If this shows
no difference either, neither would a wrong constant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from math import copysign, frexp, isfinite
from typing import Any

from harness.gate.spelling import rewritten
from harness.language.operators import BINARY, INTEGER
from harness.language.syntax import Binary, Call, Compare, Node, Number, Unary, walk

Distinguishes = Callable[[int, str, Node], bool]


@dataclass(frozen=True)
class ChangedConstant:
    """A constant that one version alone has (`side`: 0 is the old one), and another in its place.

    `mutants`: the expressions by name, each with the constant exchanged in one place.
    """

    side: int
    value: float
    other: float
    mutants: list[tuple[str, Node]]

    @property
    def why_unseen(self) -> str:
        """What is said where nothing shows it."""
        return f"no case shows the constant {self.value!r}: {self.other!r} in its place changes nothing"


def real_constants(expressions: Mapping[str, Node], integers: bool = False) -> Counter[float]:
    """The real constants of some expressions without their signs, each as often as it stands there.

    No infinity: no number is near it, and the cases show its sign. No zero: inputs have numbers on both sides of it.
    `integers`: those as well.
    """
    numbers = [part.value for node in expressions.values() for part in walk(node) if isinstance(part, Number)]
    return Counter(
        abs(value) for value in numbers if isfinite(value) and value and (integers or isinstance(value, float))
    )


def changed_constants(
    old: Mapping[str, Node], new: Mapping[str, Node], integers: bool = False
) -> Iterator[ChangedConstant]:
    """Every constant that one version alone has; `integers`: not only real ones."""
    before, after = real_constants(old, integers), real_constants(new, integers)
    gone, come = sorted((before - after).elements()), sorted((after - before).elements())
    for side, extra, others, expressions in ((0, gone, come, old), (1, come, gone, new)):
        for value in dict.fromkeys(extra):
            other = min(others, key=lambda number: abs(number - value), default=2 * value or type(value)(1))
            mutants = [(name, node) for name, whole in expressions.items()
                       for node in with_constant_replaced(whole, value, other)]  # fmt: skip
            yield ChangedConstant(side, value, other, mutants)


def unseen(old: Mapping[str, Node], new: Mapping[str, Node], shows: Distinguishes, integers: bool = False) -> str:
    """Why agreement says nothing of some real constant, or ""; `integers`: of those as well.

    `shows(side, name, node)`: whether cases tell that version from itself with one expression replaced.
    """
    for part in changed_constants(old, new, integers):
        if not any(shows(part.side, name, node) for name, node in part.mutants):
            return part.why_unseen
    return ""


def as_products(node: Node) -> Node:
    """Quotients by a power of two as the products that they are: `x / 2` as `x * 0.5`."""

    def change(part: Node) -> Node:
        match part:
            case Binary(op="/", left=left, right=Number(value=number)) if number and abs(frexp(number)[0]) == 0.5:
                return Binary("*", left, Number(1 / number))
        return part

    return rewritten(node, change)


def folded(node: Node, reals: bool = False) -> Node:
    """One number in place of what is made of integers alone: `1000 * 1000` as `1000000`.

    `reals`: also of real numbers, among which one may vanish beside another.
    """

    def change(part: Node) -> Node:
        match part:
            case Unary(op="-", operand=Number(value=value)):
                return Number(-value)
            case Binary(op=op, left=Number(value=left), right=Number(value=right)) if BINARY[op].entrywise:
                whole = isinstance(left, int) and isinstance(right, int)
                compute = BINARY[op].apply if reals and not whole else INTEGER.get(op) or BINARY[op].apply
                try:
                    return Number(compute(left, right))
                except (ArithmeticError, TypeError):  # the equation has no value either
                    return part
        return part

    return rewritten(node, change)


def with_real_constants(node: Node, is_real: Callable[[Node], bool]) -> Node:
    """Folded, and integers that meet real numbers as real ones: `x < 1000 * 1000` as `x < 1000000.0`."""

    def real(part: Node, other: Node) -> Node:
        return Number(float(part.value)) if isinstance(part, Number) and is_real(other) else part

    def change(part: Node) -> Node:
        match part:
            case Binary(op="+" | "-" | "*" | "/", left=left, right=right) | Compare(left=left, right=right):
                return replace(part, left=real(left, right), right=real(right, left))
            case Call(name="where", arguments=(condition, left, right)):
                return replace(part, arguments=(condition, real(left, right), real(right, left)))
        return part

    return rewritten(folded(node), change)


def with_constant_replaced(node: Node, value: float, other: float) -> list[Node]:
    """The expression with a constant exchanged, once for each place where it stands."""
    if isinstance(node, Number):
        same = isinstance(node.value, type(value)) and abs(node.value) == value
        return [replace(node, value=other if copysign(1, node.value) > 0 else -other)] if same else []
    found: list[Node] = []
    for field in fields(node):
        if field.compare:
            found += [replace(node, **{field.name: part}) for part in _parts(getattr(node, field.name), value, other)]
    return found


def _parts(part: Any, value: float, other: float) -> list[Any]:
    if isinstance(part, Node):
        return list(with_constant_replaced(part, value, other))
    if not isinstance(part, tuple):
        return []
    return [
        (*part[:place], changed, *part[place + 1 :])
        for place, inner in enumerate(part)
        for changed in _parts(inner, value, other)
    ]
