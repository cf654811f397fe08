"""x where a condition is true, y elsewhere; in doubt, a bound that covers both.

Two integer sides give integers. Where the condition is in doubt and they differ, the exact value is a real one that
covers both, as of real sides; what needs the integer itself (an index) is then undecided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language import batches
from harness.language.function import ENTRYWISE, PLACES, Function, Value
from harness.language.rules.entries import UNKNOWN, of_either
from harness.language.rules.fitting import broadcast, real, seen, shared_format
from harness.language.types import Array, Mismatch, Ranges, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _type(condition: Type, x: Type, y: Type, *, ranges: Ranges) -> Array:
    if not isinstance(condition, Array) or condition.kind != "bool":
        raise Mismatch("where needs a comparison first", got=str(condition))
    arrays = [side for side in (x, y) if isinstance(side, Array)]
    kinds = {side.kind for side in arrays}
    kind = kinds.pop() if len(arrays) == 2 and len(kinds) == 1 else "real"
    a, b = (real(x), real(y)) if kind == "real" else arrays
    shape = broadcast(condition.shape, broadcast(a.shape, b.shape, "where"), "where")
    low, high = of_either(arrays, ranges) if kind == "int" else UNKNOWN
    return Array(kind, shape, low=low, high=high, observed=seen(condition, x, y), dtype=shared_format(x, y))


def _exact(domain: Exact, condition: Value, x: Value, y: Value) -> Value:
    from harness.language.exact import choice, kinds
    from harness.language.exact.domain import truth_of

    truth = truth_of(condition)  # that of a table is no Truth
    if isinstance(x, choice.Truth):
        return choice.where_truth(truth, x, truth_of(y))
    if kinds.is_whole(x) and kinds.is_whole(y):
        sides = domain.whole(x), domain.whole(y)
        if choice.chooses_for_sure(truth, *sides):
            return _whole(truth.v, *sides)
    return choice.where(truth, domain.real(x), domain.real(y))


def _whole(condition: Value, x: Value, y: Value) -> Value:
    import numpy as np

    from harness.language import integer_arithmetic

    sides = [integer_arithmetic.stored(part, "where") for part in (x, y)]
    return np.where(condition, *integer_arithmetic.alike(sides))


def _single(domain: Single, condition: Value, x: Value, y: Value) -> Value:
    import numpy as np

    from harness.language.exact import kinds

    if kinds.is_whole(x) and kinds.is_whole(y):
        return _whole(condition, x, y)
    sides = (x, y) if kinds.is_truth(x) else (domain.real(x), domain.real(y))
    return np.where(condition, *sides)


WHERE = Function(
    name="where",
    group=PLACES,
    form="where(condition, x, y)",
    meaning="x where true, y elsewhere; of two integer sides integers",
    bound="where the condition is in doubt it covers both",
    example=("where(x > 0, i, s)", "real[n]"),
    type_rule=_type,
    exact=_exact,
    single=_single,
    by_rows=ENTRYWISE,
    in_batch=batches.broadcast,
    no_neighbours="no other function chooses; a wrong one has its condition or its sides exchanged",
    mistakable=(1, 2),
)
