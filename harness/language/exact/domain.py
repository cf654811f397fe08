"""The exact domain: reals are `Bounded`, integers and bits int64 arrays; choices and comparisons may be in doubt."""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.language.arithmetic import Arithmetic
from harness.language.evaluate import decode
from harness.language.exact import primitives as P
from harness.language.exact.choice import Choice, Truth, compare, top_k, where
from harness.language.exact.kinds import is_whole, nbytes, type_of
from harness.language.exact.region import Bounded, add, integers, joined, literal, matvec, multiply, total
from harness.language.operators import COMPARE, INTEGER, LOGIC, UNARY
from harness.language.packed import Packed
from harness.language.texts import SHARED, bytes_of

Value = Any

ELEMENTWISE = {
    "exp": P.exp, "sqrt": P.sqrt, "silu": P.silu, "sigmoid": P.sigmoid, "relu": P.relu, "abs": P.abs_,
    "round": P.round_, "softmax": P.softmax, "stored": P.stored, "float32": P.float32,
}  # fmt: skip


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
                return P.divide(x, y)
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
            return Truth(np.asarray((left == right) == (op == "==")), np.asarray(False))
        if is_whole(left) and is_whole(right):
            v = np.asarray(COMPARE[op].apply(self.whole(left), self.whole(right)))
            return Truth(v, np.zeros(v.shape, np.bool_))
        return compare(op, self.real(left), self.real(right))

    def logic(self, op: str, parts: list[Truth]) -> Truth:
        values = [bool(truth_of(part).decided().all()) for part in parts]
        return Truth(np.asarray(LOGIC[op].apply(values)), np.asarray(False))

    def index(self, value: Value, items: tuple[Any, ...]) -> Value:
        if isinstance(value, Packed):
            return value.take(items)
        if isinstance(value, Bounded):
            return value.map(lambda part: part[items])
        return self.whole(value)[items]

    def call(self, name: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        if name in SHARED:
            return SHARED[name](*(self.whole(argument) for argument in arguments), **keywords)
        if name in ELEMENTWISE:
            return ELEMENTWISE[name](self.real(arguments[0]))
        return getattr(self, f"_{name}")(*arguments, **keywords)

    # --- primitives that only move entries, or combine the rules above -----------------------------------------

    def _sum(self, x: Value, axis: int | None = None) -> Value:
        return np.sum(self.whole(x), axis) if is_whole(x) else total(self.real(x), axis)

    def _mean(self, x: Value, axis: int | None = None) -> Value:
        return P.mean(self.real(x), axis)

    def _max(self, x: Value, axis: int | None = None) -> Value:
        return P.maximum(self.real(x), axis)

    def _min(self, x: Value, axis: int | None = None) -> Value:
        return P.maximum(self.real(x), axis, -1)

    def _rms_norm(self, x: Value, weight: Value, epsilon: Value) -> Value:
        return P.rms_norm(self.real(x), self.real(weight), self.real(epsilon))

    def _matvec(self, w: Value, x: Value) -> Value:
        return matvec(self.real(w), self.real(x))

    def _top_k(self, p: Value, k: int) -> Choice:
        return top_k(self.real(p), k)

    def _arange(self, n: int) -> Value:
        return np.arange(n)

    def _where(self, condition: Truth, x: Value, y: Value) -> Value:
        return where(condition, self.real(x), self.real(y))

    def _reshape(self, x: Value, *sizes: int) -> Value:
        if is_whole(x):
            return self.whole(x).reshape(sizes)
        return self.real(x).map(lambda part: part.reshape(sizes))

    def _transpose(self, x: Value) -> Value:
        return self.whole(x).T if is_whole(x) else self.real(x).map(np.transpose)

    def _stack(self, *parts: Value, axis: int = -1) -> Value:
        if all(is_whole(part) for part in parts):
            return np.stack([self.whole(part) for part in parts], axis)
        return joined([self.real(part) for part in parts], lambda arrays: np.stack(arrays, axis))

    def _concat(self, *parts: Value, axis: int = -1) -> Value:
        if all(is_whole(part) for part in parts):
            return np.concatenate([self.whole(part) for part in parts], axis)
        return joined([self.real(part) for part in parts], lambda arrays: np.concatenate(arrays, axis))

    def _is_finite(self, x: Value) -> Truth:
        v = np.isfinite(self.real(x).v)
        return Truth(v, np.zeros(v.shape, np.bool_))

    def _all(self, x: Truth) -> Truth:
        return Truth(np.asarray(x.decided().all()), np.asarray(False))

    def _any(self, x: Truth) -> Truth:
        return Truth(np.asarray(x.decided().any()), np.asarray(False))

    def _contains(self, whole: str | list[str], part: str) -> Truth:
        return Truth(np.asarray(part in whole), np.asarray(False))

    def _bytes_of(self, x: Value) -> Value:
        return bytes_of(self.real(x).v)

    def _distinct(self, x: Value) -> Truth:
        if isinstance(x, list):
            return Truth(np.asarray(len(set(x)) == len(x)), np.asarray(False))
        whole = np.asarray(self.whole(x))
        return Truth(np.asarray(len(np.unique(whole)) == whole.size), np.asarray(False))

    def _scaled(self, x: Value, factor: int) -> Value:
        return x.scaled(factor) if isinstance(x, Packed) else multiply(self.real(x), self.real(factor))

    def _len(self, x: Value, axis: int = 0) -> int:
        return len(x) if isinstance(x, list) else int(x.shape[axis])

    def _nbytes(self, x: Value) -> int:
        return nbytes(x)

    def _relabelled(self, x: Packed, name: str) -> Packed:
        return x.relabelled(name)

    def _has_type(self, x: Value, name: str) -> Truth:
        return Truth(np.asarray(type_of(x) == name), np.asarray(False))


def truth_of(value: Value) -> Truth:
    """A truth value of a table or of a subject is beyond doubt."""
    return value if isinstance(value, Truth) else Truth(np.asarray(value, np.bool_), np.asarray(False))
