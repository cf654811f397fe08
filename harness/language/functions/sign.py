"""The sign: a jump at zero, which the bound covers where x may be zero or on its other side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language import batches
from harness.language.function import ENTRYWISE, SINGLE, Function, Value
from harness.language.rules.fitting import ints, real
from harness.language.sizes import Size
from harness.language.types import Array, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _type(x: Type) -> Array:
    if isinstance(x, Array) and x.kind == "int":
        return Array("int", ints(x).shape, low=Size.of(-1), high=Size.of(1), observed=x.observed)
    return real(x)


def _exact(domain: Exact, x: Value) -> Value:
    """Of NaN it is not judged: kernels that compare give 0."""
    import numpy as np

    from harness.language.exact import kinds, primitives

    if kinds.is_whole(x):
        return _of_integers(domain.whole(x))
    part = domain.real(x).close()
    v = np.sign(part.v)
    with np.errstate(invalid="ignore"):
        highest = np.where(part.v > -part.e, 1.0, np.where(part.v == -part.e, 0.0, -1.0))
        lowest = np.where(part.v < part.e, -1.0, np.where(part.v == part.e, 0.0, 1.0))
        e = np.where(np.asarray(part.e) == 0, 0.0, np.maximum(highest - v, v - lowest))
        e = np.where(np.isnan(part.v) | ~np.isfinite(part.e), np.inf, e)  # what has no bound may be NaN
    return primitives.leaf(part, v, e, part.k)


def _single(domain: Single, x: Value) -> Value:
    import numpy as np

    from harness.language.exact import kinds

    return _of_integers(x) if kinds.is_whole(x) else np.sign(domain.real(x))


def _of_integers(x: Value) -> Value:
    import numpy as np

    return (x > 0) - (x < 0) if isinstance(x, int) else np.where(x > 0, 1, np.where(x < 0, -1, 0))


SIGN = Function(
    name="sign",
    group=SINGLE,
    form="sign(x)",
    meaning="-1, 0 or 1; integers stay integers",
    bound="both signs where x may be zero or have either; not judged where x is NaN",
    example=("sign(x)", "real[n]"),
    type_rule=_type,
    exact=_exact,
    single=_single,
    by_rows=ENTRYWISE,
    in_batch=batches.entrywise,
    no_neighbours="no other function gives signs; a wrong one has another sign, or another number in its comparison",
)
