"""Bytes as stored: an input by its number format, a quantised tensor its blocks, a real array 4 per entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.dtypes import FLOAT32
from harness.language.function import KNOWN, Function, Value
from harness.language.types import Array, Claim, Mismatch, Record, Type, Word

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _type(x: Type) -> Array:
    if isinstance(x, Record | Word | Claim):
        raise Mismatch("nbytes of something that is no array", got=str(x))
    return Array("int")


def _exact(_domain: Exact, x: Value) -> int:
    from harness.language.exact import region

    return FLOAT32.bytes * x.v.size if isinstance(x, region.Bounded) else _stored(x)


def _single(_domain: Single, x: Value) -> int:
    return _stored(x)


def _stored(x: Value) -> int:
    import numpy as np

    from harness.language import packed

    return x.nbytes if isinstance(x, packed.Packed) else int(np.asarray(x).nbytes)


NBYTES = Function(
    name="nbytes",
    group=KNOWN,
    form="nbytes(x)",
    meaning="bytes as stored",
    bound="integers",
    example=("nbytes(t)", "integer number"),
    type_rule=_type,
    exact=_exact,
    single=_single,
    of_stored=True,
    no_neighbours="it asks something of a result; no kernel computes it",
)
