"""Integers as little-endian bytes: written for themselves, or over a part of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.dtypes import BYTE
from harness.language.function import TEXTS_AND_BYTES, Function, Value
from harness.language.rules.fitting import ints, scalar_size
from harness.language.sizes import Size
from harness.language.types import Array, Mismatch, Type

if TYPE_CHECKING:
    from harness.language.evaluate import Domain


def _type_of_le(value: Type, width: Type) -> Array:
    count = scalar_size(width, "the width of le").constant
    if ints(value).shape or count is None or not 1 <= count <= 8:
        raise Mismatch("le(value, width) needs an integer and a width of 1 to 8", got=f"{value}, {width}")
    return Array("int", (Size.of(count),), dtype=BYTE.name, observed=value.observed)


def _type_of_patch(file: Type, at: Type, value: Type, width: Type) -> Array:
    part = ints(file, "bytes")
    if len(part.shape) != 1 or any(ints(number).shape for number in (at, value, width)):
        raise Mismatch("patch(file, at, value, width) needs bytes and three integers", got=str(file))
    return Array("int", part.shape, dtype=part.dtype, observed=part.observed)


def _le(domain: Domain, value: Value, width: int) -> Value:
    """Negative values wrap, as unsigned formats store them."""
    import numpy as np

    wrapped = int(domain.whole(value)) % (1 << 8 * width)
    return np.frombuffer(wrapped.to_bytes(width, "little"), np.uint8).astype(np.int64)


def _patch(domain: Domain, file: Value, at: int, value: Value, width: int) -> Value:
    file = domain.whole(file)
    start = at if at >= 0 else len(file) + at
    if not 0 <= start <= len(file) - width:
        raise IndexError(f"patch at {at} of {len(file)} bytes")
    patched = file.copy()
    patched[start : start + width] = _le(domain, value, width)
    return patched


LE = Function(
    name="le",
    group=TEXTS_AND_BYTES,
    form="le(value, width)",
    meaning="an integer as 1 to 8 little-endian bytes",
    bound="",
    example=("le(n, 8)", "integer[8]"),
    type_rule=_type_of_le,
    exact=_le,
    single=_le,
    no_neighbours="it computes no number: what reads texts and files is tried by other arguments",
)
PATCH = Function(
    name="patch",
    group=TEXTS_AND_BYTES,
    form="patch(file, at, value, width)",
    meaning="a copy with an integer written over `width` bytes; `at` < 0 counts from the end",
    bound="",
    example=("patch(le(0, 4), -1, 255, 1)", "integer[4]"),
    type_rule=_type_of_patch,
    exact=_patch,
    single=_patch,
    no_neighbours="it computes no number: what reads texts and files is tried by other arguments",
)
