"""The exact value rounded once to float32."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import ENTRYWISE, ROUNDING, Function, Value
from harness.language.rules.fitting import entrywise
from harness.language.undecided import Undecided

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single


def _exact(domain: Exact, x: Value) -> Bounded:
    """Only where no error came in and float64 holds the value exactly. NaN keeps its own bound."""
    import numpy as np

    from harness.language.exact import region

    part = domain.real(x)
    unjudged = region.without_value(part)
    if not region.exact_but_for(part, unjudged):
        raise Undecided("float32(...) of a value that is not exact")
    with np.errstate(over="ignore"):
        value = part.v.astype(np.float32).astype(np.float64)
    return region.Bounded(value, part.ar, np.where(unjudged, np.inf, 0.0) if unjudged.any() else 0.0)


def _single(domain: Single, x: Value) -> Value:
    import numpy as np

    part = domain.real(x)
    return part if domain.number is np.float32 else part.astype(np.float32).astype(domain.number)


FLOAT32 = Function(
    name="float32",
    group=ROUNDING,
    form="float32(x)",
    meaning="an exact value, rounded once to float32",
    bound="zero; undecided where x is not exact",
    example=("float32(x)", "real[n]"),
    type_rule=entrywise,
    exact=_exact,
    single=_single,
    by_rows=ENTRYWISE,
    no_neighbours="it marks where a value is rounded; mutants of precision round elsewhere",
    keeps_values=True,
)
