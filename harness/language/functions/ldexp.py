"""A number times two to an integer power: what a shared exponent of a block does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language import batches
from harness.language.function import ENTRYWISE, ROUNDING, Function, Value
from harness.language.rules.fitting import broadcast, ints, real, seen
from harness.language.types import Array, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded, Floats
    from harness.language.single import Single

NORMAL = 126  # powers of two, and their reciprocals, that float32 holds as normal numbers
FURTHEST = 5000  # beyond it float64 itself overflows, or is zero


def _type(x: Type, n: Type) -> Array:
    part, exponent = real(x), ints(n, "an integer exponent for ldexp")
    return Array("real", broadcast(part.shape, exponent.shape, "ldexp"), observed=seen(x, n))


def _exact(domain: Exact, x: Value, n: Value) -> Bounded:
    """A factor of the polynomial where it is a number of its own; else a kernel scales in steps, x by itself."""
    import numpy as np

    from harness.language.exact import region

    part, exponents = domain.real(x), _within(domain.whole(n))
    if np.max(np.abs(exponents), initial=0) <= NORMAL:
        return region.multiply(part, region.Bounded(np.ldexp(1.0, exponents), part.ar))
    return _by_itself(part.close(), exponents)


def _by_itself(x: Bounded, n: Floats) -> Bounded:
    """Two steps may underflow one after the other; nothing is lost while the last digit is kept."""
    import numpy as np

    from harness.language.exact import factors, primitives

    ar = x.ar
    with np.errstate(all="ignore"):
        v, moved = np.ldexp(x.v, n), np.ldexp(np.broadcast_to(x.e, x.v.shape), n)
        _, power = factors.odd_and_power(x.v)
        kept = (moved == 0) & (power + n >= ar.lowest) & (np.abs(v) >= (ar.tiny if ar.flushes else 0.0))
        stays = (moved == 0) & ((x.v == 0) | np.isinf(x.v))
        e = np.where(kept | stays, 0.0, moved + 2 * ar.smallest)
        e = np.where(stays | (np.abs(v) + e < ar.largest), e, np.inf)
    k = None if x.k is None else np.ldexp(x.k, n)
    return primitives.of_entries(x, v, e, k, keep_key=False)


def _single(domain: Single, x: Value, n: Value) -> Value:
    import numpy as np

    return np.ldexp(domain.real(x), _within(n))


def _within(n: Value) -> Floats:
    import numpy as np

    if isinstance(n, int):
        return np.int32(max(-FURTHEST, min(n, FURTHEST)))
    return np.maximum(np.minimum(n, FURTHEST).astype(np.int64), -FURTHEST).astype(np.int32)  # u64 has no -FURTHEST


LDEXP = Function(
    name="ldexp",
    group=ROUNDING,
    form="ldexp(x, n)",
    meaning="x times two to the integer n",
    bound="exact outside overflow and underflow",
    example=("ldexp(x, i)", "real[n]"),
    type_rule=_type,
    exact=_exact,
    single=_single,
    by_rows=ENTRYWISE,
    in_batch=batches.broadcast,
    neighbours=("pow",),
)
