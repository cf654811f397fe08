"""Claims in one spelling: what nobody can tell apart has the same form. Equal forms mean the same; others may, too.

Sides of `==`, `!=` and of operations that commute are put in order, `a > b` is written `b < a`, and nested `and` and
`or` are one. Only for claims: in equations a bound may depend on the spelling.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from harness.language.syntax import Binary, Call, Compare, Logic, Node, spell

COMMUTES = {"+", "*", "&", "|", "^"}
MIRRORED = {">": "<", ">=": "<="}


def canonical(node: Node) -> Node:
    """The same expression in the one spelling."""
    inner = replace(node, **{part.name: _inside(getattr(node, part.name)) for part in fields(node) if part.compare})
    match inner:
        case Compare(op=op, left=left, right=right) if op in MIRRORED:
            return Compare(MIRRORED[op], right, left)
        case Compare(op="==" | "!=" as op, left=left, right=right):
            return Compare(op, *_ordered(left, right))
        case Binary(op=op, left=left, right=right) if op in COMMUTES:
            return Binary(op, *_ordered(left, right))
        case Logic(op=op, parts=parts):
            flat = [part for one in parts for part in _flat(op, one)]
            return Logic(op, tuple(sorted(flat, key=spell)))
        case Call(name=name, arguments=arguments, keywords=keywords):
            return Call(name, arguments, tuple(sorted(keywords, key=lambda pair: pair[0])))
    return inner


def _flat(op: str, part: Node) -> tuple[Node, ...]:
    return part.parts if isinstance(part, Logic) and part.op == op else (part,)


def conjuncts(node: Node) -> list[Node]:
    """The parts of a claim that all have to hold, each in the one spelling."""
    whole = canonical(node)
    return list(whole.parts) if isinstance(whole, Logic) and whole.op == "and" else [whole]


def _ordered(left: Node, right: Node) -> tuple[Node, Node]:
    return (left, right) if spell(left) <= spell(right) else (right, left)


def _inside(part: Any) -> Any:
    if isinstance(part, Node):
        return canonical(part)
    return tuple(_inside(item) for item in part) if isinstance(part, tuple) else part
