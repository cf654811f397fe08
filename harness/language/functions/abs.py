"""The absolute value: no rounding, slope at most 1."""

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
    return primitives.of_entries(part, np.abs(part.v), np.broadcast_to(part.e, part.v.shape), part.k)


def _single(domain: Single, x: Value) -> Value:
    import numpy as np

    return np.abs(domain.real(x))


ABS = Function(
    name="abs",
    group=SINGLE,
    form="abs(x)",
    meaning="the absolute value",
    bound="unchanged",
    example=("abs(x)", "real[n]"),
    type_rule=entrywise_in_format,
    exact=_exact,
    single=_single,
    by_rows=ENTRYWISE,
    in_batch=batches.entrywise,
    neighbours=("relu",),
)
