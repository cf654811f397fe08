"""x * sigmoid(x) in any of its forms with exp; silu(0) = 0 stays exact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import ENTRYWISE, SINGLE, Function, Value
from harness.language.rules.fitting import entrywise

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single
# exp(-x) overflows and the result is zero: < 88.8 * exp(-88.7), in float64 709.8 * exp(-709.7)
_OVERFLOWN, _OVERFLOWN_IN_DOUBLE = 2.0**-121, 2.0**-1014
# the largest -x whose sigmoid, before that, is a subnormal number: x times one underflow
_UNDERFLOWS, _UNDERFLOWS_IN_DOUBLE = 89, 710
_SLOPE = 1.1  # the largest slope of silu is 1.0998


def _exact(domain: Exact, x: Value) -> Bounded:
    import numpy as np

    from harness.language.exact import primitives

    part = primitives.exponent(domain.real(x))
    ar = part.ar
    overflown, underflows = (_OVERFLOWN_IN_DOUBLE, _UNDERFLOWS_IN_DOUBLE) if ar.float64 else (_OVERFLOWN, _UNDERFLOWS)
    with np.errstate(all="ignore"):
        s = primitives.logistic(part.v)
        v = part.v * s
        moved = _SLOPE * part.e
        e = moved + (2 * ar.exp_ulps + 4) * ar.u * (np.abs(v) + moved) + overflown
        e = e + underflows * ar.smallest
        if ar.sigmoid_by_tanh:  # x * (0.5 + 0.5 tanh(x / 2))
            e = e + (2 * ar.exp_ulps + 3) * ar.u * (np.abs(part.v) + part.e)
        e = np.where((part.v == 0) & (np.asarray(part.e) == 0), 0.0, e)
        k = None if part.k is None else np.abs(v) + np.abs(s * (1 + part.v * (1 - s))) * part.k
    return primitives.of_entries(part, v, e, k)


def _single(domain: Single, x: Value) -> Value:
    import numpy as np

    part = domain.real(x)
    return part / (domain.number(1) + np.exp(-part))


SILU = Function(
    name="silu",
    group=SINGLE,
    form="silu(x)",
    meaning="x * sigmoid(x)",
    bound="slope at most 1.1, plus `exp_ulps` and four roundings; silu(0) = 0 is exact; "
    "plus 2 `exp_ulps` + 3 roundings of x with `sigmoid: tanh`",
    example=("silu(x)", "real[n]"),
    type_rule=entrywise,
    exact=_exact,
    single=_single,
    by_rows=ENTRYWISE,
    neighbours=("relu", "sigmoid", "gelu"),
)
