"""log(1 + exp(x)), in the forms with log1p and with log of the sum, which loses u of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import ENTRYWISE, SINGLE, Function, Value
from harness.language.rules.fitting import entrywise

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single


def _exact(domain: Exact, x: Value) -> Bounded:
    """Convex, so the upper end is further off: log1p(sigmoid(x) (e^e - 1)), at most e. Of -inf it is exactly zero."""
    import numpy as np

    from harness.language.exact import primitives

    given = domain.real(x).close()
    part = primitives.exponent(given)
    with np.errstate(all="ignore"):
        v = np.maximum(part.v, 0) + np.log1p(np.exp(-np.abs(part.v)))
        slope = primitives.logistic(part.v)
        moved = np.minimum(part.e, np.log1p(slope * np.expm1(part.e)))
        k = None if part.k is None else v + slope * part.k
        # exp's ulps, which count as the share of exp(x) in 1 + exp(x): at most one, and at most the result
        powers = 2 * part.ar.exp_ulps * part.ar.u * np.minimum(1, v + moved)
        none = primitives.certainly(given, -np.inf)
    return primitives.by_ulps(part, v, moved, k, more=4, absolute=2, beside=powers, exact=none)


def _single(domain: Single, x: Value) -> Value:
    import numpy as np

    part = domain.real(x)
    return np.maximum(part, domain.number(0)) + np.log1p(np.exp(-np.abs(part)))


SOFTPLUS = Function(
    name="softplus",
    group=SINGLE,
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
