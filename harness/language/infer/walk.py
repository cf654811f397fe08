"""The walk over an expression: every part gets its type, from the leaves up.

An error carries the node it is about, so that it can be shown at the sub-expression inside the YAML file.
"""

from __future__ import annotations

from harness.findings import nearest
from harness.language import types as T
from harness.language.claims import SIGNATURES as CLAIMS
from harness.language.functions import FUNCTIONS
from harness.language.infer.calls import call
from harness.language.infer.indices import index
from harness.language.infer.recurrences import scan
from harness.language.infer.scope import Scope, TypeRefused
from harness.language.infer.sequences import in_turn
from harness.language.rules import operators
from harness.language.sizes import MAX_TERMS, TooLarge
from harness.language.syntax import (
    Binary,
    Call,
    Compare,
    Index,
    Logic,
    Name,
    Node,
    Number,
    ResultField,
    Scan,
    Text,
    Threaded,
    Unary,
)  # fmt: skip


def infer(node: Node, scope: Scope) -> T.Type:
    """The type of `node`; raises TypeRefused at the innermost part that does not fit."""
    try:
        kind = _infer(node, scope)
    except T.Mismatch as mismatch:
        raise TypeRefused(mismatch, node) from None
    except TooLarge:
        hint = f"declare a dimension for part of it ({MAX_TERMS} at most)"
        raise TypeRefused(T.Mismatch("a size of too many terms", hint=hint), node) from None
    if scope.noted is not None:
        scope.noted.append((node, kind))
    return kind


def _infer(node: Node, scope: Scope) -> T.Type:
    def typed(part: Node) -> T.Type:
        return infer(part, scope)

    match node:
        case Number(value=value):
            return T.integer(value) if isinstance(value, int) else T.Array("real")
        case Text(value=value):
            return T.Word(value)
        case Name(id=name):
            return _name(name, scope)
        case Unary(op=op, operand=operand):
            return operators.unary(op, typed(operand))
        case Binary(op=op, left=left, right=right):
            return operators.binary(op, typed(left), typed(right), scope.ranges)
        case Compare(op=op, left=left, right=right):
            return operators.compare(op, typed(left), typed(right))
        case Logic(op=op, parts=parts):
            return operators.logic(op, [typed(part) for part in parts])
        case Index(value=value, items=items):
            return index(typed(value), items, scope.ranges, typed)
        case ResultField(call=asked, field=name):
            return _result(typed(asked), name)
        case Call():
            return call(node, scope, typed, infer)
        case Scan():
            return scan(node, scope, typed, infer)
        case Threaded():
            return in_turn(node, scope, typed, infer)
    raise T.Mismatch("this has no meaning here")


def _name(name: str, scope: Scope) -> T.Type:
    if name in scope.names:
        return scope.names[name]
    if name in scope.subjects:
        raise T.Mismatch(f"{name!r} is a subject", hint=f"call it: {name}()")
    if name in FUNCTIONS or name in CLAIMS:
        raise T.Mismatch(f"{name!r} is a function", hint=f"call it: {name}(...)")
    raise T.Mismatch(f"unknown name {name!r}", hint=nearest(name, scope.names))


def _result(record: T.Type, name: str) -> T.Type:
    if not isinstance(record, T.Record):
        raise T.Mismatch(f"{record} has no .{name}", "a subject's result")
    if name not in record.fields:
        raise T.Mismatch(f"{record.subject}() returns no {name!r}", hint=nearest(name, record.fields))
    return record.fields[name]
