"""An argument behind so many zeros that its place needs more than 32 bits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.language.function import KNOWN, Function, Value
from harness.language.rules.fitting import scalar_size
from harness.language.sizes import at_least_zero
from harness.language.types import Array, Blocks, Mismatch, Ranges, Type

if TYPE_CHECKING:
    from harness.language.behind import Behind
    from harness.language.evaluate import Domain


def _type(x: Type, count: Type, ranges: Ranges) -> Type:
    size = scalar_size(count, "the count of behind")
    if not isinstance(x, Array | Blocks) or not x.shape:
        raise Mismatch("behind needs an array or a tensor", got=str(x))
    if not at_least_zero(size, ranges):
        raise Mismatch("the count of behind may be negative", "0 or more", str(size))
    return replace(x, shape=(x.shape[0] + size, *x.shape[1:]))


def _value(_domain: Domain, x: Value, count: int) -> Behind:
    from harness.language.behind import Behind

    return Behind(x, int(count))


BEHIND = Function(
    name="behind",
    group=KNOWN,
    form="behind(x, n)",
    meaning="n more along the first axis in front, all zero; an argument of a claim alone",
    bound="-",
    example=("behind(w, 8)", "real[k + 8, n]"),
    type_rule=_type,
    exact=_value,
    single=_value,
    no_neighbours="claims move arguments with it; no kernel computes it",
)
