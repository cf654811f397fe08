"""The sums of the first entries along an axis, each with the bound of its own terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import NAMED_AXIS, SUMS, Function, Value
from harness.language.rules.entries import of_prefix_sums
from harness.language.rules.fitting import literal_axis, real
from harness.language.types import Array, Mismatch, Ranges, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _type(x: Type, axis: Type | None = None, *, ranges: Ranges) -> Array:
    part = real(x)
    if not part.shape:
        raise Mismatch("cumsum needs an array", "at least one axis", str(x))
    place = literal_axis(axis, len(part.shape))
    if not (isinstance(x, Array) and x.kind == "int"):
        return part
    low, high = of_prefix_sums(x, part.shape[place], ranges)
    return Array("int", part.shape, low=low, high=high, observed=x.observed)


def _exact(domain: Exact, x: Value, axis: int = -1) -> Value:
    from harness.language import integer_arithmetic
    from harness.language.exact import kinds, prefix_sums

    if kinds.is_whole(x):
        return integer_arithmetic.running_total(domain.whole(x), axis)
    part = domain.real(x)
    return prefix_sums.prefix_sums(part, axis % len(part.shape))


def _single(domain: Single, x: Value, axis: int = -1) -> Value:
    import numpy as np

    from harness.language import integer_arithmetic
    from harness.language.exact import kinds

    if kinds.is_whole(x):
        return integer_arithmetic.running_total(x, axis)
    return np.cumsum(domain.real(x), axis, dtype=domain.accumulator).astype(domain.number)


CUMSUM = Function(
    name="cumsum",
    group=SUMS,
    form="cumsum(x, axis)",
    meaning="the sums of the first 1, 2, ... entries, along the last axis if none is given; integers stay integers",
    bound="of each prefix that of a `sum` of so many entries",
    example=("cumsum(w, 1)", "real[k, n]"),
    type_rule=_type,
    exact=_exact,
    single=_single,
    by_rows=NAMED_AXIS,
    neighbours=("exclusive_cumsum", "reversed_cumsum"),
)
