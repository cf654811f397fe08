"""max(x, 0): no rounding, slope at most 1, and 0 below zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language import batches
from harness.language.function import ENTRYWISE, SINGLE, Function, Value
from harness.language.rules.fitting import entrywise_in_format

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single


def _exact(domain: Exact, x: Value) -> Bounded:
    import numpy as np

    from harness.language.exact import primitives

    part = domain.real(x).close()
    with np.errstate(invalid="ignore"):
        e = np.where(part.v + part.e < 0, 0.0, part.e)  # an interval below zero is cut to zero whole
        e = np.where(np.isnan(part.v), np.inf, e)  # a kernel's maximum may be the NaN, or zero
    return primitives.leaf(part, np.maximum(part.v, 0.0), e, part.k)


def _single(domain: Single, x: Value) -> Value:
    import numpy as np

    return np.maximum(domain.real(x), domain.number(0))


RELU = Function(
    name="relu",
    group=SINGLE,
    form="relu(x)",
    meaning="max(x, 0)",
    bound="unchanged; zero where the whole interval of x is below zero",
    example=("relu(x)", "real[n]"),
    type_rule=entrywise_in_format,
    exact=_exact,
    single=_single,
    by_rows=ENTRYWISE,
    in_batch=batches.entrywise,
    neighbours=("silu", "abs"),
)
