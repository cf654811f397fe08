"""What the typing rules of functions have in common that move entries, or repeat them, or put zeros beside them."""

from __future__ import annotations

from dataclasses import replace

from harness.language.rules.entries import of_either
from harness.language.rules.fitting import literal_axis, real, scalar_size
from harness.language.sizes import Size, at_least_zero
from harness.language.types import Array, Mismatch, Ranges, Type, integer


def moved(x: Type, what: str, axes: int = 1) -> Array:
    """The array whose entries are moved: of reals, integers or truths; a tensor in blocks is decoded."""
    part = x if isinstance(x, Array) else real(x)
    if len(part.shape) < axes:
        needed = "an array" if axes == 1 else "an array of two axes or more"
        raise Mismatch(f"{what} needs {needed}", needed, str(x))
    return replace(part, size=None, choice=False)


def along(x: Array, axis: Type) -> int:
    """The axis that a call names, counted from 0."""
    return literal_axis(axis, len(x.shape))


def with_length(x: Array, axis: int, length: Size) -> Array:
    """The array with another length of one axis."""
    return replace(x, shape=(*x.shape[:axis], length, *x.shape[axis + 1 :]))


def count(part: Type, what: str, ranges: Ranges) -> Size:
    """A number that is not negative for any value of the dimensions."""
    size = scalar_size(part, what)
    if not at_least_zero(size, ranges):
        raise Mismatch(f"{what} may be negative", "0 or more", str(size))
    return size


def beside_zeros(x: Array, ranges: Ranges) -> Array:
    """What is known of an array to which zeros come."""
    if x.kind != "int" or x.low is None or x.high is None:
        return x
    low, high = of_either([x, integer(0)], ranges)
    return replace(x, low=low, high=high)
