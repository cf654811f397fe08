"""Zeros before and behind the entries of an axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import PLACES, Function, Value
from harness.language.rules import moving
from harness.language.types import Array, Ranges, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _type(x: Type, before: Type, after: Type, axis: Type, *, ranges: Ranges) -> Array:
    part = moving.moved(x, "pad")
    place = moving.along(part, axis)
    first = moving.count(before, "the padding before the entries", ranges)
    last = moving.count(after, "the padding behind the entries", ranges)
    return moving.with_length(moving.beside_zeros(part, ranges), place, first + part.shape[place] + last)


def _value(domain: Exact | Single, x: Value, before: int, after: int, axis: int) -> Value:
    """The zeros are joined to x as numbers of their own: no key of x may tie them."""
    import numpy as np

    part = domain.moved(x, np.asarray)
    first, last = (_zeros(domain, part, length, axis) for length in (before, after))
    return domain.joined([first, part, last], lambda parts: np.concatenate(parts, axis))


def _zeros(domain: Exact | Single, x: Value, length: int, axis: int) -> Value:
    """Zeros, or what is false, of the shape of x but for the length of one axis."""
    import numpy as np

    from harness.language.exact import choice, kinds

    shape = list(x.shape)
    shape[axis] = length
    if isinstance(x, choice.Truth) or kinds.is_truth(x):
        return domain.certain(np.zeros(shape, np.bool_))
    return np.zeros(shape, np.int64)


PAD = Function(
    name="pad",
    group=PLACES,
    form="pad(x, before, after, axis)",
    meaning="so many zeros before and behind the entries of an axis",
    bound="unchanged",
    example=("pad(x, 1, k, 0)", "real[k + n + 1]"),
    type_rule=_type,
    exact=_value,
    single=_value,
    no_neighbours="a wrong one pads by other numbers",
    mistakable=(1, 2),
)
