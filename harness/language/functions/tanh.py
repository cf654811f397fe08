"""The hyperbolic tangent, computed as such or made of exp."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import ENTRYWISE, SINGLE, Function, Value
from harness.language.rules.fitting import entrywise

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single


def _exact(domain: Exact, x: Value) -> Bounded:
    """Monotone, so the interval's ends are its limits. Forms like 1 - 2 / (1 + exp(2 x)) lose u of one near 0."""
    import numpy as np

    from harness.language.exact import primitives

    part = primitives.exponent(domain.real(x))
    v = np.tanh(part.v)
    moved = np.maximum(v - np.tanh(part.v - part.e), np.tanh(part.v + part.e) - v)
    k = None if part.k is None else np.abs(v) + (1 - v * v) * part.k
    return primitives.by_ulps(part, v, moved, k, more=4, absolute=2 * part.ar.exp_ulps + 2)


def _single(domain: Single, x: Value) -> Value:
    import numpy as np

    return np.tanh(domain.real(x))


TANH = Function(
    name="tanh",
    group=SINGLE,
    form="tanh(x)",
    meaning="the hyperbolic tangent",
    bound="both ends of the interval, plus `exp_ulps` and four roundings, plus 2 `exp_ulps` + 2 roundings of 1",
    example=("tanh(x)", "real[n]"),
    type_rule=entrywise,
    exact=_exact,
    single=_single,
    by_rows=ENTRYWISE,
    neighbours=("sigmoid",),
)
