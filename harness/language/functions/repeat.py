"""Each entry of an axis several times, one after the other: the key heads of grouped queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import PLACES, Function, Value
from harness.language.rules import moving
from harness.language.types import Array, Ranges, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _type(x: Type, n: Type, axis: Type, *, ranges: Ranges) -> Array:
    part = moving.moved(x, "repeat")
    times = moving.count(n, "the number of times to repeat", ranges)
    place = moving.along(part, axis)
    return moving.with_length(part, place, part.shape[place] * times)


def _value(domain: Exact | Single, x: Value, n: int, axis: int) -> Value:
    import numpy as np

    return domain.moved(x, lambda part: np.repeat(part, n, axis))


REPEAT = Function(
    name="repeat",
    group=PLACES,
    form="repeat(x, n, axis)",
    meaning="each entry of an axis n times, one after the other: 0, 0, 1, 1, ...",
    bound="unchanged",
    example=("repeat(w, 2, 0)", "real[2*k, n]"),
    type_rule=_type,
    exact=_value,
    single=_value,
    neighbours=("tiled",),
)
