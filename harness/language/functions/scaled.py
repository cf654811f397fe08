"""Times a power of two: of a tensor, its block scales."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import ROUNDING, Function, Value
from harness.language.rules.fitting import real, scalar_size
from harness.language.types import Array, Blocks, Mismatch, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _type(x: Type, factor: Type) -> Type:
    value = scalar_size(factor, "the factor of scaled").constant if isinstance(factor, Array) and factor.size else None
    if value is None or value <= 0 or value & (value - 1):
        raise Mismatch("scaled needs a power of two", "2, 4, 8, ...", str(factor), "other factors round")
    return x if isinstance(x, Blocks) else real(x)


def _exact(domain: Exact, x: Value, factor: int) -> Value:
    from harness.language import packed
    from harness.language.exact import region

    return x.scaled(factor) if isinstance(x, packed.Packed) else region.multiply(domain.real(x), domain.real(factor))


def _single(domain: Single, x: Value, factor: int) -> Value:
    from harness.language import packed

    return x.scaled(factor) if isinstance(x, packed.Packed) else domain.real(x) * domain.number(factor)


SCALED = Function(
    name="scaled",
    group=ROUNDING,
    form="scaled(x, 2)",
    meaning="times a power of two: of a tensor, its block scales",
    bound="exact outside overflow and underflow",
    example=("scaled(x, 4)", "real[n]"),
    type_rule=_type,
    exact=_exact,
    single=_single,
    no_neighbours="claims scale arguments with it; no kernel computes it",
)
