"""2 to the x, as `exp`: a relative error of the declared ulps, of whole numbers too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import ENTRYWISE, SINGLE, Function, Value
from harness.language.rules.fitting import entrywise

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single


def _exact(domain: Exact, x: Value) -> Bounded:
    """Where 2 to the x is too small for float64 the interval may end above: x + e, moved on by its own rounding."""
    import numpy as np

    from harness.language.exact import primitives

    part = domain.real(x).close()
    with np.errstate(all="ignore"):
        v = np.exp2(part.v)
        end = np.exp2(part.v + part.e + 2.0**-51 * (np.abs(part.v) + part.e))
        moved = np.where(v > 0, v * np.expm1(part.e * np.log(2)), np.where(np.asarray(part.e) > 0, end, 0.0))
        k = None if part.k is None else v * (1 + np.log(2) * part.k)
    return primitives.by_ulps(part, v, moved, k)


def _single(domain: Single, x: Value) -> Value:
    """Through float64, whose accuracy does not depend on the processor."""
    import numpy as np

    return np.exp2(domain.real(x), dtype=np.float64).astype(domain.number)


EXP2 = Function(
    name="exp2",
    group=SINGLE,
    form="exp2(x)",
    meaning="2 to the x",
    bound="slope over the interval, plus `exp_ulps`, of whole numbers too",
    example=("exp2(x)", "real[n]"),
    type_rule=entrywise,
    exact=_exact,
    single=_single,
    by_rows=ENTRYWISE,
    neighbours=("exp",),
)
