"""Along the last axis, the entries that each row of integers names in the same row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import LAST_AXIS, PLACES, Function, Value
from harness.language.rules.fitting import ids_inside, ints, moved_type
from harness.language.types import Array, Mismatch, Ranges, Type, show

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _type(x: Type, ids: Type, *, ranges: Ranges) -> Array:
    part, places = moved_type(x), ints(ids, "an array of ids")
    if not part.shape or part.shape[:-1] != places.shape[:-1] or not places.shape:
        raise Mismatch("take_along needs a row of ids for every row", f"{show(part.shape[:-1])} rows of ids",
                       str(ids), "x[ids] takes the same entries of every row")  # fmt: skip
    ids_inside("take_along", places, part.shape[-1], ranges)
    observed = part.observed or places.observed
    return Array(part.kind, places.shape, low=part.low, high=part.high, observed=observed, dtype=part.dtype)


def _value(domain: Exact | Single, x: Value, ids: Value) -> Value:
    import numpy as np

    from harness.language.places import check_places

    places = np.asarray(domain.whole(ids))
    check_places(x.shape, (..., places))
    return domain.moved(x, lambda part: np.take_along_axis(part, places, -1))


TAKE_ALONG = Function(
    name="take_along",
    group=PLACES,
    form="take_along(x, ids)",
    meaning="of every row along the last axis the entries that the same row of ids names",
    bound="unchanged",
    example=("take_along(w, argsort(w))", "real[k, n]"),
    type_rule=_type,
    exact=_value,
    single=_value,
    by_rows=LAST_AXIS,
    no_neighbours="no other function takes other entries of every row; a wrong one has other ids",
)
