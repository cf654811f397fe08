"""The square root, correctly rounded or as x * (1 / sqrt(x)); of what may be negative it is not judged."""

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

    part = domain.real(x).close()
    ar = part.ar
    with np.errstate(all="ignore"):
        v = np.sqrt(part.v)
        low = part.v - part.e
        e = np.where(low >= 0, v - np.sqrt(np.maximum(low, 0)), np.inf)
        zero = (part.v == 0) & (np.asarray(part.e) == 0)
        e = np.where(zero, 0.0, e + 3 * ar.u * (v + e) + ar.smallest)
        k = None if part.k is None else v + np.where(v > 0, part.k / (2 * v), 0.0)
    return primitives.of_entries(part, v, e, k)


def _single(domain: Single, x: Value) -> Value:
    import numpy as np

    return np.sqrt(domain.real(x))


SQRT = Function(
    name="sqrt",
    group=SINGLE,
    form="sqrt(x)",
    meaning="the square root",
    bound="slope over the interval, plus rounding; not judged where x may be negative",
    example=("sqrt(abs(x))", "real[n]"),
    type_rule=entrywise,
    exact=_exact,
    single=_single,
    by_rows=ENTRYWISE,
    no_neighbours="without it the value is of another size, which `drop-sqrt` plants",
)
