"""e to the x: a relative error of the declared ulps, on top of what the argument's error moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import ENTRYWISE, SINGLE, Function, Value
from harness.language.rules.fitting import entrywise

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded, Floats
    from harness.language.single import Single


def _exact(domain: Exact, x: Value) -> Bounded:
    import numpy as np

    from harness.language.exact import moments, primitives

    exponents = domain.real(x).close()
    part = primitives.exponent(exponents)
    ar = part.ar
    with np.errstate(all="ignore"):
        v = np.exp(part.v)
        spread = np.where(v > 0, v * np.expm1(part.e), _of_vanished(part.v, part.e))
        e = spread + 2 * ar.exp_ulps * ar.u * (v + spread) + ar.exp_ulps * ar.smallest
        e = np.where(v + e < ar.largest, e, np.inf)
        k = None if part.k is None else v * (1 + part.k)
    power = primitives.of_entries(part, v, e, k)
    power.origin = moments.PowersOf(exponents)
    return power


def _of_vanished(x: Floats, e: Floats) -> Floats:
    """The most that exp may be where exp(x) is too small for float64: it grows, so that is exp at the interval's end.

    The end may cancel; it is moved on by the rounding of its parts.
    """
    import numpy as np

    return np.where(np.asarray(e) > 0, np.exp(x + e + 2.0**-51 * (np.abs(x) + e)), 0.0)


def _single(domain: Single, x: Value) -> Value:
    import numpy as np

    return np.exp(domain.real(x))


EXP = Function(
    name="exp",
    group=SINGLE,
    form="exp(x)",
    meaning="e to the x",
    bound="slope over the interval, plus `exp_ulps`",
    example=("exp(x)", "real[n]"),
    type_rule=entrywise,
    exact=_exact,
    single=_single,
    by_rows=ENTRYWISE,
    neighbours=("sigmoid",),
)
