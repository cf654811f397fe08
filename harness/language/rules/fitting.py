"""What the typing rules have in common: how a part is taken, and how shapes fit."""

from __future__ import annotations

from dataclasses import replace

from harness.language.sizes import Size, at_least_zero
from harness.language.types import Array, Blocks, Mismatch, Ranges, Shape, Type, Word, show


def seen(*types: Type) -> bool:
    """Whether some part comes from a subject."""
    return any(part.observed for part in types)


def real(part: Type, what: str = "a real array") -> Array:
    """As real values: integers count, tensors are decoded."""
    if isinstance(part, Blocks):
        return Array("real", part.shape, observed=part.observed)
    if isinstance(part, Array) and part.kind != "bool":
        return Array("real", part.shape, observed=part.observed)
    raise Mismatch(f"{part} where {what} is needed", what, str(part))


def shared_format(*parts: Type) -> str:
    """The number format that all these real arrays have, or none: what only chooses among their entries keeps it."""
    formats = {part.dtype if isinstance(part, Array) and part.kind == "real" else "" for part in parts}
    return formats.pop() if len(formats) == 1 else ""


def ints(part: Type, what: str = "an integer array") -> Array:
    """As integers; reals are not rounded silently."""
    if isinstance(part, Array) and part.kind == "int":
        return part
    raise Mismatch(f"{part} where {what} is needed", what, str(part), "bits and indices need integers")


def moved_type(part: Type) -> Array:
    """The type of what only moves entries: integers, truth values and number formats stay what they are."""
    if isinstance(part, Array) and part.kind != "real":
        return replace(part, size=None, choice=False)
    return entrywise_in_format(part)


def ids_inside(what: str, ids: Array, axis: Size, ranges: Ranges) -> None:
    """Mismatch where integers are not known to be places in an axis."""
    low, high = ids.low, ids.high
    known = low is not None and high is not None
    if low is None or high is None or not (at_least_zero(low, ranges) and at_least_zero(axis - high - 1, ranges)):
        raise Mismatch(f"these ids of {what} are not known to lie in their axis", f"ids below {axis}",
                       f"{ids} from {low} to {high}" if known else str(ids), "give them a range")  # fmt: skip


def entrywise(x: Type) -> Array:
    """The type rule of a function of single reals: an array of the same shape."""
    return real(x)


def entrywise_in_format(x: Type) -> Array:
    """The same where the result is one of the numbers of x, or one without its sign: it keeps the number format."""
    return replace(real(x), dtype=shared_format(x))


def reduced(x: Type, axis: Type | None = None) -> Array:
    """One real number along an axis, or of all entries."""
    part = real(x)
    if axis is None:
        return Array("real", observed=part.observed)
    place = literal_axis(axis, len(part.shape))
    return Array("real", part.shape[:place] + part.shape[place + 1 :], observed=part.observed)


def not_empty(what: str, axes: Shape, ranges: Ranges) -> None:
    """Mismatch where one of the axes may have no entry."""
    for size in axes:
        if not at_least_zero(size - 1, ranges):
            raise Mismatch(f"{what} over an axis that may be empty", "at least one entry", f"{size} entries",
                           "give the dimension a min of 1")  # fmt: skip


def single_text(part: Type, what: str) -> Word:
    """As a single text."""
    if isinstance(part, Word):
        return part
    raise Mismatch(f"{what} needs a text", "a text", str(part))


def scalar_size(part: Type, what: str) -> Size:
    """A size known from the dimensions: a number, a dimension, or a polynomial of them."""
    if isinstance(part, Array) and part.kind == "int" and part.size is not None:
        return part.size
    raise Mismatch(f"{what} must follow from the dimensions", "an integer made of numbers and dimensions", str(part))


def literal_axis(part: Type | None, rank: int) -> int:
    """An axis given as a number, counted from 0."""
    if part is None:
        return -1
    size = scalar_size(part, "an axis")
    axis = size.constant
    if axis is None or not -rank <= axis < rank:
        expected = f"{-rank} to {rank - 1}" if rank else "an array; a number has no axes"
        raise Mismatch("no such axis", expected, str(size))
    return axis % rank


def broadcast(left: Shape, right: Shape, op: str) -> Shape:
    """numpy's broadcasting on symbolic sizes: equal, or 1."""
    rank = max(len(left), len(right))
    one = Size.of(1)
    padded = [(one,) * (rank - len(shape)) + shape for shape in (left, right)]
    shape = []
    for a, b in zip(*padded, strict=True):
        if a != b and one not in (a, b):
            raise Mismatch(
                f"the sides of {op} have different shapes", show(left), show(right),
                f"{a} is not {b}",
            )  # fmt: skip
        shape.append(b if a == one else a)
    return tuple(shape)
