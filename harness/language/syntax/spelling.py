"""Expressions written as text again."""

from __future__ import annotations

from harness.language.syntax.nodes import (
    SCAN,
    STORED,
    THREADED,
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
    ResultField,
    Scan,
    Slice,
    Text,
    Threaded,
    Unary,
)


def spell(node: Node) -> str:
    """The expression as text again, with only the parentheses it needs to be unambiguous."""
    match node:
        case Number(value=value):
            return repr(value)
        case Text(value=value):
            return repr(value)
        case Name(id=name):
            return name
        case Unary(op=op, operand=operand):
            return f"{op}{' ' if op == 'not' else ''}{_inner(operand)}"
        case Binary(op=op, left=left, right=right) | Compare(op=op, left=left, right=right):
            return f"{_inner(left)} {op} {_inner(right)}"
        case Logic(op=op, parts=parts):
            return f" {op} ".join(_inner(part) for part in parts)
        case Call(name=name, arguments=(value, *words), keywords=()) if name == STORED and words:
            formats = [word.value if isinstance(word, Text) else spell(word) for word in words]
            listed = formats[0] if len(formats) == 1 else f"[{', '.join(formats)}]"
            return f"{name}({spell(value)}, {listed})"
        case Call(name=name, arguments=arguments, keywords=keywords):
            shown = [spell(argument) for argument in arguments] + [f"{key}={spell(value)}" for key, value in keywords]
            return f"{name}({', '.join(shown)})"
        case ResultField(call=call, field=attribute):
            return f"{spell(call)}.{attribute}"
        case Scan(nexts=nexts, index=index, length=length, starts=starts):
            named = [f"{key}={spell(value)}" for key, value in ((index, length), *starts)]
            return f"{SCAN}({', '.join([*map(spell, nexts), *named])})"
        case Threaded(call=call, index=index, length=length, fed=fed):
            named = [f"{index}={spell(length)}", *(f"{argument}={result}" for argument, result in fed)]
            return f"{THREADED}({', '.join([spell(call), *named])})"
        case Slice(first=first, last=last):
            return f"{spell(first) if first else ''}:{spell(last) if last else ''}"
        case OtherAxes():
            return "..."
        case NewAxis():
            return "None"
        case Index(value=value, items=items):
            negative = isinstance(value, Number) and spell(value).startswith("-")  # `-5[0]` is -(5[0])
            inner = f"({spell(value)})" if negative else _inner(value)
            return f"{inner}[{', '.join(spell(item) for item in items)}]"
    raise AssertionError(f"unknown node {node!r}")


def _inner(node: Node) -> str:
    text = spell(node)
    return f"({text})" if isinstance(node, Binary | Compare | Logic | Unary) else text
