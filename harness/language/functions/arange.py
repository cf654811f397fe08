"""0, 1, ..., n - 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import PLACES, Function, Value
from harness.language.rules.fitting import scalar_size
from harness.language.sizes import Size, at_least_zero
from harness.language.types import Array, Mismatch, Ranges, Type

if TYPE_CHECKING:
    from harness.language.evaluate import Domain


def _type(n: Type, *, ranges: Ranges) -> Array:
    count = scalar_size(n, "the length of arange")
    if not at_least_zero(count, ranges):
        raise Mismatch("arange of a length that may be negative", "0 or more", str(count))
    return Array("int", (count,), low=Size.of(0), high=count - 1)


def _value(_domain: Domain, n: int) -> Value:
    import numpy as np

    return np.arange(n)


def _in_batch(domain: Domain, name: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    """The same numbers for every block."""
    return domain.index(domain.call(name, arguments, keywords), (None,))


ARANGE = Function(
    name="arange",
    group=PLACES,
    form="arange(n)",
    meaning="0, 1, ..., n - 1",
    bound="integers",
    example=("arange(2 * n + 1)", "integer[2*n + 1]"),
    type_rule=_type,
    exact=_value,
    single=_value,
    in_batch=_in_batch,
    no_neighbours="no other function makes numbers of a length; a wrong one has another length",
)
