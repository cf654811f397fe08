"""The reciprocal of the square root, computed as such or in two steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import ENTRYWISE, SINGLE, Function, Value
from harness.language.rules.fitting import entrywise

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single


def _exact(domain: Exact, x: Value) -> Bounded:
    """Convex, so the lower end is further off. Of what may be zero or negative it is not judged."""
    import numpy as np

    from harness.language.exact import primitives

    part = domain.real(x).close()
    low = part.v - part.e
    with np.errstate(all="ignore"):
        v = 1 / np.sqrt(part.v)
        moved = np.where(low > 0, 1 / np.sqrt(low) - v, np.inf)
        k = None if part.k is None else v + v * part.k / (2 * part.v)
    return primitives.by_ulps(part, v, moved, k)


def _single(domain: Single, x: Value) -> Value:
    import numpy as np

    return domain.number(1) / np.sqrt(domain.real(x))


RSQRT = Function(
    name="rsqrt",
    group=SINGLE,
    form="rsqrt(x)",
    meaning="1 / sqrt(x)",
    bound="slope over the interval, plus `exp_ulps`; not judged where x may be zero or negative",
    example=("rsqrt(abs(x) + 0.5)", "real[n]"),
    type_rule=entrywise,
    exact=_exact,
    single=_single,
    by_rows=ENTRYWISE,
    neighbours=("sqrt",),
)
