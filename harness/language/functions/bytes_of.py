"""A float32 vector as little-endian bytes, NaN payloads kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.dtypes import BYTE, FLOAT32
from harness.language.function import TEXTS_AND_BYTES, Function, Value
from harness.language.rules.fitting import real
from harness.language.types import Array, Mismatch, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _type(x: Type) -> Array:
    part = real(x)
    if len(part.shape) != 1:
        raise Mismatch("bytes_of needs a vector", got=str(x))
    return Array("int", (part.shape[0] * FLOAT32.bytes,), dtype=BYTE.name, observed=part.observed)


def _bytes(values: Value) -> Value:
    import numpy as np

    with np.errstate(over="ignore"):
        return np.frombuffer(np.ascontiguousarray(values, "<f4").tobytes(), np.uint8).astype(np.int64)


def _exact(domain: Exact, x: Value) -> Value:
    return _bytes(domain.real(x).v)


def _single(domain: Single, x: Value) -> Value:
    return _bytes(domain.real(x))


BYTES_OF = Function(
    name="bytes_of",
    group=TEXTS_AND_BYTES,
    form="bytes_of(x)",
    meaning="a float32 vector as little-endian bytes, NaN payloads kept",
    bound="",
    example=("bytes_of(x)", "integer[4*n]"),
    type_rule=_type,
    exact=_exact,
    single=_single,
    no_neighbours="it computes no number: what reads texts and files is tried by other arguments",
)
