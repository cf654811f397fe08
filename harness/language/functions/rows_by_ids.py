"""Rows that ids send to their places: added up where they meet, or written over what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import PLACES, SUMS, Function, Value
from harness.language.rules.entries import UNKNOWN, of_either
from harness.language.rules.fitting import ids_inside, ints, moved_type, real, scalar_size, shared_format
from harness.language.sizes import at_least_zero
from harness.language.types import Array, Mismatch, Ranges, Type, show

if TYPE_CHECKING:
    import numpy as np

    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _ids_of_rows(ids: Type, rows: Array, what: str) -> Array:
    part = ints(ids, "an array of ids")
    if not rows.shape or part.shape != rows.shape[:1]:
        raise Mismatch(f"{what} needs one id for every row", show(rows.shape[:1]), str(ids))
    return part


def _type_of_sum(x: Type, ids: Type, n: Type, *, ranges: Ranges) -> Array:
    rows = x if isinstance(x, Array) and x.kind == "int" else real(x)
    part, count = _ids_of_rows(ids, rows, "segment_sum"), scalar_size(n, "the number of segments")
    if not at_least_zero(count, ranges):
        raise Mismatch("segment_sum of a number of segments that may be negative", "0 or more", str(count))
    ids_inside("segment_sum", part, count, ranges)
    return Array(rows.kind, (count, *rows.shape[1:]), observed=rows.observed or part.observed)


def _type_of_scatter(x: Type, ids: Type, values: Type, *, ranges: Ranges) -> Array:
    table, rows = moved_type(x), moved_type(values)
    part = _ids_of_rows(ids, rows, "scatter")
    if "bool" in (table.kind, rows.kind) and table.kind != rows.kind:
        raise Mismatch("scatter of truth values and numbers", got=f"{x} and {values}")
    if not table.shape or table.shape[1:] != rows.shape[1:]:
        raise Mismatch("scatter writes rows of one shape", show(table.shape[1:]), show(rows.shape[1:]))
    ids_inside("scatter", part, table.shape[0], ranges)
    kind = table.kind if table.kind == rows.kind else "real"
    low, high = of_either([table, rows], ranges) if kind == "int" else UNKNOWN
    observed = table.observed or rows.observed or part.observed
    return Array(kind, table.shape, low=low, high=high, observed=observed, dtype=shared_format(x, values))


def _sum(domain: Exact | Single, x: Value, ids: Value, n: int) -> Value:
    """A sum over the rows of each segment, in any order; what fills the segments up is exactly zero and not counted."""
    import numpy as np

    places = _inside(domain, ids, n)
    counts = np.bincount(places, minlength=n) if n else np.zeros(0, np.int64)
    order = np.argsort(places, kind="stable")
    starts = np.cumsum(counts) - counts
    ranks = np.arange(counts.max(initial=0))
    of_segment = starts[:, None] + ranks
    rows = np.append(order, len(places))  # behind the last row stands one of zeros
    taken = rows[np.where(ranks < counts[:, None], of_segment, len(places))]
    zero = np.zeros((1, *x.shape[1:]), np.int64)
    padded = domain.joined([x, zero], lambda parts: np.concatenate(parts, 0))
    return domain.call("sum", [domain.moved(padded, lambda part: part[taken]), 1], {})


def _exact_scatter(domain: Exact, x: Value, ids: Value, values: Value) -> Value:
    _same_where_twice(domain, _inside(domain, ids, x.shape[0]), values)
    return _scatter(domain, x, ids, values)


def _scatter(domain: Exact | Single, x: Value, ids: Value, values: Value) -> Value:
    """Of several rows for one place the last."""
    import numpy as np

    places = _inside(domain, ids, x.shape[0])
    source = np.arange(x.shape[0])
    source[places] = x.shape[0] + np.arange(len(places))
    joined = domain.joined([x, values], lambda parts: np.concatenate(parts, 0))
    return domain.moved(joined, lambda part: part[source])


def _inside(domain: Exact | Single, ids: Value, n: int) -> np.ndarray:
    import numpy as np

    from harness.language.places import check_places

    places = np.asarray(domain.whole(ids))
    check_places((n,), (places,))
    return places


def _same_where_twice(domain: Exact, places: np.ndarray, values: Value) -> None:
    """Undecided where two rows that differ go to one place: which of them is written last is nobody's promise."""
    import numpy as np

    from harness.language.exact.choice import Truth
    from harness.language.exact.region import Bounded
    from harness.language.undecided import Undecided

    first = np.unique(places, return_index=True)[1]
    if len(first) == len(places):
        return
    earliest = {int(places[row]): int(row) for row in first}
    others = [earliest[int(place)] for place in places]
    match values:
        case Bounded():
            same = np.array_equal(values.v, values.v[others]) and not np.any(values.e)
        case Truth():
            same = np.array_equal(values.v, values.v[others]) and not values.doubt.any()
        case _:
            rows = np.asarray(domain.whole(values))
            same = np.array_equal(rows, rows[others])
    if not same:
        raise Undecided("two different rows are scattered to one place")


SEGMENT_SUM = Function(
    name="segment_sum",
    group=SUMS,
    form="segment_sum(x, ids, n)",
    meaning="n rows: row i is the sum of the rows of x whose id is i; integers stay integers",
    bound="part of the polynomial, in any order: the terms of the rows that meet",
    example=("segment_sum(w, arange(k) // 2, k)", "real[k, n]"),
    type_rule=_type_of_sum,
    exact=_sum,
    single=_sum,
    no_neighbours="no other function adds rows by ids; a wrong one has other ids",
)
SCATTER = Function(
    name="scatter",
    group=PLACES,
    form="scatter(x, ids, values)",
    meaning="x with the rows that ids name replaced by those of values; undecided where one id has rows that differ",
    bound="unchanged",
    example=("scatter(w, arange(1), 2 * w[:1])", "real[k, n]"),
    type_rule=_type_of_scatter,
    exact=_exact_scatter,
    single=_scatter,
    neighbours=("scatter_added",),
)
