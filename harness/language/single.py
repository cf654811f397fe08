"""The single domain: one number per value, as a straightforward implementation would compute. The reference subject.

Plain float32, where a contract does not ask for more.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import reduce
from typing import Any, Self

import numpy as np

from harness.language import integer_arithmetic
from harness.language.behind import Untouched
from harness.language.dtypes import DTYPES, is_real
from harness.language.evaluate import decode
from harness.language.exact.kinds import is_truth, is_whole
from harness.language.functions import FUNCTIONS
from harness.language.operators import BINARY, COMPARE, INTEGER, INTEGER_UNARY, JOIN, UNARY
from harness.language.packed import Packed
from harness.language.places import check_places

Value = Any
F = np.float32


class Single:
    """Evaluates in float32. Subclasses plant faults: they override `call`, `index` or another public method.

    `number`: NumPy's type of every value; `accumulator`: that of sums over an axis, which end in a `number`.
    `saturates`: whether what is stored beyond the largest number of a format becomes that number.
    """

    key = "single"
    number: type[np.floating[Any]] = F
    accumulator: type[np.floating[Any]] = F
    saturates: bool = False

    def computing(self, number: str, accumulator: str, saturates: bool = False) -> Self:
        """The same domain in these number formats, with these conversions."""
        wanted = DTYPES[number].numpy.type, DTYPES[accumulator].numpy.type, saturates
        if wanted == (self.number, self.accumulator, self.saturates):
            return self
        other = copy(self)
        other.number, other.accumulator, other.saturates = wanted
        other.key = f"{self.key}, {number}, sums in {accumulator}{', saturating' if saturates else ''}"
        return other

    def literal(self, value: int | float) -> Value:
        return value if isinstance(value, int) else self.number(value)

    def given(self, value: Any) -> Value:
        if Untouched.is_large(value):
            return value
        if isinstance(value, np.ndarray):
            return (
                np.array(value, self.number)
                if is_real(value.dtype)
                else integer_arithmetic.stored(np.array(value), "an input")
            )
        return int(value) if isinstance(value, np.integer) else value

    def real(self, value: Value) -> Any:
        if isinstance(value, Packed):
            return decode(value, self)
        return value if Untouched.is_large(value) else np.asarray(value, self.number)

    def total(self, x: Any, axis: int | None, keepdims: bool = False) -> Any:
        """The sum of real numbers."""
        return self._ended(np.sum(x, axis, dtype=self.accumulator, keepdims=keepdims))

    def mean(self, x: Any, axis: int | None, keepdims: bool = False) -> Any:
        """The mean of real numbers; of none it is NaN, of which NumPy would warn."""
        if not x.size:
            count = x.size if axis is None else x.shape[axis]
            with np.errstate(invalid="ignore"):
                return self._ended(np.sum(x, axis, dtype=self.accumulator, keepdims=keepdims) / self.accumulator(count))
        return self._ended(np.mean(x, axis, dtype=self.accumulator, keepdims=keepdims))

    def product(self, x: Any, y: Any) -> Any:
        """x @ y."""
        if self.accumulator is not self.number:
            x, y = x.astype(self.accumulator), y.astype(self.accumulator)
        return self._ended(x @ y)

    def _ended(self, sum_: Any) -> Any:
        return sum_ if self.accumulator is self.number else sum_.astype(self.number)

    def whole(self, value: Value) -> Any:
        return value

    def decided(self, value: Value) -> Value:
        return value

    def binary(self, op: str, left: Value, right: Value) -> Value:
        with np.errstate(all="ignore"):
            if op in INTEGER and is_whole(left) and is_whole(right):
                # Divided by zero, NumPy's integers give zero and Python's an exception.
                zero = op in ("//", "%") and not np.all(right)
                return INTEGER[op](np.asarray(left) if zero else left, right)
            x, y = self.real(left), self.real(right)
            return self.product(x, y) if op == "@" else BINARY[op].apply(x, y)

    def unary(self, op: str, value: Value) -> Value:
        if op == "not":
            return np.logical_not(value)
        return INTEGER_UNARY[op](value) if is_whole(value) else UNARY[op].apply(self.real(value))

    def compare(self, op: str, left: Value, right: Value) -> Value:
        if isinstance(left, str | list):
            return (left == right) == (op == "==")
        if is_whole(left) and is_whole(right):
            return COMPARE[op].apply(left, right)
        return COMPARE[op].apply(self.real(left), self.real(right))

    def logic(self, op: str, parts: list[Value]) -> Value:
        return reduce(JOIN[op], [np.asarray(part, np.bool_) for part in parts])

    def index(self, value: Value, items: tuple[Any, ...]) -> Value:
        check_places(value.shape, items)
        if isinstance(value, Packed):
            return value.take(items)
        return self.given(value[items]) if isinstance(value, Untouched) else value[items]

    def moved(self, value: Value, move: Callable[[np.ndarray], np.ndarray]) -> Value:
        """The entries of an array of any kind at other places, some left out or repeated."""
        return move(value if is_whole(value) or is_truth(value) else self.real(value))

    def joined(self, parts: list[Value], join: Callable[[list[np.ndarray]], np.ndarray]) -> Value:
        """Several arrays of one kind as one; integers beside reals become real."""
        if all(is_whole(part) for part in parts):
            return join(integer_arithmetic.alike(parts))
        return join(parts if all(is_truth(part) for part in parts) else [self.real(part) for part in parts])

    def without_value(self, value: Value, rows: np.ndarray) -> Value:
        """The same values with NaN in some rows."""
        whole = self.real(value)
        return np.where(rows.reshape(-1, *[1] * (whole.ndim - 1)), F(np.nan), whole)

    def carried(self, state: Value) -> Value:
        """A state of a recurrence as the next step reads it."""
        return state

    def certain(self, truth: Any) -> Value:
        """A truth value: here every one is beyond doubt."""
        return truth

    def call(self, name: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        with np.errstate(all="ignore"):
            return FUNCTIONS[name].single(self, *arguments, **keywords)
