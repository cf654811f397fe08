"""The logarithm to base 2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import ENTRYWISE, SINGLE, Function, Value
from harness.language.rules.fitting import entrywise

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single


def _exact(domain: Exact, x: Value) -> Bounded:
    """Concave, so the lower end is further off. Of what may be zero or negative it is not judged."""
    import numpy as np

    from harness.language.exact import primitives

    part = domain.real(x).close()
    with np.errstate(all="ignore"):
        v = np.log2(part.v)
        moved = -np.log1p(-np.minimum(part.e / part.v, 1)) / np.log(2)  # without a difference, as in log
        k = None if part.k is None else np.abs(v) + part.k / (np.abs(part.v) * np.log(2))
    return primitives.by_ulps(part, v, moved, k)


def _single(domain: Single, x: Value) -> Value:
    """Through float64, as log."""
    import numpy as np

    return np.log2(domain.real(x), dtype=np.float64).astype(domain.number)


LOG2 = Function(
    name="log2",
    group=SINGLE,
    form="log2(x)",
    meaning="the logarithm to base 2",
    bound="slope over the interval, plus `exp_ulps`; not judged where x may be zero or negative",
    example=("log2(abs(x) + 0.5)", "real[n]"),
    type_rule=entrywise,
    exact=_exact,
    single=_single,
    by_rows=ENTRYWISE,
    neighbours=("log",),
)
