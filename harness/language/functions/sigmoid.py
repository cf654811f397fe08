"""1 / (1 + exp(-x)); slope at most 1/4, and relative to the value at most 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import ENTRYWISE, SINGLE, Function, Value
from harness.language.rules.fitting import entrywise

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single


def _exact(domain: Exact, x: Value) -> Bounded:
    import numpy as np

    from harness.language.exact import primitives

    part = primitives.exponent(domain.real(x))
    ar = part.ar
    with np.errstate(all="ignore"):
        v = primitives.logistic(part.v)
        moved = np.minimum(0.25 * part.e, v * np.expm1(part.e))
        e = moved + (2 * ar.exp_ulps + 4) * ar.u * (v + moved) + ar.tiny
        if ar.sigmoid_by_tanh:  # 0.5 + 0.5 tanh(x / 2)
            e = e + (2 * ar.exp_ulps + 3) * ar.u
        k = None if part.k is None else v + v * (1 - v) * part.k
    return primitives.of_entries(part, v, e, k)


def _single(domain: Single, x: Value) -> Value:
    import numpy as np

    one = domain.number(1)
    return one / (one + np.exp(-domain.real(x)))


SIGMOID = Function(
    name="sigmoid",
    group=SINGLE,
    form="sigmoid(x)",
    meaning="1 / (1 + exp(-x))",
    bound="slope at most 1/4, plus `exp_ulps` and four roundings; "
    "plus 2 `exp_ulps` + 3 roundings of 1 with `sigmoid: tanh`",
    example=("sigmoid(x)", "real[n]"),
    type_rule=entrywise,
    exact=_exact,
    single=_single,
    by_rows=ENTRYWISE,
    neighbours=("silu",),
)
