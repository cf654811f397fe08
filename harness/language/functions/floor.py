"""The integer below, above, or towards zero: each jumps, so its bound covers both sides of a jump within reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.language import batches
from harness.language.function import ENTRYWISE, ROUNDING, Function, Value
from harness.language.rules.fitting import entrywise

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single


def _stepped(domain: Exact, x: Value, step: Any) -> Bounded:
    """It never decreases, so it lies between the steps of the interval's ends; these are rounded outwards."""
    import numpy as np

    from harness.language.exact import primitives

    part = domain.real(x).close()
    v = step(part.v)
    with np.errstate(invalid="ignore"):
        highest = step(np.nextafter(part.v + part.e, np.inf))
        lowest = step(np.nextafter(part.v - part.e, -np.inf))
        e = np.where(np.asarray(part.e) == 0, 0.0, np.maximum(highest - v, v - lowest))
    return primitives.of_entries(part, v, e, part.k)


def _floor(domain: Exact, x: Value) -> Bounded:
    import numpy as np

    return _stepped(domain, x, np.floor)


def _ceil(domain: Exact, x: Value) -> Bounded:
    import numpy as np

    return _stepped(domain, x, np.ceil)


def _trunc(domain: Exact, x: Value) -> Bounded:
    import numpy as np

    return _stepped(domain, x, np.trunc)


def _single_floor(domain: Single, x: Value) -> Value:
    import numpy as np

    return np.floor(domain.real(x))


def _single_ceil(domain: Single, x: Value) -> Value:
    import numpy as np

    return np.ceil(domain.real(x))


def _single_trunc(domain: Single, x: Value) -> Value:
    import numpy as np

    return np.trunc(domain.real(x))


FLOOR = Function(
    name="floor",
    group=ROUNDING,
    form="floor(x)",
    meaning="the largest integer that is not above x, as a real number; integers are divided by `//`",
    bound="the greatest change over the interval: zero where x is exact",
    example=("floor(4 * x)", "real[n]"),
    type_rule=entrywise,
    exact=_floor,
    single=_single_floor,
    by_rows=ENTRYWISE,
    in_batch=batches.entrywise,
    neighbours=("ceil", "trunc", "round"),
)
CEIL = Function(
    name="ceil",
    group=ROUNDING,
    form="ceil(x)",
    meaning="the smallest integer that is not below x, as a real number",
    bound="as `floor`",
    example=("ceil(4 * x)", "real[n]"),
    type_rule=entrywise,
    exact=_ceil,
    single=_single_ceil,
    by_rows=ENTRYWISE,
    in_batch=batches.entrywise,
    neighbours=("floor", "trunc", "round"),
)
TRUNC = Function(
    name="trunc",
    group=ROUNDING,
    form="trunc(x)",
    meaning="x without its fraction, as a real number: what a conversion to integers does in C",
    bound="as `floor`",
    example=("trunc(4 * x)", "real[n]"),
    type_rule=entrywise,
    exact=_trunc,
    single=_single_trunc,
    by_rows=ENTRYWISE,
    in_batch=batches.entrywise,
    neighbours=("floor", "ceil", "round"),
)
