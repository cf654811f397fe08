"""1 / x as an operation of its own, which hardware approximates: within the declared ulps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import ENTRYWISE, SINGLE, Function, Value
from harness.language.rules.fitting import entrywise

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single


def _exact(domain: Exact, x: Value) -> Bounded:
    """The end nearer to zero is further off. Not judged where x may be zero, or the result may overflow."""
    import numpy as np

    from harness.language.exact import primitives

    part = domain.real(x).close()
    size = np.abs(part.v)
    with np.errstate(all="ignore"):
        v = 1 / part.v
        moved = np.where(part.e < size, np.abs(v) * part.e / (size - part.e), np.inf)
        k = None if part.k is None else np.abs(v) + part.k / np.square(part.v)
    return primitives.by_ulps(part, v, moved, k)


def _single(domain: Single, x: Value) -> Value:
    return domain.number(1) / domain.real(x)


RECIPROCAL = Function(
    name="reciprocal",
    group=SINGLE,
    form="reciprocal(x)",
    meaning="1 / x as an operation of its own; `1 / x` is held to the accuracy of a quotient",
    bound="slope over the interval, plus `exp_ulps`; not judged where x may be zero",
    example=("reciprocal(abs(x) + 0.5)", "real[n]"),
    type_rule=entrywise,
    exact=_exact,
    single=_single,
    by_rows=ENTRYWISE,
    neighbours=("rsqrt",),
)
