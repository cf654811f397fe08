"""What is known of the entries of an integer array: between which sizes all of them lie.

So the entries of `raw % rows`, `n - 1 - arange(n)` or of a byte may be taken as places in an axis.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from harness.language.sizes import Size, TooLarge, at_least_zero, without_quotients
from harness.language.types import Array, Ranges, Shape

Ends = tuple[Size | None, Size | None]  # the least and the largest that an entry may be; None: not known
UNKNOWN: Ends = (None, None)
LARGEST = 2**62  # integers end there: beyond, a number may have wrapped around


def ends(part: Array) -> Ends:
    """Between what the entries of an array lie."""
    return (part.size, part.size) if part.size is not None else (part.low, part.high)


def of_operation(op: str, a: Array, b: Array, ranges: Ranges) -> Ends:
    """Between what the entries of `a op b` lie."""
    try:
        return _kept(_of_operation(op, ends(a), ends(b), ranges))
    except TooLarge:
        return UNKNOWN


def _of_operation(op: str, left: Ends, right: Ends, ranges: Ranges) -> Ends:
    match op:
        case "+":
            return _sum(left, right)
        case "-":
            return _sum(left, negated(right))
        case "*":
            return _product(left, right, ranges)
        case "//":
            return _quotient(left, right, ranges)
        case "%":
            return _remainder(right, ranges)
        case "<<" | ">>":
            factor = _power_of_two(right)
            if factor is None:
                return UNKNOWN
            return _product(left, factor, ranges) if op == "<<" else _quotient(left, factor, ranges)
        case "&" | "|" | "^":
            return _bits(op, left, right, ranges)
    return UNKNOWN


def negated(part: Ends) -> Ends:
    """Of `-x`."""
    low, high = part
    return None if high is None else -high, None if low is None else -low


def inverted(part: Ends) -> Ends:
    """Of `~x`, which is -x - 1."""
    return _sum(negated(part), (Size.of(-1), Size.of(-1)))


def of_either(parts: Iterable[Array], ranges: Ranges) -> Ends:
    """Of arrays joined into one: the outermost ends, where it is known which those are."""
    low, high = zip(*(ends(part) for part in parts), strict=True)
    outermost = _least([None if end is None else -end for end in high], ranges)
    return _least(low, ranges), None if outermost is None else -outermost


def of_larger(parts: Iterable[Array], ranges: Ranges) -> Ends:
    """Of `maximum(x, y)`: below the highest end where that is known, and above whatever low end is known."""
    low, high = zip(*(ends(part) for part in parts), strict=True)
    most = _least([None if end is None else -end for end in high], ranges)
    return _kept((_highest_known(low, ranges), None if most is None else -most))


def of_smaller(parts: Iterable[Array], ranges: Ranges) -> Ends:
    """Of `minimum(x, y)`."""
    turned = [Array("int", low=low, high=high) for low, high in (negated(ends(part)) for part in parts)]
    return negated(of_larger(turned, ranges))


def of_both(first: Ends, second: Ends, ranges: Ranges) -> Ends:
    """Of what lies between both."""
    low, high = zip(first, second, strict=True)
    most = _highest_known([None if end is None else -end for end in high], ranges)
    return _highest_known(low, ranges), None if most is None else -most


def _highest_known(sizes: Iterable[Size | None], ranges: Ranges) -> Size | None:
    """The highest of the known sizes; where it is not known which that is, one that is not negative, if any is."""
    known = [size for size in sizes if size is not None]
    lowest = _least([-size for size in known], ranges)
    if lowest is not None:
        return -lowest
    return next((size for size in known if at_least_zero(size, ranges)), known[0] if known else None)


def of_sum(part: Array, axes: Shape) -> Ends:
    """Of the sums over some axes: as many times the ends as there are entries."""
    try:
        count = math.prod(axes, start=Size.of(1))
        low, high = ends(part)
        return _kept((None if low is None else low * count, None if high is None else high * count))
    except TooLarge:
        return UNKNOWN


def of_prefix_sums(part: Array, n: Size, ranges: Ranges) -> Ends:
    """Of the sums of the first entries, of which there are n at most."""
    low, high = ends(part)
    try:
        below, above = _sum_below(low, n, ranges), _sum_below(None if high is None else -high, n, ranges)
        return _kept((below, None if above is None else -above))
    except TooLarge:
        return UNKNOWN


def _sum_below(low: Size | None, n: Size, ranges: Ranges) -> Size | None:
    """Below the sum of 1 to n numbers that are at least `low`."""
    if low is None or at_least_zero(low, ranges):
        return low
    return low * n if at_least_zero(-low, ranges) else None


def _least(sizes: Iterable[Size | None], ranges: Ranges) -> Size | None:
    known = [size for size in sizes if size is not None]
    if len(known) < len(list(sizes)):
        return None
    return next((size for size in known if all(at_least_zero(other - size, ranges) for other in known)), None)


def _kept(part: Ends) -> Ends:
    """Both ends, unless one is beyond the integers."""
    numbers = [end.constant for end in part if end is not None and end.constant is not None]
    return UNKNOWN if any(abs(number) > LARGEST for number in numbers) else part


def _sum(left: Ends, right: Ends) -> Ends:
    low, high = ((None if a is None or b is None else a + b) for a, b in zip(left, right, strict=True))
    return low, high


def _not_negative(part: Ends, ranges: Ranges) -> bool:
    return part[0] is not None and at_least_zero(part[0], ranges)


def _product(left: Ends, right: Ends, ranges: Ranges) -> Ends:
    """Of factors that are not negative."""
    if not (_not_negative(left, ranges) and _not_negative(right, ranges)):
        return UNKNOWN
    low, high = ((None if a is None or b is None else a * b) for a, b in zip(left, right, strict=True))
    return low, high


def _quotient(left: Ends, right: Ends, ranges: Ranges) -> Ends:
    """By one positive size: it grows with what is divided, and what is not negative becomes no larger."""
    divisor, same = right
    if divisor is None or divisor != same or not at_least_zero(divisor - 1, ranges):
        return UNKNOWN
    left = left[0], None if left[1] is None else without_quotients(left[1], ranges)
    low, high = (None if end is None else _floor(end, divisor) for end in left)
    if _not_negative(left, ranges):
        return Size.of(0), left[1] if high is None else high
    return low, high


def _floor(end: Size, divisor: Size) -> Size | None:
    """The quotient as a size; None where it is none."""
    number = divisor.constant
    try:
        return end.divided(divisor) if number is None else end.floordiv(number)
    except TooLarge:
        return None


def _remainder(divisor: Ends, ranges: Ranges) -> Ends:
    """Rounded down: of the divisor's sign, whatever is divided."""
    low, high = divisor
    if high is not None and low is not None and at_least_zero(low - 1, ranges):
        return Size.of(0), high - 1
    return UNKNOWN


def _power_of_two(bits: Ends) -> Ends | None:
    """What a shift by a number that is written out multiplies by, or divides by."""
    count = bits[0].constant if bits[0] is not None and bits[0] == bits[1] else None
    return None if count is None or not 0 <= count < 63 else (Size.of(1 << count), Size.of(1 << count))


def _bits(op: str, left: Ends, right: Ends, ranges: Ranges) -> Ends:
    """`&` has no more bits than a side that is not negative; `|` and `^` no more than the larger of two such."""
    tops = [part[1] for part in (left, right) if _not_negative(part, ranges) and part[1] is not None]
    numbers = [top.constant for top in tops if top.constant is not None]
    if op == "&" and tops:
        return Size.of(0), Size.of(min(numbers)) if numbers else tops[0]
    if len(numbers) == 2:
        return Size.of(0), Size.of((1 << max(numbers).bit_length()) - 1)
    return UNKNOWN


def never_zero(divisor: Size, ranges: Ranges) -> bool:
    """Whether a size is positive, or negative, whatever the dimensions are."""
    return at_least_zero(divisor - 1, ranges) or at_least_zero(-divisor - 1, ranges)
