"""Whether an entry is neither NaN nor infinite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import ENTRYWISE, KNOWN, Function, Value
from harness.language.rules.fitting import real
from harness.language.types import Array, Type

if TYPE_CHECKING:
    from harness.language.exact.choice import Truth
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _type(x: Type) -> Array:
    part = real(x)
    return Array("bool", part.shape, observed=part.observed)


def _exact(domain: Exact, x: Value) -> Truth:
    import numpy as np

    return domain.certain(np.isfinite(domain.real(x).v))


def _single(domain: Single, x: Value) -> Value:
    import numpy as np

    return np.isfinite(domain.real(x))


IS_FINITE = Function(
    name="is_finite",
    group=KNOWN,
    form="is_finite(x)",
    meaning="neither NaN nor infinite, entry by entry",
    bound="of the value itself",
    example=("is_finite(w)", "truth[k, n]"),
    type_rule=_type,
    exact=_exact,
    single=_single,
    by_rows=ENTRYWISE,
    no_neighbours="conditions of refusals ask it; their mutants are other comparisons",
)
