"""The sum over an axis, or of all entries."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.language.function import NAMED_AXIS, SUMS, Function, Value
from harness.language.rules.entries import of_sum
from harness.language.rules.fitting import literal_axis, reduced
from harness.language.types import Array, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _type(x: Type, axis: Type | None = None) -> Array:
    result = reduced(x, axis)
    if not (isinstance(x, Array) and x.kind == "int"):
        return result
    place = None if axis is None else literal_axis(axis, len(x.shape))
    low, high = of_sum(x, x.shape if place is None else (x.shape[place],))
    return replace(result, kind="int", low=low, high=high)


def _exact(domain: Exact, x: Value, axis: int | None = None) -> Value:
    from harness.language import integer_arithmetic
    from harness.language.exact import kinds, region

    return integer_arithmetic.total(domain.whole(x), axis) if kinds.is_whole(x) else region.total(domain.real(x), axis)


def _single(domain: Single, x: Value, axis: int | None = None) -> Value:
    from harness.language import integer_arithmetic
    from harness.language.exact import kinds

    return integer_arithmetic.total(x, axis) if kinds.is_whole(x) else domain.total(domain.real(x), axis)


SUM = Function(
    name="sum",
    group=SUMS,
    form="sum(x, axis)",
    meaning="the sum; integers stay integers",
    bound="part of the polynomial: n times the terms",
    example=("sum(w, 1)", "real[k]"),
    type_rule=_type,
    exact=_exact,
    single=_single,
    by_rows=NAMED_AXIS,
    neighbours=("mean", "max"),
    reduces=True,
)
