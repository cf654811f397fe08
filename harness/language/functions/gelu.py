"""GELU: x times the normal distribution at x, by erf; and the other function that is called so, by tanh.

Both make the factor (1 + f) / 2 from an f near -1 for negative x, so it is off by some u whatever its size, and the
result by some u of x.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import ENTRYWISE, SINGLE, Function, Value
from harness.language.rules.fitting import entrywise

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded, Floats
    from harness.language.single import Single

_SLOPE = 1.13  # the largest slope of both: 1.1290
_ROOT = 0.7978845608028654  # sqrt(2 / pi)
_CUBIC = 0.044715


def _gelu(domain: Exact, x: Value) -> Bounded:
    import numpy as np

    from harness.language import error_function

    part = domain.real(x).close()
    share = (1 + error_function.erf(part.v * np.sqrt(0.5))) / 2
    return _of_factor(part, share, error_function.slope(part.v * np.sqrt(0.5)) * np.sqrt(0.5) / 2, part.ar.exp_ulps + 1)


def _gelu_tanh(domain: Exact, x: Value) -> Bounded:
    import numpy as np

    part = domain.real(x).close()
    with np.errstate(all="ignore"):
        f = np.tanh(_ROOT * (part.v + _CUBIC * part.v**3))
        rising = np.where(np.abs(f) < 1, (1 - f * f) * _ROOT * (1 + 3 * _CUBIC * np.square(part.v)) / 2, 0.0)
    # half of 2 u |t tanh'(t)| more where tanh is made of exp2
    return _of_factor(part, (1 + f) / 2, rising, 2 * part.ar.exp_ulps + 6 + int(part.ar.folded))


def _of_factor(x: Bounded, share: Floats, rising: Floats, lost: int) -> Bounded:
    """x times share. `rising`: the slope of share; `lost`: half of what a kernel's f may be off by near -1, in u."""
    import numpy as np

    from harness.language.exact import primitives

    ar, size = x.ar, np.abs(x.v) + x.e
    with np.errstate(all="ignore"):
        v = x.v * share
        moved = _SLOPE * x.e
        e = moved + (ar.exp_ulps + 4) * ar.u * (np.abs(v) + moved) + lost * ar.u * size + 4 * ar.smallest
        e = np.where(2 * size < ar.largest, e, np.inf)  # a kernel may form x * (1 + f)
        e = np.where(primitives.certainly(x, 0), 0.0, e)
        k = None if x.k is None else np.abs(v) + np.abs(share + x.v * rising) * x.k
    return primitives.of_entries(x, v, e, k)


def _gelu_single(domain: Single, x: Value) -> Value:
    """0.5 x (1 + erf(x / sqrt(2))), erf through float64."""
    import numpy as np

    from harness.language import error_function

    part, number = domain.real(x), domain.number
    f = error_function.erf(part * number(np.sqrt(0.5))).astype(number)
    return number(0.5) * part * (number(1) + f)


def _gelu_tanh_single(domain: Single, x: Value) -> Value:
    import numpy as np

    part, number = domain.real(x), domain.number
    f = np.tanh(number(_ROOT) * (part + number(_CUBIC) * part * part * part))
    return number(0.5) * part * (number(1) + f)


_BOUND = "slope at most 1.13, plus `exp_ulps` and four roundings, plus {} roundings of x; of 0 it is exactly 0"
GELU = Function(
    name="gelu",
    group=SINGLE,
    form="gelu(x)",
    meaning="0.5 * x * (1 + erf(x / sqrt(2)))",
    bound=_BOUND.format("`exp_ulps` + 1"),
    example=("gelu(x)", "real[n]"),
    type_rule=entrywise,
    exact=_gelu,
    single=_gelu_single,
    by_rows=ENTRYWISE,
    neighbours=("gelu_tanh", "silu", "relu"),
)
GELU_TANH = Function(
    name="gelu_tanh",
    group=SINGLE,
    form="gelu_tanh(x)",
    meaning="0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x * x * x))), another function than `gelu`",
    bound=_BOUND.format("2 `exp_ulps` + 6"),
    example=("gelu_tanh(x)", "real[n]"),
    type_rule=entrywise,
    exact=_gelu_tanh,
    single=_gelu_tanh_single,
    by_rows=ENTRYWISE,
    neighbours=("gelu_erf", "silu", "relu"),
)
