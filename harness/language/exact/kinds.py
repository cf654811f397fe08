"""What kind of value something is, and integers, which are the same in every way of evaluating."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from harness.language.exact.choice import Choice

Value = Any

INTEGER = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "//": operator.floordiv, "%": operator.mod,
    "&": operator.and_, "|": operator.or_, "^": operator.xor, "<<": operator.lshift, ">>": operator.rshift,
}  # fmt: skip


def is_whole(value: Value) -> bool:
    """Whether a value is made of integers, a choice included."""
    return isinstance(value, int | np.integer | Choice) or (isinstance(value, np.ndarray) and value.dtype.kind in "iu")


def compare_integers(op: str, left: Any, right: Any) -> Any:
    """An integer comparison; numbers and arrays alike."""
    return {"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
            ">=": operator.ge}[op](left, right)  # fmt: skip
