"""The error function, within the declared ulps of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import ENTRYWISE, SINGLE, Function, Value
from harness.language.rules.fitting import entrywise

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single


def _exact(domain: Exact, x: Value) -> Bounded:
    """Monotone, so the interval's ends are its limits. erf(0) = 0 is exact: every form is x times something."""
    import numpy as np

    from harness.language import error_function
    from harness.language.exact import primitives

    part = domain.real(x).close()
    with np.errstate(all="ignore"):
        v = error_function.erf(part.v)
        moved = np.zeros_like(v)
        if not part.exact:
            low, high = error_function.erf(part.v - part.e), error_function.erf(part.v + part.e)
            moved = np.maximum(v - low, high - v)
        k = None if part.k is None else np.abs(v) + error_function.slope(part.v) * part.k
    return primitives.by_ulps(part, v, moved, k, exact=primitives.certainly(part, 0))


def _single(domain: Single, x: Value) -> Value:
    """Through float64: NumPy has no error function. `positive` refuses what is too large, as NumPy's functions do."""
    import numpy as np

    from harness.language import error_function

    return error_function.erf(np.positive(domain.real(x))).astype(domain.number)


ERF = Function(
    name="erf",
    group=SINGLE,
    form="erf(x)",
    meaning="the error function, 2 / sqrt(pi) times the integral of exp(-t * t) from 0 to x",
    bound="both ends of the interval, plus `exp_ulps`; erf(0) = 0 is exact",
    example=("erf(x)", "real[n]"),
    type_rule=entrywise,
    exact=_exact,
    single=_single,
    by_rows=ENTRYWISE,
    neighbours=("tanh",),
)
