"""Padding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.dtypes import BYTE
from harness.language.function import TEXTS_AND_BYTES, Function, Value
from harness.language.rules.fitting import scalar_size
from harness.language.sizes import at_least_zero
from harness.language.types import Array, Mismatch, Ranges, Type

if TYPE_CHECKING:
    from harness.language.evaluate import Domain


def _type(n: Type, *, ranges: Ranges) -> Array:
    count = scalar_size(n, "the number of zero_bytes")
    if not at_least_zero(count, ranges):
        raise Mismatch("a number of bytes may be negative", "0 or more", str(count))
    return Array("int", (count,), dtype=BYTE.name)


def _value(_domain: Domain, n: int) -> Value:
    import numpy as np

    return np.zeros(n, np.int64)


ZERO_BYTES = Function(
    name="zero_bytes",
    group=TEXTS_AND_BYTES,
    form="zero_bytes(n)",
    meaning="padding",
    bound="",
    example=("zero_bytes(n - 2)", "integer[n - 2]"),
    type_rule=_type,
    exact=_value,
    single=_value,
    no_neighbours="it computes no number: what reads texts and files is tried by other arguments",
)
