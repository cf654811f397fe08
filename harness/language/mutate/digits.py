"""Binary digits that the value of an expression may have: a format with room for all of them loses nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from math import frexp

from harness.language.dtypes import DTYPES, FLOAT32, Dtype
from harness.language.syntax import Binary, Call, Index, Name, Node, Number, Text, Unary
from harness.language.syntax.nodes import STORED

# Functions whose results are entries of their arguments, or these without a sign.
PICKING = ("abs", "concat", "max", "min", "relu", "reshape", "stack", "transpose")


@dataclass(frozen=True)
class Digits:
    """Numbers below 2**high with at most `count` binary digits, none of them below 2**low."""

    count: int
    low: int
    high: int

    @staticmethod
    def of(dtype: Dtype) -> Digits:
        """Those of every number of a format."""
        if not dtype.is_real:
            return Digits(dtype.bits, 0, dtype.bits)
        return Digits(dtype.numbers.digits, dtype.numbers.lowest, frexp(dtype.numbers.largest)[1])

    def times(self, other: Digits) -> Digits:
        return Digits(self.count + other.count, self.low + other.low, self.high + other.high)

    def plus(self, other: Digits) -> Digits:
        low, high = min(self.low, other.low), max(self.high, other.high) + 1
        return Digits(high - low, low, high)

    def or_(self, other: Digits) -> Digits:
        return Digits(max(self.count, other.count), min(self.low, other.low), max(self.high, other.high))

    def fit(self, name: str) -> bool:
        """Whether a format holds every such number that float32 holds."""
        held = Digits.of(DTYPES[name])
        most = Digits.of(FLOAT32).high
        return self.count <= held.count and self.low >= held.low and min(self.high, most) <= held.high


def stored_formats(node: Node) -> tuple[str, ...]:
    """The formats that `stored(x, ...)` names; of anything else, none."""
    if not (isinstance(node, Call) and node.name == STORED):
        return ()
    return tuple(word.value for word in node.arguments[1:] if isinstance(word, Text))


def digits_of(node: Node, known: Mapping[str, Digits]) -> Digits | None:
    """The digits of an expression, from those of the names that it reads; None: any number may come out."""
    match node:
        case Name(id=name):
            return known.get(name)
        case Number(value=value) if isinstance(value, int):
            return Digits(value.bit_length(), 0, value.bit_length())
        case Unary(op="-", operand=inner) | Index(value=inner):
            return digits_of(inner, known)
        case Call(name=name, arguments=(inner, *words)) if name == STORED:
            stored = [Digits.of(DTYPES[name]) for name in stored_formats(node)]
            return reduce(Digits.or_, stored) if words else digits_of(inner, known)
        case Call(name=name, arguments=arguments) if name in PICKING:
            parts = arguments if name in ("concat", "stack") else arguments[:1]
            found = [digits_of(part, known) for part in parts]
            whole = [part for part in found if part is not None]
            return reduce(Digits.or_, whole) if len(whole) == len(found) else None
        case Binary(op="*" | "+" | "-" as op, left=left, right=right):
            first, second = digits_of(left, known), digits_of(right, known)
            if first is None or second is None:
                return None
            return first.times(second) if op == "*" else first.plus(second)
    return None
