"""The exact domain: reals are `Bounded`, integers and bits int64 arrays; choices and comparisons may be in doubt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

import numpy as np

from harness.language import integer_arithmetic
from harness.language.arithmetic import Arithmetic
from harness.language.dtypes import is_real
from harness.language.evaluate import decode
from harness.language.exact.choice import Choice, Truth, compare, top_k
from harness.language.exact.kinds import is_whole
from harness.language.exact.primitives import divide
from harness.language.exact.region import (
    Bounded,
    add,
    integers,
    joined,
    leaf_of,
    literal,
    matvec,
    multiply,
    products,
    returned,
    square,
    total,
)
from harness.language.functions import FUNCTIONS
from harness.language.operators import BINARY, COMPARE, INTEGER, INTEGER_UNARY, INTEGERS, JOIN
from harness.language.packed import Packed
from harness.language.places import check_places
from harness.language.undecided import Undecided

Value = Any
MOST_TERMS = 2**64  # of a state of a recurrence


class Exact:
    """Evaluates in float64 and bounds what the given arithmetic may do.

    `settled`: choices that are taken for made, by what they are choices of, where the bound leaves them in doubt.
    """

    def __init__(self, arithmetic: Arithmetic, settled: Mapping[object, np.ndarray] | None = None) -> None:
        self.ar = arithmetic
        self.key: object = arithmetic
        self.settled = settled or {}

    def with_choice(self, choice: Choice, index: np.ndarray) -> Exact:
        """The same domain, in which this choice is made."""
        return Exact(self.ar, {**self.settled, choice.key: index})

    def choose(self, p: Bounded, k: int, one: bool = False) -> Choice:
        """The k largest of each row of p, or the choice that is taken for made; `one`: the largest alone."""
        choice = top_k(p, k, one)
        if choice.doubts and choice.key in self.settled:
            return replace(choice, index=self.settled[choice.key], doubts={})
        return choice

    def literal(self, value: int | float) -> Value:
        return value if isinstance(value, int) else literal(value, self.ar)

    def given(self, value: Any) -> Value:
        """An input: a stored number without error. What a subject returned stands for itself (judge/shown.py)."""
        if isinstance(value, np.ndarray):
            return (
                leaf_of(value, self.ar)
                if is_real(value.dtype)
                else integer_arithmetic.stored(np.asarray(value), "an input")
            )
        return int(value) if isinstance(value, np.integer) else value

    def real(self, value: Value) -> Bounded:
        match value:
            case Bounded():
                return value
            case Packed():
                return decode(value, self)
            case Choice():
                return integers(value.decided(), self.ar)
            case np.ndarray() | np.generic() if is_real(value.dtype):
                return returned(np.asarray(value, np.float64), self.ar)
        return integers(value, self.ar)

    def whole(self, value: Value) -> Any:
        """Integers to index with. Those that a comparison in doubt chose among are reals with a bound (`where`)."""
        if isinstance(value, Bounded):
            raise Undecided("integers that depend on a comparison closer than the bound")
        return self.decided(value)

    def decided(self, value: Value) -> Value:
        """A choice as its integers; anything else as it is."""
        return value.decided() if isinstance(value, Choice) else value

    def binary(self, op: str, left: Value, right: Value) -> Value:
        if op in INTEGER and is_whole(left) and is_whole(right):
            divisor = self.whole(right)
            if op in ("//", "%") and not np.all(divisor):
                raise Undecided("a division of integers by zero")
            return INTEGER[op](self.whole(left), divisor)
        if BINARY[op].gives == INTEGERS:
            self.whole(left), self.whole(right)
        x, y = self.real(left), self.real(right)
        match op:
            case "+":
                return add(x, y)
            case "-":
                return add(x, y, -1)
            case "*" if left is right:
                return square(x)
            case "*":
                return multiply(x, y)
            case "/":
                return divide(x, y)
            case "@" if left is right and len(x.shape) == 1:
                return total(square(x), 0)
            case "@":
                return self.matmul(x.close(), x.close()) if left is right else self.matmul(x, y)
        raise AssertionError(op)

    def matmul(self, x: Bounded, y: Bounded) -> Bounded:
        if len(y.shape) > 2:
            return products(x, y) if len(x.shape) > 1 else products(x.map(_as_row), y).map(_first_row)
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
            return INTEGER_UNARY[op](self.whole(value))
        if op == "~":
            self.whole(value)
        return -self.real(value)

    def compare(self, op: str, left: Value, right: Value) -> Truth:
        if isinstance(left, str | list):
            return self.certain((left == right) == (op == "=="))
        if is_whole(left) and is_whole(right):
            return self.certain(COMPARE[op].apply(self.whole(left), self.whole(right)))
        return compare(op, self.real(left), self.real(right))

    def logic(self, op: str, parts: list[Value]) -> Truth:
        """Decided where the parts that are certain decide it: a part in doubt beside a false one joined by `and`."""
        truths = [truth_of(part) for part in parts]
        surely = reduce(JOIN[op], [truth.v & ~truth.doubt for truth in truths])
        perhaps = reduce(JOIN[op], [truth.v | truth.doubt for truth in truths])
        return Truth(np.asarray(surely), np.asarray(perhaps & ~surely))

    def index(self, value: Value, items: tuple[Any, ...]) -> Value:
        check_places(value.shape, items)
        if isinstance(value, Packed):
            return value.take(items)
        return self.moved(value, lambda part: part[items])

    def moved(self, value: Value, move: Callable[[np.ndarray], np.ndarray]) -> Value:
        """The entries of an array of any kind at other places, some left out or repeated.

        What a subject returned stays as it was stored.
        """
        if is_whole(value):
            return move(self.whole(value))
        if isinstance(value, np.ndarray):
            return move(value)
        return value.map(move) if isinstance(value, Truth) else self.real(value).map(move)

    def joined(self, parts: list[Value], join: Callable[[list[np.ndarray]], np.ndarray]) -> Value:
        """Several arrays of one kind as one; integers beside reals become real."""
        if all(isinstance(part, Truth) for part in parts):
            doubts = [np.broadcast_to(part.doubt, part.shape) for part in parts]
            return Truth(join([part.v for part in parts]), join(doubts))
        if all(is_whole(part) for part in parts):
            return join(integer_arithmetic.alike([self.whole(part) for part in parts]))
        return joined([self.real(part) for part in parts], join)

    def without_value(self, value: Value, rows: np.ndarray) -> Bounded:
        """The same values with NaN in some rows, of which nothing is known."""
        x = self.real(value)
        lost = np.broadcast_to(rows.reshape(-1, *[1] * (x.v.ndim - 1)), x.v.shape)
        e = np.where(lost, np.inf, x.e)
        return x.with_parts(replace(x.form, wild=True), np.where(lost, np.nan, x.v), e, x.a, x.k)

    def carried(self, state: Value) -> Value:
        """A state of a recurrence as the next step reads it: not judged where its terms are beyond counting.

        Their number may double in each step. From 1/u terms on there is no bound anyway.
        """
        if isinstance(state, Bounded) and max(state.form.t, state.form.m, state.form.r) > MOST_TERMS:
            return Bounded(state.v, self.ar, np.full(state.shape, np.inf))
        return state

    def certain(self, truth: Any) -> Truth:
        """A truth value, or an array of them, beyond doubt."""
        v = np.asarray(truth)
        return Truth(v, np.zeros(v.shape, np.bool_))

    def call(self, name: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        return FUNCTIONS[name].exact(self, *arguments, **keywords)


def _as_row(part: np.ndarray) -> np.ndarray:
    return part[None, :]


def _first_row(part: np.ndarray) -> np.ndarray:
    return part[..., 0, :]


def truth_of(value: Value) -> Truth:
    """A truth value of a table or of a subject is beyond doubt."""
    return value if isinstance(value, Truth) else Truth(np.asarray(value, np.bool_), np.asarray(False))
