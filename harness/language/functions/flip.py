"""An axis read backwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import PLACES, Function, Value
from harness.language.rules import moving
from harness.language.types import Array, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _type(x: Type, axis: Type) -> Array:
    part = moving.moved(x, "flip")
    moving.along(part, axis)
    return part


def _value(domain: Exact | Single, x: Value, axis: int) -> Value:
    import numpy as np

    return domain.moved(x, lambda part: np.flip(part, axis))


FLIP = Function(
    name="flip",
    group=PLACES,
    form="flip(x, axis)",
    meaning="an axis read backwards",
    bound="unchanged",
    example=("flip(w, 0)", "real[k, n]"),
    type_rule=_type,
    exact=_value,
    single=_value,
    no_neighbours="entries in another order are a mutant of layouts",
)
