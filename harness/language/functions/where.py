"""x where a condition is true, y elsewhere; in doubt, a bound that covers both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language import batches
from harness.language.function import ENTRYWISE, Function, Value
from harness.language.rules.fitting import broadcast, real, seen, shared_format
from harness.language.types import Array, Mismatch, Type

if TYPE_CHECKING:
    from harness.language.exact.choice import Truth
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single


def _type(condition: Type, x: Type, y: Type) -> Array:
    if not isinstance(condition, Array) or condition.kind != "bool":
        raise Mismatch("where needs a comparison first", got=str(condition))
    truths = [isinstance(side, Array) and side.kind == "bool" for side in (x, y)]
    a, b = (x, y) if all(truths) else (real(x), real(y))
    shape = broadcast(condition.shape, broadcast(a.shape, b.shape, "where"), "where")
    observed = seen(condition, x, y)
    return Array("bool" if all(truths) else "real", shape, observed=observed, dtype=shared_format(x, y))


def _exact(domain: Exact, condition: Truth, x: Value, y: Value) -> Bounded | Truth:
    from harness.language.exact import choice

    if isinstance(x, choice.Truth):
        return choice.where_truth(condition, x, y)
    return choice.where(condition, domain.real(x), domain.real(y))


def _single(domain: Single, condition: Value, x: Value, y: Value) -> Value:
    import numpy as np

    from harness.language.exact import kinds

    sides = (x, y) if kinds.is_truth(x) else (domain.real(x), domain.real(y))
    return np.where(condition, *sides)


WHERE = Function(
    name="where",
    form="where(condition, x, y)",
    meaning="x where true, y elsewhere",
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
