"""Sine and cosine. What the angle is off by is told apart from what the function is off by.

The angle is a stored number with a bound of its own: `pos * inv_freq` is rounded, and at a position of 100,000 that
turns the result by 0.006. The function itself is within the declared ulps of the angle that it is given, however large,
as NumPy and torch have it; `reduction: rounded` allows one that takes the turns away in float32.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.language.function import ENTRYWISE, SINGLE, Function, Value
from harness.language.rules.fitting import entrywise

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded, Floats
    from harness.language.single import Single

# An angle that is reduced in rounded numbers is off by 2 u of itself, for the period and for its multiple, a little
# more for the smaller parts of the period, and by what is lost of the rest: 16 u, and not more than 5 u of the angle.
# What is counted in turns may underflow, which is 2 pi times as much of the angle.
_OF_ANGLE, _OF_REST, _OF_SMALL, _UNDERFLOWN = 2 + 2.0**-5, 16, 5, 8


def _exact(domain: Exact, x: Value, function: Any, slope: Any) -> Bounded:
    """|f(a) - f(b)| is 2 |sin((a - b) / 2) f'((a + b) / 2)|, and never more than from v to the far end of [-1, 1]."""
    import numpy as np

    from harness.language.exact import primitives

    part = domain.real(x).close()
    with np.errstate(all="ignore"):
        v, rising = function(part.v), np.abs(slope(part.v))
        off = np.minimum(part.e + _reduced(part), np.pi)
        moved = 2 * np.sin(off / 2) * np.minimum(1, rising + off / 2)
        moved = np.where(np.isfinite(part.v), np.minimum(moved, 1 + np.abs(v)), np.inf)
        k = None if part.k is None else np.abs(v) + rising * part.k
        none = None if function is np.cos else primitives.certainly(part, 0)
    return primitives.by_ulps(part, v, moved, k, exact=none)


def _reduced(x: Bounded) -> Floats:
    """How far the angle may be off where whole turns are taken away in rounded numbers."""
    import numpy as np

    if not x.ar.rounded_reduction:
        return 0.0
    size = np.abs(x.v) + x.e
    rounded = x.ar.u * (_OF_ANGLE * size + np.minimum(_OF_REST, _OF_SMALL * size))
    return rounded + _UNDERFLOWN * x.ar.smallest


def _sin(domain: Exact, x: Value) -> Bounded:
    import numpy as np

    return _exact(domain, x, np.sin, np.cos)


def _cos(domain: Exact, x: Value) -> Bounded:
    import numpy as np

    return _exact(domain, x, np.cos, np.sin)


def _sin_single(domain: Single, x: Value) -> Value:
    """Through float64: NumPy's float32 sine misses by 2.9 u, more than is granted with `exp_ulps: 1`."""
    import numpy as np

    return np.sin(domain.real(x), dtype=np.float64).astype(domain.number)


def _cos_single(domain: Single, x: Value) -> Value:
    import numpy as np

    return np.cos(domain.real(x), dtype=np.float64).astype(domain.number)


_BOUND = "the angle's error times the slope, at most to the far end of [-1, 1]; plus `exp_ulps`"
SIN = Function(
    name="sin",
    group=SINGLE,
    form="sin(x)",
    meaning="the sine of x radians",
    bound=f"{_BOUND}; sin(0) = 0 is exact",
    example=("sin(x)", "real[n]"),
    type_rule=entrywise,
    exact=_sin,
    single=_sin_single,
    by_rows=ENTRYWISE,
    neighbours=("cos",),
)
COS = Function(
    name="cos",
    group=SINGLE,
    form="cos(x)",
    meaning="the cosine of x radians",
    bound=_BOUND,
    example=("cos(x)", "real[n]"),
    type_rule=entrywise,
    exact=_cos,
    single=_cos_single,
    by_rows=ENTRYWISE,
    neighbours=("sin",),
)
