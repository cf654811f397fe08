"""The largest and the smallest entry over an axis, or of all: off by as much as the entries that can win."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.language.function import NAMED_AXIS, SUMS, Function, Value
from harness.language.rules.fitting import literal_axis, not_empty, real, reduced, shared_format
from harness.language.types import Array, Ranges, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded, Floats
    from harness.language.single import Single


def _type(x: Type, axis: Type | None = None, *, ranges: Ranges) -> Array:
    result, shape = reduced(x, axis), real(x).shape
    not_empty("max or min", shape if axis is None else (shape[literal_axis(axis, len(shape))],), ranges)
    return replace(result, dtype=shared_format(x))


def _extreme(x: Bounded, axis: int | None, sign: int) -> Bounded:
    import numpy as np

    from harness.language.exact import primitives

    x = x.close()
    top = np.asarray(np.max(sign * x.v, axis=axis))
    up, down = (part.reshape(top.shape) for part in primitives.reach(sign * x.v, x.e, axis, x.ar.float64))
    k = None if x.k is None else np.max(x.k, axis=axis)
    result = primitives.leaf(x, sign * top, np.maximum(up, down), k, keep_key=False)
    if x.key is not None and not result.exact:
        result.key = _winners(x, axis, sign)
    return result


def _winners(x: Bounded, axis: int | None, sign: int) -> Floats:
    """The key of the entries that can win, where it is one and the same: the result is that number."""
    import numpy as np

    v, e, key = sign * x.v, np.broadcast_to(x.e, x.v.shape), np.asarray(x.key)
    with np.errstate(invalid="ignore"):
        wins = v + e >= np.max(v - e, axis=axis, keepdims=True)
        least, most = np.where(wins, key, np.inf).min(axis), np.where(wins, key, -np.inf).max(axis)
    return np.where(least == most, least, np.nan)


def _largest(domain: Exact, x: Value, axis: int | None = None) -> Bounded:
    return _extreme(domain.real(x), axis, 1)


def _smallest(domain: Exact, x: Value, axis: int | None = None) -> Bounded:
    return _extreme(domain.real(x), axis, -1)


def _single_largest(domain: Single, x: Value, axis: int | None = None) -> Value:
    import numpy as np

    return np.max(domain.real(x), axis)


def _single_smallest(domain: Single, x: Value, axis: int | None = None) -> Value:
    import numpy as np

    return np.min(domain.real(x), axis)


MAX = Function(
    name="max",
    group=SUMS,
    form="max(x, axis)",
    meaning="the largest entry; the axis is not empty",
    bound="that of the entries whose intervals reach it",
    example=("max(w, -1)", "real[k]"),
    type_rule=_type,
    exact=_largest,
    single=_single_largest,
    by_rows=NAMED_AXIS,
    neighbours=("min", "mean"),
    reduces=True,
)
MIN = Function(
    name="min",
    group=SUMS,
    form="min(x, axis)",
    meaning="the smallest entry; the axis is not empty",
    bound="that of the entries whose intervals reach it",
    example=("min(w, 0)", "real[n]"),
    type_rule=_type,
    exact=_smallest,
    single=_single_smallest,
    by_rows=NAMED_AXIS,
    neighbours=("max", "mean"),
    reduces=True,
)
