"""Types of the functions that make arrays out of entries and only move them, one small function each."""

from __future__ import annotations

from dataclasses import replace

from harness.language.rules.fitting import literal_axis, real, scalar_size, seen
from harness.language.sizes import Size, at_least_zero
from harness.language.types import Array, Mismatch, Ranges, Shape, Signature, Type, show


def _arange(n: Type, *, ranges: Ranges) -> Array:
    count = scalar_size(n, "the length of arange")
    if not at_least_zero(count, ranges):
        raise Mismatch("arange of a length that may be negative", "0 or more", str(count))
    return Array("int", (count,), below=count)


def _reshape(x: Type, *sizes: Type, ranges: Ranges) -> Type:
    new = tuple(scalar_size(size, "a size of reshape") for size in sizes)
    if isinstance(x, Array) and x.size is not None:
        raise Mismatch("reshape needs an array", got=str(x))
    if not all(at_least_zero(size, ranges) for size in new):
        raise Mismatch("a size of reshape may be negative", "0 or more", show(new))
    if not isinstance(x, Array):
        x = real(x)
    before, after = Size.of(1), Size.of(1)
    for size in x.shape:
        before = before * size
    for size in new:
        after = after * size
    if before != after:
        raise Mismatch("reshape changes the number of entries", f"{before} entries", f"{after} for {show(new)}")
    return replace(x, shape=new, size=None, choice=False)


def _join(parts: tuple[Type, ...], what: str) -> tuple[str, list[Shape]]:
    if len(parts) < 2:
        raise Mismatch(f"{what} needs at least two arrays")
    whole = all(isinstance(part, Array) and part.kind == "int" for part in parts)
    return ("int" if whole else "real"), [part.shape if whole else real(part).shape for part in parts]


def _one(parts: tuple[Type, ...]) -> str:
    """The stored type that all parts share, or none."""
    kept = {part.dtype if isinstance(part, Array) else "" for part in parts}
    return kept.pop() if len(kept) == 1 else ""


def _stack(*parts: Type, axis: Type | None = None) -> Array:
    kind, shapes = _join(parts, "stack")
    for shape in shapes[1:]:
        if shape != shapes[0]:
            raise Mismatch("stack needs equal shapes", show(shapes[0]), show(shape))
    place = literal_axis(axis, len(shapes[0]) + 1) % (len(shapes[0]) + 1)
    shape = shapes[0]
    return Array(kind, (*shape[:place], Size.of(len(parts)), *shape[place:]), observed=seen(*parts), dtype=_one(parts))


def _concat(*parts: Type, axis: Type | None = None) -> Array:
    kind, shapes = _join(parts, "concat")
    rank = len(shapes[0])
    if not rank or any(len(shape) != rank for shape in shapes):
        raise Mismatch("concat needs arrays of one rank", got=" and ".join(show(shape) for shape in shapes))
    place = literal_axis(axis, rank) % rank
    length = Size.of(0)
    for shape in shapes:
        if shape[:place] + shape[place + 1 :] != shapes[0][:place] + shapes[0][place + 1 :]:
            raise Mismatch("concat: the other axes differ", show(shapes[0]), show(shape))
        length = length + shape[place]
    whole = (*shapes[0][:place], length, *shapes[0][place + 1 :])
    return Array(kind, whole, observed=seen(*parts), dtype=_one(parts))


def _transpose(x: Type) -> Array:
    part = x if isinstance(x, Array) else real(x)
    if len(part.shape) != 2:
        raise Mismatch("transpose swaps two axes", "a matrix", str(x))
    return replace(part, shape=(part.shape[1], part.shape[0]), size=None)


SIGNATURES: dict[str, Signature] = {
    "arange": _arange, "reshape": _reshape, "stack": _stack, "concat": _concat, "transpose": _transpose,
}  # fmt: skip
