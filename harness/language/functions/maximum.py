"""The larger and the smaller of two numbers, and a number held between two others. None of them rounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.language import batches
from harness.language.function import ENTRYWISE, SINGLE, Function, Value
from harness.language.rules.entries import Ends, of_larger, of_smaller
from harness.language.rules.fitting import broadcast, ints, real, seen, shared_format
from harness.language.types import Array, Ranges, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded, Floats
    from harness.language.single import Single


def _type(x: Type, y: Type, what: str, between: Callable[[tuple[Array, Array], Ranges], Ends], ranges: Ranges) -> Array:
    """Integers stay integers, and what is known of both sides is known of the result."""
    if not all(isinstance(side, Array) and side.kind == "int" for side in (x, y)):
        shape = broadcast(real(x).shape, real(y).shape, what)
        return Array("real", shape, observed=seen(x, y), dtype=shared_format(x, y))
    a, b = ints(x), ints(y)
    shape = broadcast(a.shape, b.shape, what)
    low, high = between((a, b), ranges)
    size = low if low == high and not shape else None
    return Array("int", shape, size, low, high, seen(x, y))


def _type_of_maximum(x: Type, y: Type, *, ranges: Ranges) -> Array:
    return _type(x, y, "maximum", of_larger, ranges)


def _type_of_minimum(x: Type, y: Type, *, ranges: Ranges) -> Array:
    return _type(x, y, "minimum", of_smaller, ranges)


def _type_of_clip(x: Type, low: Type, high: Type, *, ranges: Ranges) -> Array:
    return _type(_type(x, low, "clip", of_larger, ranges), high, "clip", of_smaller, ranges)


def _larger(x: Bounded, y: Bounded) -> Bounded:
    """It grows with both, so it lies between the larger of the lower ends and the larger of the upper ends."""
    import numpy as np

    from harness.language.exact import primitives
    from harness.language.exact.nonfinite import no_number

    x, y = x.close(), y.close()
    with np.errstate(invalid="ignore"):
        v = np.maximum(x.v, y.v)
        first, second = (np.where(part.v == v, 0.0, v - part.v) for part in (x, y))  # how far below the larger
        alone = np.maximum(first - x.e, second - y.e) > x.e + y.e  # one side is larger whatever the errors are
        of_winner = np.where(first == 0, x.e, y.e)
        up = np.maximum(x.e - first, y.e - second)
        down = np.minimum(first + x.e, second + y.e)
        lost = 2.0**-51 * (x.e + y.e)  # by the differences, in float64
        e = np.where(alone | (x.e + y.e == 0), of_winner, np.maximum(up, down) + lost)
        e = np.where(np.isnan(v), np.where(no_number(x) & no_number(y), 0.0, np.inf), e)
    k = None if x.k is None or y.k is None else np.maximum(x.k, y.k)
    result = primitives.leaf(x, v, e, k, keep_key=False)
    if not result.exact:
        result.key = _keys(x, y, v, alone)
    return result


def _keys(x: Bounded, y: Bounded, v: Floats, alone: Floats) -> Floats | None:
    """Ties of x stay ties where y is one number; otherwise those of stored numbers and literals that are the result."""
    import numpy as np

    from harness.language.exact.region import stored_as

    for part, other in ((x, y), (y, x)):
        if other.v.size == 1 and part.key is not None and part.key.shape == v.shape:
            return part.key
    keys = np.full(v.shape, np.nan)
    for part in (x, y):
        if part.key is not None:
            with np.errstate(invalid="ignore"):
                own = (part.key == part.v) & (part.e == np.abs(part.v - stored_as(part.v, part.ar)))
                keys = np.where(alone & (part.v == v) & own, part.key, keys)
    return keys


def _maximum(domain: Exact, x: Value, y: Value) -> Value:
    from harness.language import integer_arithmetic
    from harness.language.exact import kinds

    if kinds.is_whole(x) and kinds.is_whole(y):
        return integer_arithmetic.extreme([domain.whole(x), domain.whole(y)], largest=True)
    return _larger(domain.real(x), domain.real(y))


def _minimum(domain: Exact, x: Value, y: Value) -> Value:
    from harness.language import integer_arithmetic
    from harness.language.exact import kinds

    if kinds.is_whole(x) and kinds.is_whole(y):
        return integer_arithmetic.extreme([domain.whole(x), domain.whole(y)], largest=False)
    return -_larger(-domain.real(x), -domain.real(y))


def _clip(domain: Exact, x: Value, low: Value, high: Value) -> Value:
    return _minimum(domain, _maximum(domain, x, low), high)


def _single_maximum(domain: Single, x: Value, y: Value) -> Value:
    import numpy as np

    from harness.language import integer_arithmetic
    from harness.language.exact import kinds

    if kinds.is_whole(x) and kinds.is_whole(y):
        return integer_arithmetic.extreme([x, y], largest=True)
    return np.maximum(domain.real(x), domain.real(y))


def _single_minimum(domain: Single, x: Value, y: Value) -> Value:
    import numpy as np

    from harness.language import integer_arithmetic
    from harness.language.exact import kinds

    if kinds.is_whole(x) and kinds.is_whole(y):
        return integer_arithmetic.extreme([x, y], largest=False)
    return np.minimum(domain.real(x), domain.real(y))


def _single_clip(domain: Single, x: Value, low: Value, high: Value) -> Value:
    return _single_minimum(domain, _single_maximum(domain, x, low), high)


MAXIMUM = Function(
    name="maximum",
    group=SINGLE,
    form="maximum(x, y)",
    meaning="the larger of two, entry by entry; integers stay integers",
    bound="that of the side that is larger, of both where the bound leaves open which; not judged where a side is NaN",
    example=("maximum(x, 0.25)", "real[n]"),
    type_rule=_type_of_maximum,
    exact=_maximum,
    single=_single_maximum,
    by_rows=ENTRYWISE,
    in_batch=batches.broadcast,
    neighbours=("minimum",),
)
MINIMUM = Function(
    name="minimum",
    group=SINGLE,
    form="minimum(x, y)",
    meaning="the smaller of two, entry by entry; integers stay integers",
    bound="as `maximum`",
    example=("minimum(i, n - 1)", "integer[n]"),
    type_rule=_type_of_minimum,
    exact=_minimum,
    single=_single_minimum,
    by_rows=ENTRYWISE,
    in_batch=batches.broadcast,
    neighbours=("maximum",),
)
CLIP = Function(
    name="clip",
    group=SINGLE,
    form="clip(x, low, high)",
    meaning="`minimum(maximum(x, low), high)`: `clip(i, 0, n - 1)` is a place in an axis of n; an end may be `inf`",
    bound="as `maximum`",
    example=("clip(x, -1, 1)", "real[n]"),
    type_rule=_type_of_clip,
    exact=_clip,
    single=_single_clip,
    by_rows=ENTRYWISE,
    in_batch=batches.broadcast,
    no_neighbours="one with a forgotten end is a mutant of its own, with its ends exchanged another",
    mistakable=(1, 2),
)
