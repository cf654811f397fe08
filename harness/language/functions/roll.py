"""Entries moved along an axis, those that leave it at one end coming back at the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import PLACES, Function, Value
from harness.language.rules import moving
from harness.language.rules.fitting import scalar_size
from harness.language.types import Array, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _type(x: Type, n: Type, axis: Type) -> Array:
    part = moving.moved(x, "roll")
    scalar_size(n, "the number of places to roll by")
    moving.along(part, axis)
    return part


def _value(domain: Exact | Single, x: Value, n: int, axis: int) -> Value:
    import numpy as np

    return domain.moved(x, lambda part: np.roll(part, n, axis))


ROLL = Function(
    name="roll",
    group=PLACES,
    form="roll(x, n, axis)",
    meaning="entry i at i + n; what leaves the axis at one end comes back at the other",
    bound="unchanged",
    example=("roll(w, k, -1)", "real[k, n]"),
    type_rule=_type,
    exact=_value,
    single=_value,
    no_neighbours="a wrong one rolls by another number",
)
