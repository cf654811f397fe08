"""What is known of the entries of an integer array: that none is negative, and below which size all of them are.

So the entries of `raw % rows` or `n - 1 - arange(n)` may be taken as places in an axis.
"""

from __future__ import annotations

from harness.language.sizes import Size, at_least_zero
from harness.language.types import Array, Ranges


def largest(part: Array, ranges: Ranges) -> Size | None:
    """An upper end of the entries, where they are known not to be negative."""
    if part.below is not None:
        return part.below - 1
    return part.size if part.size is not None and at_least_zero(part.size, ranges) else None


def below(op: str, a: Array, b: Array, ranges: Ranges) -> Size | None:
    """The size that all entries of `a op b` are below, none being negative; None where that is not known."""
    if op == "%":  # rounded down: of the divisor's sign, whatever is divided
        return b.size if b.size is not None and at_least_zero(b.size - 1, ranges) else None
    left, right = largest(a, ranges), largest(b, ranges)
    if op == "&":  # no more bits than either side has, if one is not negative
        ends = [end for end in (left, right) if end is not None]
        return ends[0] + 1 if ends else None
    if left is None or right is None:
        return None
    if op == "+":
        return left + right + 1
    if op == "*":
        return left * right + 1
    if op == "-" and a.size is not None and at_least_zero(left - right, ranges):
        return left + 1
    if op == "//" and b.size is not None and at_least_zero(b.size - 1, ranges):
        return _below_quotient(left, b.size, ranges)
    return None


def _below_quotient(left: Size, divisor: Size, ranges: Ranges) -> Size:
    """What all of 0 to `left`, divided by a positive size and rounded down, are below."""
    if constant := divisor.constant:
        return left.floordiv(constant) + 1
    quotient, rest = left.divided(divisor)  # left = quotient * divisor + rest
    if at_least_zero(-rest - 1, ranges):
        return quotient
    return (quotient if at_least_zero(divisor - rest - 1, ranges) else left) + 1


def never_zero(divisor: Size, ranges: Ranges) -> bool:
    """Whether a size is positive, or negative, whatever the dimensions are."""
    return at_least_zero(divisor - 1, ranges) or at_least_zero(-divisor - 1, ranges)
