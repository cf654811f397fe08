"""The entries along the last axis in ascending order, and the indices that put them so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import LAST_AXIS, ORDER, Function, Value
from harness.language.rules.fitting import real, shared_format
from harness.language.sizes import Size
from harness.language.types import Array, Mismatch, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single


def _numbers(x: Type, what: str) -> Array:
    """As integers or as real numbers, with an axis to be put in order along."""
    part = x if isinstance(x, Array) and x.kind == "int" else real(x)
    if not part.shape:
        raise Mismatch(f"{what} orders the entries of an axis", "an array", str(x))
    return part


def _type_of_sort(x: Type) -> Array:
    part = _numbers(x, "sort")
    dtype = part.dtype if part.kind == "int" else shared_format(x)
    return Array(part.kind, part.shape, low=part.low, high=part.high, observed=part.observed, dtype=dtype)


def _type_of_argsort(x: Type) -> Array:
    part = _numbers(x, "argsort")
    last = part.shape[-1] - 1
    return Array("int", part.shape, low=Size.of(0), high=last, choice=part.kind == "real", observed=part.observed)


def _sort(domain: Exact, x: Value) -> Value:
    import numpy as np

    from harness.language.exact import kinds

    return np.sort(domain.whole(x), -1) if kinds.is_whole(x) else _sorted(domain.real(x).close())


def _sorted(x: Bounded) -> Bounded:
    """Place i grows with every entry: it lies between the i-th of the lower and of the upper ends.

    Where an entry is no number, or may be none, no place is known: kernels put it first, last, or where it stood.
    """
    import numpy as np

    from harness.language.exact import primitives

    if x.exact and not np.isnan(x.v).any():
        return x.map(lambda part: np.take_along_axis(part, np.argsort(x.v, axis=-1, kind="stable"), -1))
    e = np.broadcast_to(x.e, x.v.shape)
    v = np.sort(x.v, -1)
    with np.errstate(invalid="ignore"):
        below, above = x.v - e, x.v + e
        if x.ar.float64:  # where the ends are no wider than float64 can tell
            below = np.where(e > 0, np.nextafter(below, -np.inf), below)
            above = np.where(e > 0, np.nextafter(above, np.inf), above)
        low, high = np.sort(below, -1), np.sort(above, -1)
        up, down = np.where(high == v, 0.0, high - v), np.where(low == v, 0.0, v - low)
    known = np.isfinite(e).all(-1, keepdims=True) & ~np.isnan(x.v).any(-1, keepdims=True)
    return primitives.leaf(x, v, np.where(known, np.maximum(up, down), np.inf), keep_key=False)


def _argsort(domain: Exact, x: Value) -> Value:
    import numpy as np

    from harness.language.exact import kinds

    if kinds.is_whole(x):
        return np.argsort(domain.whole(x), axis=-1, kind="stable")
    scores = -domain.real(x)
    return domain.choose(scores, scores.shape[-1])


def _single_sort(domain: Single, x: Value) -> Value:
    import numpy as np

    from harness.language.exact import kinds

    return np.sort(x if kinds.is_whole(x) else domain.real(x), -1)


def _single_argsort(domain: Single, x: Value) -> Value:
    import numpy as np

    from harness.language.exact import kinds

    return np.argsort(x if kinds.is_whole(x) else domain.real(x), axis=-1, kind="stable")


SORT = Function(
    name="sort",
    group=ORDER,
    form="sort(x)",
    meaning="the entries along the last axis, ascending; integers stay integers",
    bound="between the sorted lower ends and the sorted upper ends; a row with a NaN is not judged",
    example=("sort(w)", "real[k, n]"),
    type_rule=_type_of_sort,
    exact=_sort,
    single=_single_sort,
    by_rows=LAST_AXIS,
    neighbours=("sort_descending",),
)
ARGSORT = Function(
    name="argsort",
    group=ORDER,
    form="argsort(x)",
    meaning="the indices that put the last axis in ascending order, equal entries as they stand; inverts permutations",
    bound="of integers exact; of real numbers a choice, as `top_k`",
    example=("argsort(i)", "integer[n]"),
    type_rule=_type_of_argsort,
    exact=_argsort,
    single=_single_argsort,
    by_rows=LAST_AXIS,
    neighbours=("argsort_descending",),
)
