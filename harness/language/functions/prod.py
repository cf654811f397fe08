"""The product over an axis, or of all entries: one term of a polynomial, multiplied in any order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.language.function import NAMED_AXIS, SUMS, Function, Value
from harness.language.rules.fitting import reduced
from harness.language.types import Array, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single


def _type(x: Type, axis: Type | None = None) -> Array:
    result = reduced(x, axis)
    return replace(result, kind="int") if isinstance(x, Array) and x.kind == "int" else result


def _exact(domain: Exact, x: Value, axis: int | None = None) -> Value:
    from harness.language import integer_arithmetic
    from harness.language.exact import kinds

    return integer_arithmetic.product(domain.whole(x), axis) if kinds.is_whole(x) else _real(domain.real(x), axis)


def _real(x: Bounded, axis: int | None) -> Bounded:
    """A factor that is exactly a power of two, or zero, rounds nothing: all others but one may."""
    import numpy as np

    from harness.language.exact import factors, primitives
    from harness.language.exact.nonfinite import no_number, not_zero

    x = x.close()
    ar, off = x.ar, np.broadcast_to(x.e, x.v.shape)
    n = x.v.size if axis is None else x.v.shape[axis]
    with np.errstate(all="ignore"):
        v, far = np.asarray(np.prod(x.v, axis)), np.abs(x.v) + off
        most, size = np.prod(far, axis), np.abs(v)
        moved = np.where((off == 0).all(axis), 0.0, (most - size) + (n + 2) * 2.0**-52 * most)
        odd, _ = factors.odd_and_power(x.v)
        rounds = np.maximum(np.count_nonzero((odd != 1) | (off > 0), axis=axis) - 1, 0)
        gamma = rounds * ar.u / np.where(rounds * ar.u < 1, 1 - rounds * ar.u, 0.0)
        partial = np.prod(np.maximum(1.0, far), axis)
        e = moved + gamma * most + (n + 1) * ar.smallest * partial
        e = np.where((most == 0) | factors.product_is_exact(x, axis), 0.0, e)
        e = np.where(partial * (1 + gamma) < ar.largest, e, np.inf)
        e = np.where(no_number(x).any(axis) & not_zero(x).all(axis), 0.0, e)
    k = None if x.k is None else np.prod(np.abs(x.v) + x.k, axis)
    return primitives.leaf(x, v, e, k, keep_key=False)


def _single(domain: Single, x: Value, axis: int | None = None) -> Value:
    import numpy as np

    from harness.language import integer_arithmetic
    from harness.language.exact import kinds

    return integer_arithmetic.product(x, axis) if kinds.is_whole(x) else np.prod(domain.real(x), axis)


PROD = Function(
    name="prod",
    group=SUMS,
    form="prod(x, axis)",
    meaning="the product; integers stay integers",
    bound="n - 1 roundings, of powers of two none; not judged where a product of some entries may overflow",
    example=("prod(w, 1)", "real[k]"),
    type_rule=_type,
    exact=_exact,
    single=_single,
    by_rows=NAMED_AXIS,
    neighbours=("sum", "max"),
    reduces=True,
)
