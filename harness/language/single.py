"""The single domain: plain float32, as a straightforward implementation would compute. The reference subject."""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.language.evaluate import decode
from harness.language.exact.kinds import is_whole
from harness.language.functions import FUNCTIONS
from harness.language.operators import BINARY, COMPARE, INTEGER, LOGIC, UNARY
from harness.language.packed import Packed

Value = Any
F = np.float32


class Single:
    """Evaluates in float32. Subclasses plant faults: they override `call`, `index` or another public method."""

    key = "single"

    def literal(self, value: int | float) -> Value:
        return value if isinstance(value, int) else F(value)

    def given(self, value: Any) -> Value:
        if isinstance(value, np.ndarray):
            return value.astype(F) if value.dtype.kind == "f" else value.astype(np.int64)
        return int(value) if isinstance(value, np.integer) else value

    def real(self, value: Value) -> Any:
        if isinstance(value, Packed):
            return decode(value, self)
        return np.asarray(value, F)

    def whole(self, value: Value) -> Any:
        return value

    def binary(self, op: str, left: Value, right: Value) -> Value:
        if op in INTEGER and is_whole(left) and is_whole(right):
            return INTEGER[op](left, right)
        x, y = self.real(left), self.real(right)
        with np.errstate(all="ignore"):
            return BINARY[op].apply(x, y)

    def unary(self, op: str, value: Value) -> Value:
        if op == "not":
            return np.logical_not(value)
        return UNARY[op].apply(value if is_whole(value) else self.real(value))

    def compare(self, op: str, left: Value, right: Value) -> Value:
        if isinstance(left, str | list):
            return (left == right) == (op == "==")
        if is_whole(left) and is_whole(right):
            return COMPARE[op].apply(left, right)
        return COMPARE[op].apply(self.real(left), self.real(right))

    def logic(self, op: str, parts: list[Value]) -> Value:
        values = [bool(np.all(part)) for part in parts]
        return LOGIC[op].apply(values)

    def index(self, value: Value, items: tuple[Any, ...]) -> Value:
        return value.take(items) if isinstance(value, Packed) else value[items]

    def certain(self, truth: Any) -> Value:
        """A truth value: here every one is beyond doubt."""
        return truth

    def call(self, name: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        with np.errstate(all="ignore"):
            return FUNCTIONS[name].single(self, *arguments, **keywords)
