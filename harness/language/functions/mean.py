"""The sum divided by the number of entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import NAMED_AXIS, SUMS, Function, Value
from harness.language.rules.fitting import reduced

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single


def _exact(domain: Exact, x: Value, axis: int | None = None) -> Bounded:
    from harness.language.exact import primitives, region

    part = domain.real(x)
    n = part.v.size if axis is None else part.v.shape[axis]
    return primitives.divide(region.total(part, axis), region.count(n, part.ar))


def _single(domain: Single, x: Value, axis: int | None = None) -> Value:
    return domain.mean(domain.real(x), axis)


MEAN = Function(
    name="mean",
    group=SUMS,
    form="mean(x, axis)",
    meaning="the sum divided by the number of entries",
    bound="as `sum`, then `/`",
    example=("mean(w, 0)", "real[n]"),
    type_rule=reduced,
    exact=_exact,
    single=_single,
    by_rows=NAMED_AXIS,
    neighbours=("sum", "max"),
    reduces=True,
)
