"""Integers, truths and texts evaluated without arrays: what dimensions and `where` are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from harness.language.operators import BINARY, COMPARE, INTEGER, INTEGER_UNARY, LOGIC, UNARY
from harness.language.syntax import Binary, Call, Compare, Logic, Name, Node, Number, Text, Unary

CALLS: dict[str, Callable[..., Any]] = {
    "contains": lambda whole, part: part in whole,
    "first": lambda whole: whole[0] if whole else "",
    "len": len,
    "texts": lambda *parts: [text for part in parts for text in ([part] if isinstance(part, str) else part)],
    "distinct": lambda whole: len(set(whole)) == len(whole),
    "abs": abs,
    "all": bool,
    "any": bool,
}


class NotScalar(Exception):
    """An expression that needs arrays."""


def evaluate_scalar(node: Node, names: Mapping[str, Any]) -> Any:
    """The value; NotScalar for what is no integer, truth or text, KeyError for a name that is not given."""
    match node:
        case Number(value=value) | Text(value=value):
            return value
        case Name(id=name):
            return names[name]
        case Unary(op=op, operand=operand):
            return (INTEGER_UNARY.get(op) or UNARY[op].apply)(evaluate_scalar(operand, names))
        case Binary(op=op, left=left, right=right) if BINARY[op].entrywise:
            sides = evaluate_scalar(left, names), evaluate_scalar(right, names)
            return (INTEGER.get(op) or BINARY[op].apply)(*sides)
        case Compare(op=op, left=left, right=right):
            return COMPARE[op].apply(evaluate_scalar(left, names), evaluate_scalar(right, names))
        case Logic(op=op, parts=parts):
            return LOGIC[op].apply(evaluate_scalar(part, names) for part in parts)
        case Call(name=name, arguments=arguments, keywords=()) if name in CALLS:
            return CALLS[name](*(evaluate_scalar(part, names) for part in arguments))
    raise NotScalar(f"{type(node).__name__}")
