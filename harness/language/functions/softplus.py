"""log(1 + exp(x)), in the forms with log1p and with log of the sum, which loses u of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import ENTRYWISE, Function, Value
from harness.language.rules.fitting import entrywise

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single


def _exact(domain: Exact, x: Value) -> Bounded:
    """Convex, so the upper end is further off: log1p(sigmoid(x) (e^e - 1)), at most e. Of -inf it is exactly zero."""
    import numpy as np

    from harness.language.exact import primitives

    part = primitives.exponent(domain.real(x))
    ar = part.ar
    with np.errstate(all="ignore"):
        v = np.maximum(part.v, 0) + np.log1p(np.exp(-np.abs(part.v)))
        slope = primitives.logistic(part.v)
        moved = np.minimum(part.e, np.log1p(slope * np.expm1(part.e)))
        # exp's ulps, which count as the share of exp(x) in 1 + exp(x): at most one, and at most the result
        k = None if part.k is None else v + slope * part.k
        result = primitives.by_ulps(part, v, moved, k, more=4, absolute=2)
        e = result.e + 2 * ar.exp_ulps * ar.u * np.minimum(1, v + moved)
        e = np.where(np.isneginf(part.v) & (np.asarray(part.e) == 0), 0.0, e)
    return primitives.of_entries(part, v, e, k)


def _single(domain: Single, x: Value) -> Value:
    import numpy as np

    part = domain.real(x)
    return np.maximum(part, domain.number(0)) + np.log1p(np.exp(-np.abs(part)))


SOFTPLUS = Function(
    name="softplus",
    form="softplus(x)",
    meaning="log(1 + exp(x)); returning x itself for x > 20 is within it in float32",
    bound="slope at most 1, plus twice `exp_ulps` and four roundings, plus two roundings of 1",
    example=("softplus(x)", "real[n]"),
    type_rule=entrywise,
    exact=_exact,
    single=_single,
    by_rows=ENTRYWISE,
    neighbours=("relu", "silu", "exp"),
)
