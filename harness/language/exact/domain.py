"""The exact domain: reals are `Bounded`, integers and bits int64 arrays; choices and comparisons may be in doubt."""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.language.arithmetic import Arithmetic
from harness.language.evaluate import decode
from harness.language.exact.choice import Choice, Truth, compare
from harness.language.exact.kinds import is_whole
from harness.language.exact.primitives import divide
from harness.language.exact.region import Bounded, add, integers, literal, matvec, multiply
from harness.language.functions import FUNCTIONS
from harness.language.operators import COMPARE, INTEGER, LOGIC, UNARY
from harness.language.packed import Packed

Value = Any


class Exact:
    """Evaluates in float64 and bounds what the given arithmetic may do."""

    def __init__(self, arithmetic: Arithmetic) -> None:
        self.ar = arithmetic
        self.key = arithmetic

    def literal(self, value: int | float) -> Value:
        return value if isinstance(value, int) else literal(value, self.ar)

    def given(self, value: Any) -> Value:
        """An input, or a value captured from a subject: a stored number without error."""
        if isinstance(value, np.ndarray):
            return Bounded(value, self.ar) if value.dtype.kind == "f" else value.astype(np.int64)
        return int(value) if isinstance(value, np.integer) else value

    def real(self, value: Value) -> Bounded:
        match value:
            case Bounded():
                return value
            case Packed():
                return decode(value, self)
            case Choice():
                return integers(value.decided(), self.ar)
            case np.ndarray() | np.floating() if value.dtype.kind == "f":
                return Bounded(value, self.ar)  # a result of a subject: a stored number
        return integers(value, self.ar)

    def whole(self, value: Value) -> Any:
        """Integers to index with."""
        return value.decided() if isinstance(value, Choice) else value

    def binary(self, op: str, left: Value, right: Value) -> Value:
        if op in INTEGER and is_whole(left) and is_whole(right):
            return INTEGER[op](self.whole(left), self.whole(right))
        x, y = self.real(left), self.real(right)
        match op:
            case "+":
                return add(x, y)
            case "-":
                return add(x, y, -1)
            case "*":
                return multiply(x, y)
            case "/":
                return divide(x, y)
            case "@":
                return self.matmul(x, y)
        raise AssertionError(op)

    def matmul(self, x: Bounded, y: Bounded) -> Bounded:
        if len(y.shape) == 1:
            if len(x.shape) == 1:
                return matvec(x.map(lambda part: part[None, :]), y).map(lambda part: part[0])
            return matvec(x, y)
        columns = y.map(np.transpose)  # [n, m] -> m columns, each multiplied by the rows of x
        rows = x.map(lambda part: part[..., None, :, :] if part.ndim > 1 else part[None, :])
        product = matvec(rows, columns)
        return (
            product.map(lambda part: np.swapaxes(part, -1, -2)) if len(x.shape) > 1 else product.map(lambda p: p[:, 0])
        )

    def unary(self, op: str, value: Value) -> Value:
        if op == "not":
            truth = truth_of(value)
            return Truth(~truth.v, truth.doubt)
        if is_whole(value):
            return UNARY[op].apply(self.whole(value))
        return -self.real(value)

    def compare(self, op: str, left: Value, right: Value) -> Truth:
        if isinstance(left, str | list):
            return self.certain((left == right) == (op == "=="))
        if is_whole(left) and is_whole(right):
            return self.certain(COMPARE[op].apply(self.whole(left), self.whole(right)))
        return compare(op, self.real(left), self.real(right))

    def logic(self, op: str, parts: list[Truth]) -> Truth:
        values = [bool(truth_of(part).decided().all()) for part in parts]
        return self.certain(LOGIC[op].apply(values))

    def index(self, value: Value, items: tuple[Any, ...]) -> Value:
        if isinstance(value, Packed):
            return value.take(items)
        if isinstance(value, Bounded):
            return value.map(lambda part: part[items])
        return self.whole(value)[items]

    def certain(self, truth: Any) -> Truth:
        """A truth value, or an array of them, beyond doubt."""
        v = np.asarray(truth)
        return Truth(v, np.zeros(v.shape, np.bool_))

    def call(self, name: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        return FUNCTIONS[name].exact(self, *arguments, **keywords)


def truth_of(value: Value) -> Truth:
    """A truth value of a table or of a subject is beyond doubt."""
    return value if isinstance(value, Truth) else Truth(np.asarray(value, np.bool_), np.asarray(False))
