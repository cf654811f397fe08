"""The value is held as float32 here, so nothing is distributed across this point."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language import batches
from harness.language.function import ENTRYWISE, Function, Value
from harness.language.rules.fitting import entrywise

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single


def _exact(domain: Exact, x: Value) -> Bounded:
    return domain.real(x).close()


def _single(domain: Single, x: Value) -> Value:
    return domain.real(x)


STORED = Function(
    name="stored",
    form="stored(x)",
    meaning="x, held as float32 here: nothing is distributed across this point",
    bound="the polynomial's, closed",
    example=("stored(x)", "real[n]"),
    type_rule=entrywise,
    exact=_exact,
    single=_single,
    by_rows=ENTRYWISE,
    in_batch=batches.entrywise,
    no_neighbours="it has the value of its argument",
    keeps_values=True,
)
