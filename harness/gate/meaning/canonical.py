"""Claims in one canonical spelling. Equal forms mean the same; different forms may mean the same, too.

Sides of `==`, `!=` and of operations that commute are put in order, `a > b` is written `b < a`, and nested `and` and
`or` are one. Only for claims: in equations a bound may depend on the spelling.
"""

from __future__ import annotations

from functools import reduce

from harness.gate.spelling import with_parts
from harness.language.operators import BINARY, COMPARE
from harness.language.syntax import Binary, Call, Compare, Logic, Node, ResultField, spell


def canonical_form(node: Node, deep: bool = False) -> Node:
    """The same expression in the one spelling. `deep`: of integers, of which sums and products may be regrouped."""
    inner = with_parts(node, lambda part: canonical_form(part, deep))
    match inner:
        case Compare(op=op, left=left, right=right) if COMPARE[op].mirrored:
            return Compare(COMPARE[op].mirrored, right, left)
        case Compare(op=op, left=left, right=right) if COMPARE[op].commutes:
            return Compare(op, *_ordered(left, right))
        case Binary(op=op) if BINARY[op].commutes and deep:
            return reduce(lambda one, other: Binary(op, one, other), sorted(_terms(op, inner), key=spell))
        case Binary(op=op, left=left, right=right) if BINARY[op].commutes:
            return Binary(op, *_ordered(left, right))
        case Logic(op=op, parts=parts):
            flat = [part for one in parts for part in _flat(op, one)]
            return Logic(op, tuple(sorted(flat, key=spell)))
        case Call(name=name, arguments=arguments, keywords=keywords):
            return Call(name, arguments, tuple(sorted(keywords, key=lambda pair: pair[0])))
    return inner


def _terms(op: str, part: Node) -> list[Node]:
    if isinstance(part, Binary) and part.op == op:
        return [*_terms(op, part.left), *_terms(op, part.right)]
    return [part]


def _flat(op: str, part: Node) -> tuple[Node, ...]:
    return part.parts if isinstance(part, Logic) and part.op == op else (part,)


def conjuncts(node: Node) -> list[Node]:
    """The parts of a claim that all have to hold, each in the one spelling."""
    whole = canonical_form(node)
    parts = whole.parts if isinstance(whole, Logic) and whole.op == "and" else (whole,)
    return [_short(part) for part in parts]


def _short(part: Node) -> Node:
    """`finite(r)`, which is a claim about a result, where it is written out."""
    match part:
        case Call(name="all", arguments=(Call(name="is_finite", arguments=(ResultField() as result,), keywords=()),)):
            return Call("finite", (result,), ())
    return part


def _ordered(left: Node, right: Node) -> tuple[Node, Node]:
    return (left, right) if spell(left) <= spell(right) else (right, left)
