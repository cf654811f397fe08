"""The nearest integer, halves away from zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language import batches
from harness.language.function import ENTRYWISE, ROUNDING, Function, Value
from harness.language.rules.fitting import entrywise

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single


def _exact(domain: Exact, x: Value) -> Bounded:
    """Where x is not exact a half may go either way: implementations that round halves to even are inside."""
    import numpy as np

    from harness.language.exact import primitives

    part = domain.real(x).close()
    bound = np.broadcast_to(part.e, part.v.shape)
    v = _half_away(part.v) if part.ar.float64 else np.sign(part.v) * np.floor(np.abs(part.v) + 0.5)
    with np.errstate(invalid="ignore"):
        highest = np.floor(part.v + bound + 0.5)
        lowest = np.ceil(part.v - bound - 0.5)
        e = np.where(bound == 0, 0.0, np.maximum(highest - v, v - lowest))
    return primitives.of_entries(part, v, e, part.k)


def _single(domain: Single, x: Value) -> Value:
    return _half_away(domain.real(x))


def _half_away(x: Value) -> Value:
    """To the nearest integer, halves away from zero. x + 0.5 might be rounded: of 0.5 less its last place, to 1."""
    import numpy as np

    with np.errstate(invalid="ignore"):
        size = np.abs(x)
        whole = np.floor(size)
        return np.sign(x) * np.where(size - whole >= 0.5, whole + 1, whole)


ROUND = Function(
    name="round",
    group=ROUNDING,
    form="round(x)",
    meaning="the nearest integer, halves away from zero",
    bound="the greatest change over the interval: halves of inexact x go either way",
    example=("round(4 * x)", "real[n]"),
    type_rule=entrywise,
    exact=_exact,
    single=_single,
    by_rows=ENTRYWISE,
    in_batch=batches.entrywise,
    neighbours=("floor", "ceil", "trunc", "half_even"),
)
