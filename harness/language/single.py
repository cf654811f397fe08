"""The single domain: plain float32, as a straightforward implementation would compute. The reference subject."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from harness.language.evaluate import decode
from harness.language.exact.kinds import nbytes, type_of
from harness.language.operators import BINARY, COMPARE, INTEGER, LOGIC, UNARY
from harness.language.packed import Packed
from harness.language.texts import SHARED, bytes_of

Value = Any
F = np.float32


def softmax(x: np.ndarray) -> np.ndarray:
    """Over the last axis, shifted by the maximum."""
    shifted = np.exp(x - x.max(-1, keepdims=True))
    return shifted / shifted.sum(-1, keepdims=True, dtype=F)


def sigmoid(x: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-x))."""
    return F(1) / (F(1) + np.exp(-x))


def silu(x: np.ndarray) -> np.ndarray:
    """x / (1 + exp(-x))."""
    return x / (F(1) + np.exp(-x))


def relu(x: np.ndarray) -> np.ndarray:
    """max(x, 0)."""
    return np.maximum(x, F(0))


def round_(x: np.ndarray) -> np.ndarray:
    """Halves away from zero; 0.5 is added in float64, where that is exact."""
    wide = x.astype(np.float64)
    return (np.sign(wide) * np.floor(np.abs(wide) + 0.5)).astype(F)


def top_k(p: np.ndarray, k: int) -> np.ndarray:
    """The k largest, descending; ties by lower index."""
    return np.argsort(-p, kind="stable")[:k]


def matvec(w: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Rows of w times x; leading axes go together."""
    return (w @ x[..., None])[..., 0]


def rms_norm(x: np.ndarray, weight: np.ndarray, epsilon: np.ndarray) -> np.ndarray:
    """x / sqrt(mean(x * x) + epsilon) * weight."""
    return x / np.sqrt(np.mean(x * x, -1, dtype=F, keepdims=True) + epsilon) * weight


REAL: dict[str, Callable[..., Any]] = {
    "exp": np.exp, "sqrt": np.sqrt, "softmax": softmax, "sigmoid": sigmoid, "silu": silu, "relu": relu,
    "round": round_, "abs": np.abs, "stored": np.asarray, "float32": np.asarray, "matvec": matvec, "rms_norm": rms_norm,
}  # fmt: skip
MOVING: dict[str, Callable[..., Any]] = {"transpose": np.transpose, "all": np.all, "any": np.any}


class Single:
    """Evaluates in float32. Subclasses replace a primitive to plant a fault."""

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
        if op in INTEGER and _whole(left) and _whole(right):
            return INTEGER[op](left, right)
        x, y = self.real(left), self.real(right)
        with np.errstate(all="ignore"):
            return BINARY[op].apply(x, y)

    def unary(self, op: str, value: Value) -> Value:
        if op == "not":
            return np.logical_not(value)
        return UNARY[op].apply(value if _whole(value) else self.real(value))

    def compare(self, op: str, left: Value, right: Value) -> Value:
        if isinstance(left, str | list):
            return (left == right) == (op == "==")
        if _whole(left) and _whole(right):
            return COMPARE[op].apply(left, right)
        return COMPARE[op].apply(self.real(left), self.real(right))

    def logic(self, op: str, parts: list[Value]) -> Value:
        values = [bool(np.all(part)) for part in parts]
        return LOGIC[op].apply(values)

    def index(self, value: Value, items: tuple[Any, ...]) -> Value:
        return value.take(items) if isinstance(value, Packed) else value[items]

    def call(self, name: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        with np.errstate(all="ignore"):
            if name in SHARED:
                return SHARED[name](*arguments, **keywords)
            if name in REAL:
                return REAL[name](*(self.real(argument) for argument in arguments))
            if name in MOVING:
                return MOVING[name](*arguments)
            return getattr(self, f"_{name}")(*arguments, **keywords)

    def _sum(self, x: Value, axis: int | None = None) -> Value:
        return np.sum(x, axis) if _whole(x) else np.sum(self.real(x), axis, dtype=F)

    def _mean(self, x: Value, axis: int | None = None) -> Value:
        return np.mean(self.real(x), axis, dtype=F)

    def _max(self, x: Value, axis: int | None = None) -> Value:
        return np.max(self.real(x), axis)

    def _min(self, x: Value, axis: int | None = None) -> Value:
        return np.min(self.real(x), axis)

    def _top_k(self, p: Value, k: int) -> Value:
        return top_k(self.real(p), k)

    def _arange(self, n: int) -> Value:
        return np.arange(n)

    def _where(self, condition: Value, x: Value, y: Value) -> Value:
        return np.where(condition, self.real(x), self.real(y))

    def _reshape(self, x: Value, *sizes: int) -> Value:
        return (x if _whole(x) else self.real(x)).reshape(sizes)

    def _stack(self, *parts: Value, axis: int = -1) -> Value:
        return np.stack(self._alike(parts), axis)

    def _concat(self, *parts: Value, axis: int = -1) -> Value:
        return np.concatenate(self._alike(parts), axis)

    def _alike(self, parts: tuple[Value, ...]) -> list[Value]:
        return list(parts) if all(_whole(part) for part in parts) else [self.real(part) for part in parts]

    def _is_finite(self, x: Value) -> Value:
        return np.isfinite(self.real(x))

    def _contains(self, whole: str | list[str], part: str) -> bool:
        return part in whole

    def _bytes_of(self, x: Value) -> Value:
        return bytes_of(self.real(x))

    def _distinct(self, x: Value) -> Value:
        if isinstance(x, list):
            return len(set(x)) == len(x)
        return len(np.unique(x)) == np.size(x)

    def _scaled(self, x: Value, factor: int) -> Value:
        return x.scaled(factor) if isinstance(x, Packed) else self.real(x) * F(factor)

    def _len(self, x: Value, axis: int = 0) -> int:
        return len(x) if isinstance(x, list) else int(x.shape[axis])

    def _nbytes(self, x: Value) -> int:
        return nbytes(x)

    def _relabelled(self, x: Packed, name: str) -> Packed:
        return x.relabelled(name)

    def _has_type(self, x: Value, name: str) -> Value:
        return type_of(x) == name


def _whole(value: Value) -> bool:
    return isinstance(value, int | np.integer) or (isinstance(value, np.ndarray) and value.dtype.kind in "iu")
