"""The natural logarithm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import ENTRYWISE, SINGLE, Function, Value
from harness.language.rules.fitting import entrywise

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single


def _exact(domain: Exact, x: Value) -> Bounded:
    """Concave, so the lower end is further off. Of what may be zero or negative it is not judged.

    Of a sum of powers of e it is a function of its own.
    """
    import numpy as np

    from harness.language.exact import log_sum, primitives

    part = domain.real(x)
    if (whole := log_sum.log_of_sum(part)) is not None:
        return whole
    part = part.close()
    with np.errstate(all="ignore"):
        v = np.log(part.v)
        moved = -np.log1p(-np.minimum(part.e / part.v, 1))  # log(x) - log(x - e), without their difference
        k = None if part.k is None else np.abs(v) + part.k / np.abs(part.v)
    return primitives.by_ulps(part, v, moved, k)


def _single(domain: Single, x: Value) -> Value:
    """Through float64: NumPy's float32 logarithm misses by 3.8 ulps (AVX-512), more than is granted by default."""
    import numpy as np

    return np.log(domain.real(x), dtype=np.float64).astype(domain.number)


LOG = Function(
    name="log",
    group=SINGLE,
    form="log(x)",
    meaning="the natural logarithm",
    bound="slope over the interval, plus `exp_ulps`; not judged where x may be zero or negative. "
    "`log(sum(exp(x)))` is one rule: finite where exp(x) is not",
    example=("log(abs(x) + 0.5)", "real[n]"),
    type_rule=entrywise,
    exact=_exact,
    single=_single,
    by_rows=ENTRYWISE,
    neighbours=("exp",),
)
