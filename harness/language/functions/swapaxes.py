"""Two axes exchanged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.language.function import PLACES, Function, Value
from harness.language.rules import moving
from harness.language.types import Array, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _type(x: Type, a: Type, b: Type) -> Array:
    part = moving.moved(x, "swapaxes")
    first, second = moving.along(part, a), moving.along(part, b)
    shape = list(part.shape)
    shape[first], shape[second] = shape[second], shape[first]
    return replace(part, shape=tuple(shape))


def _value(domain: Exact | Single, x: Value, a: int, b: int) -> Value:
    import numpy as np

    return domain.moved(x, lambda part: np.swapaxes(part, a, b))


SWAPAXES = Function(
    name="swapaxes",
    group=PLACES,
    form="swapaxes(x, a, b)",
    meaning="two axes exchanged",
    bound="unchanged",
    example=("swapaxes(w, 0, 1)", "real[n, k]"),
    type_rule=_type,
    exact=_value,
    single=_value,
    no_neighbours="entries in another order are a mutant of layouts",
)
