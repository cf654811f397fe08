"""The types that operators take and give."""

from __future__ import annotations

from dataclasses import replace

from harness.language.operators import BINARY, COMPARE, INTEGERS, SIDES
from harness.language.rules.entries import UNKNOWN, ends, inverted, negated, never_zero, of_operation
from harness.language.rules.fitting import broadcast, entrywise_in_format, ints, real, seen
from harness.language.sizes import Size
from harness.language.types import Array, Claim, Mismatch, Ranges, Record, Shape, Type, Word, Words, show


def binary(op: str, left: Type, right: Type, ranges: Ranges) -> Array:
    """`+ - * / @ // % & | ^ << >>`: integers stay integers, except under `/` and `@`."""
    if op == "@":
        return matmul(left, right)
    if BINARY[op].gives == INTEGERS:
        a, b = ints(left, f"an integer array for {op}"), ints(right, f"an integer array for {op}")
        constant = b.size.constant if b.size is not None else None
        if op in ("//", "%") and b.size is not None and not never_zero(b.size, ranges):
            what = "zero" if constant == 0 else "what may be zero"
            raise Mismatch(f"{op} by {what}", got=str(b.size), hint="bound the dimensions so that it cannot")
        if op in ("<<", ">>") and constant is not None and not 0 <= constant < 63:
            raise Mismatch(f"{op} by a number of bits that integers do not have", "0 to 62", str(constant))
        size = None
        if op == "//" and a.size is not None and b.size is not None and (b.size.constant or 0) > 0:
            size = a.size.floordiv(b.size.constant or 1)
        return _integers(op, a, b, size, ranges)
    if BINARY[op].gives == SIDES and all(isinstance(side, Array) and side.kind == "int" for side in (left, right)):
        a, b = ints(left), ints(right)
        size = None
        if a.size is not None and b.size is not None:
            size = BINARY[op].apply(a.size, b.size)
        return _integers(op, a, b, size, ranges)
    return Array("real", broadcast(real(left).shape, real(right).shape, op), observed=seen(left, right))


def _integers(op: str, a: Array, b: Array, size: Size | None, ranges: Ranges) -> Array:
    """Of two arrays of integers: the size that the result is, or else between what its entries lie."""
    low, high = UNKNOWN if size is not None else of_operation(op, a, b, ranges)
    return Array("int", broadcast(a.shape, b.shape, op), size, low, high, seen(a, b))


def matmul(left: Type, right: Type) -> Array:
    """The last axis of the left side against the first of the right; of matrices in a batch, the last but one."""
    a, b = real(left), real(right)
    if not a.shape or not b.shape:
        raise Mismatch("@ needs arrays on both sides", got=f"{left} @ {right}")
    inner = b.shape[max(0, len(b.shape) - 2)]
    if a.shape[-1] != inner:
        raise Mismatch("the sides of @ do not fit", f"{a.shape[-1]} rows on the right", f"{inner}", f"{left} @ {right}")
    if len(b.shape) <= 2:
        return Array("real", a.shape[:-1] + b.shape[1:], observed=seen(left, right))
    lead = broadcast(a.shape[:-2], b.shape[:-2], "@ before their last two axes")
    return Array("real", (*lead, *a.shape[-2:-1], b.shape[-1]), observed=seen(left, right))


def compare(op: str, left: Type, right: Type) -> Array:
    """A comparison, entry by entry; texts are equal or not."""
    if isinstance(left, Word | Words) and type(left) is type(right) and _open(left, right):
        if not COMPARE[op].commutes:
            raise Mismatch(f"texts are equal or not; {op} says nothing", "== or !=", op)
        return Array("bool", observed=seen(left, right))
    if isinstance(left, Word | Words | Record | Claim) or isinstance(right, Word | Words | Record | Claim):
        raise Mismatch(f"{left} and {right} cannot be compared with {op}")
    kinds = {side.kind for side in (left, right) if isinstance(side, Array)}
    if "bool" in kinds:
        raise Mismatch("truth values are combined with and, or, not", got=f"{left} {op} {right}")
    return Array("bool", broadcast(left.shape, right.shape, op), observed=seen(left, right))


def _open(*parts: Type) -> bool:
    """Whether texts are only known when a claim runs; comparing two known texts says nothing."""
    return any(part.observed or (isinstance(part, Word) and part.value is None) for part in parts)


def logic(op: str, parts: list[Type]) -> Type:
    """`and` and `or` of truth values, entry by entry; `and` joins claims with single truth values too."""
    for part in parts:
        if not (isinstance(part, Claim) or (isinstance(part, Array) and part.kind == "bool")):
            raise Mismatch(f"{part} is no side of {op}", "a claim or truth values", str(part), "compare it first")
    shape: Shape = ()
    for part in parts:
        try:
            shape = broadcast(shape, part.shape, op)
        except Mismatch as mismatch:
            hint = "all(...) of each makes one truth value of it" if op == "and" and seen(*parts) else mismatch.hint
            raise Mismatch(mismatch.message, mismatch.expected, mismatch.got, hint) from None
    if any(isinstance(part, Claim) for part in parts):
        if op == "or":
            raise Mismatch("claims are joined with and", hint="write two falsifiers instead of `or`")
        if shape:
            raise Mismatch("a claim joined with an array", "one truth value", show(shape), "use all(...) or any(...)")
        return Claim()
    return Array("bool", shape, observed=seen(*parts))


def unary(op: str, part: Type) -> Type:
    """`-`, `~` and `not`."""
    if op == "not":
        if isinstance(part, Array) and part.kind == "bool":
            return part
        hint = "a claim cannot be negated" if isinstance(part, Claim) else "compare it with something"
        raise Mismatch("not needs a truth value", got=str(part), hint=hint)
    if op == "~":
        whole = ints(part, "an integer array for ~")
        low, high = inverted(ends(whole))
        return replace(whole, size=None, low=low, high=high, dtype="")  # -1 is none of u8
    if isinstance(part, Array) and part.kind == "int":
        low, high = negated((part.low, part.high))
        size = -part.size if part.size is not None else None
        return replace(part, size=size, low=low, high=high, dtype="", choice=False)
    return entrywise_in_format(part)
