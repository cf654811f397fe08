"""Integers as rows of zeros with a one at the place of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import PLACES, ROWS_OF_FIRST, Function, Value
from harness.language.rules.fitting import ints, scalar_size
from harness.language.sizes import Size, at_least_zero
from harness.language.types import Array, Mismatch, Ranges, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _type(ids: Type, n: Type, *, ranges: Ranges) -> Array:
    part, count = ints(ids, "an array of ids"), scalar_size(n, "the length of one_hot")
    if not at_least_zero(count, ranges):
        raise Mismatch("one_hot of a length that may be negative", "0 or more", str(count))
    return Array("int", (*part.shape, count), low=Size.of(0), high=Size.of(1), observed=part.observed)


def _value(domain: Exact | Single, ids: Value, n: int) -> Value:
    import numpy as np

    return (np.asarray(domain.whole(ids))[..., None] == np.arange(n)).astype(np.int64)


ONE_HOT = Function(
    name="one_hot",
    group=PLACES,
    form="one_hot(ids, n)",
    meaning="for every id a row of n integers that is 1 at its place and 0 elsewhere; of an id beyond them all zeros",
    bound="integers",
    example=("one_hot(i, k)", "integer[n, k]"),
    type_rule=_type,
    exact=_value,
    single=_value,
    by_rows=ROWS_OF_FIRST,
    no_neighbours="no other function makes rows of integers; a wrong one has other ids",
)
