"""Operands: in the wrong order, or left out."""

from __future__ import annotations

from dataclasses import replace

from harness.language.called import function_of
from harness.language.mutate.mutant import Edits, Operator, Site
from harness.language.operators import BETWEEN, BINARY, LOGIC, UNARY
from harness.language.syntax import Binary, Call, Compare, Logic, Node, Unary, walk


def swapped(site: Site) -> Edits:
    """Both sides exchanged, where that is no law of arithmetic."""
    match site.node:
        case Binary(op=op, left=left, right=right) | Compare(op=op, left=left, right=right) if not BETWEEN[op].commutes:
            yield "swap-operands", replace(site.node, left=right, right=left)
        case Call(arguments=arguments) if site.function and site.function.mistakable:
            first, second = site.function.mistakable
            exchanged = list(arguments)
            exchanged[first], exchanged[second] = arguments[second], arguments[first]
            yield "swap-operands", replace(site.node, arguments=tuple(exchanged))


def left_out(site: Site) -> Edits:
    """One operand is forgotten, or a function around it."""
    match site.node:
        case Binary(op=op, left=left, right=right) if BINARY[op].left_out:
            what = "normalisation" if op == "/" and reduces(right) else BINARY[op].left_out
            yield f"drop-{what}", left
            if BINARY[op].commutes or op == "@":  # of the others only the right operand can be forgotten
                yield f"drop-{what}", right
        case Logic(op=op, parts=parts):
            for place in range(len(parts)):
                rest = parts[:place] + parts[place + 1 :]
                yield f"drop-{LOGIC[op].left_out}", rest[0] if len(rest) == 1 else replace(site.node, parts=rest)
        case Unary(op=op, operand=operand) if UNARY[op].left_out:
            yield f"drop-{UNARY[op].left_out}", operand
        case Call(name=name, arguments=(inner,)) if not (site.function and site.function.keeps_values):
            yield f"drop-{name}", inner


def doubled(site: Site) -> Edits:
    """A normalisation is applied twice."""
    match site.node:
        case Binary(op="/", right=right) if reduces(right):
            yield "double-normalisation", Binary("/", site.node, right)
        case Call(name=name) if site.function and site.function.repeatable:
            yield f"double-{name}", Call(name, (site.node,), ())


def reduces(node: Node) -> bool:
    """Whether something is summed up or its largest is taken."""
    called = map(function_of, walk(node))
    return any(function is not None and function.reduces for function in called)


OPERATORS = (
    Operator("swap-operands", "the sides of `-`, `/`, `@`, a shift, a comparison or a `where` are exchanged", swapped),
    Operator(
        "drop-*",
        "a factor, term, divisor, normalisation, condition, mask, shift, sign or function is forgotten",
        left_out,
    ),
    Operator("double-*", "a normalisation is applied a second time", doubled),
)
