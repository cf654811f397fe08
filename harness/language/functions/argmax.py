"""The index of the largest and of the smallest entry along an axis; of equal ones the lower index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import NAMED_AXIS, ORDER, Function, Value
from harness.language.rules.fitting import literal_axis, not_empty, real
from harness.language.sizes import Size
from harness.language.types import Array, Mismatch, Ranges, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _type(x: Type, axis: Type, *, ranges: Ranges) -> Array:
    part = real(x)
    if not part.shape:
        raise Mismatch("argmax or argmin looks along an axis", "an array", str(x))
    place = literal_axis(axis, len(part.shape))
    length = part.shape[place]
    not_empty("argmax or argmin", (length,), ranges)
    shape = part.shape[:place] + part.shape[place + 1 :]
    whole = isinstance(x, Array) and x.kind == "int"
    return Array("int", shape, low=Size.of(0), high=length - 1, choice=not whole, observed=part.observed)


def _first(domain: Exact, x: Value, axis: int, sign: int) -> Value:
    """Of integers the index itself, of real numbers a choice of one."""
    import numpy as np

    from harness.language.exact import kinds

    if kinds.is_whole(x):
        return (np.argmax if sign > 0 else np.argmin)(domain.whole(x), axis)
    scores = domain.real(x).map(lambda part: np.moveaxis(part, axis, -1))
    return domain.choose(scores if sign > 0 else -scores, 1, one=True)


def _largest(domain: Exact, x: Value, axis: int) -> Value:
    return _first(domain, x, axis, 1)


def _smallest(domain: Exact, x: Value, axis: int) -> Value:
    return _first(domain, x, axis, -1)


def _single_largest(domain: Single, x: Value, axis: int) -> Value:
    import numpy as np

    from harness.language.exact import kinds

    return np.argmax(x if kinds.is_whole(x) else domain.real(x), axis)


def _single_smallest(domain: Single, x: Value, axis: int) -> Value:
    import numpy as np

    from harness.language.exact import kinds

    return np.argmin(x if kinds.is_whole(x) else domain.real(x), axis)


ARGMAX = Function(
    name="argmax",
    group=ORDER,
    form="argmax(x, axis)",
    meaning="the index of the largest entry; of equal ones the lower; the axis is not empty",
    bound="of integers exact; of real numbers a choice, as `top_k`",
    example=("argmax(w, -1)", "integer[k]"),
    type_rule=_type,
    exact=_largest,
    single=_single_largest,
    by_rows=NAMED_AXIS,
    neighbours=("argmin",),
    reduces=True,
)
ARGMIN = Function(
    name="argmin",
    group=ORDER,
    form="argmin(x, axis)",
    meaning="the index of the smallest entry; of equal ones the lower; the axis is not empty",
    bound="of integers exact; of real numbers a choice, as `top_k`",
    example=("argmin(w, 0)", "integer[n]"),
    type_rule=_type,
    exact=_smallest,
    single=_single_smallest,
    by_rows=NAMED_AXIS,
    neighbours=("argmax",),
    reduces=True,
)
