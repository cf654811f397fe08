"""Types of the functions that compute numbers, one small function each."""

from __future__ import annotations

from dataclasses import replace

from harness.language.rules.fitting import broadcast, literal_axis, real, scalar_size, seen
from harness.language.sizes import at_least_zero
from harness.language.types import Array, Blocks, Mismatch, Ranges, Shape, Signature, Type


def _elementwise(x: Type) -> Array:
    return real(x)


def _reduction(x: Type, axis: Type | None = None) -> Array:
    part = real(x)
    if axis is None:
        return Array("real", observed=part.observed)
    place = literal_axis(axis, len(part.shape))
    return Array("real", part.shape[:place] + part.shape[place + 1 :], observed=part.observed)


def _sum(x: Type, axis: Type | None = None) -> Array:
    result = _reduction(x, axis)
    return replace(result, kind="int") if isinstance(x, Array) and x.kind == "int" else result


def _extreme(x: Type, axis: Type | None = None, *, ranges: Ranges) -> Array:
    result, shape = _reduction(x, axis), real(x).shape
    _not_empty("max or min", shape if axis is None else (shape[literal_axis(axis, len(shape))],), ranges)
    return result


def _not_empty(what: str, axes: Shape, ranges: Ranges) -> None:
    for size in axes:
        if not at_least_zero(size - 1, ranges):
            raise Mismatch(f"{what} over an axis that may be empty", "at least one entry", f"{size} entries",
                           "give the dimension a min of 1")  # fmt: skip


def _softmax(x: Type, *, ranges: Ranges) -> Array:
    part = real(x)
    if not part.shape:
        raise Mismatch("softmax needs an axis to run over", "an array", str(x))
    _not_empty("softmax", part.shape[-1:], ranges)
    return part


def _matvec(w: Type, x: Type) -> Array:
    a, b = real(w), real(x)
    if len(a.shape) < 2 or not b.shape:
        raise Mismatch("matvec(w, x) needs w[..., rows, n] and x[..., n]", got=f"{w} and {x}")
    if a.shape[-1] != b.shape[-1]:
        raise Mismatch("matvec: the rows of w and x differ in length", str(a.shape[-1]), str(b.shape[-1]))
    lead = broadcast(a.shape[:-2], b.shape[:-1], "matvec")
    return Array("real", (*lead, a.shape[-2]), observed=seen(w, x))


def _top_k(p: Type, k: Type, ranges: Ranges) -> Array:
    scores, count = real(p), scalar_size(k, "k of top_k")
    if len(scores.shape) != 1:
        raise Mismatch("top_k ranks one axis", "a one-dimensional array", str(p))
    if not at_least_zero(scores.shape[0] - count, ranges):
        raise Mismatch("top_k may take more entries than there are", f"k <= {scores.shape[0]}", f"k = {count}",
                       "bound the dimension, e.g. top_k: {min: 1, max: experts}")  # fmt: skip
    return Array("int", (count,), below=scores.shape[0], choice=True, observed=scores.observed)


def _rms_norm(x: Type, weight: Type, epsilon: Type) -> Array:
    part = real(x)
    if not part.shape or real(epsilon).shape:
        raise Mismatch("rms_norm(x, weight, epsilon) needs an array, an array and a number")
    return Array("real", broadcast(part.shape, real(weight).shape, "rms_norm"), observed=part.observed)


def _where(condition: Type, x: Type, y: Type) -> Array:
    if not isinstance(condition, Array) or condition.kind != "bool":
        raise Mismatch("where needs a comparison first", got=str(condition))
    a, b = real(x), real(y)
    shape = broadcast(condition.shape, broadcast(a.shape, b.shape, "where"), "where")
    return Array("real", shape, observed=seen(condition, x, y))


def _scaled(x: Type, factor: Type) -> Type:
    """By a power of two: of a tensor, its block scales."""
    value = scalar_size(factor, "the factor of scaled").constant if isinstance(factor, Array) and factor.size else None
    if value is None or value <= 0 or value & (value - 1):
        raise Mismatch("scaled needs a power of two", "2, 4, 8, ...", str(factor), "other factors round")
    return x if isinstance(x, Blocks) else real(x)


SIGNATURES: dict[str, Signature] = {
    "sum": _sum, "mean": _reduction, "max": _extreme, "min": _extreme,
    "abs": _elementwise, "exp": _elementwise, "sqrt": _elementwise, "silu": _elementwise, "sigmoid": _elementwise,
    "relu": _elementwise, "round": _elementwise, "float32": _elementwise, "stored": _elementwise,
    "softmax": _softmax, "matvec": _matvec, "top_k": _top_k, "rms_norm": _rms_norm, "where": _where, "scaled": _scaled,
}  # fmt: skip
