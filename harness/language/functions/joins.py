"""Several arrays as one: along a new axis, or along one that they have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language import batches
from harness.language.function import PLACES, Function, Value
from harness.language.rules.entries import UNKNOWN, of_either
from harness.language.rules.fitting import literal_axis, real, seen
from harness.language.sizes import Size
from harness.language.types import Array, Mismatch, Ranges, Shape, Type, show

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _join(parts: tuple[Type, ...], what: str) -> tuple[str, list[Shape]]:
    if len(parts) < 2:
        raise Mismatch(f"{what} needs at least two arrays")
    kinds = {part.kind if isinstance(part, Array) else "real" for part in parts}
    if "bool" in kinds and len(kinds) > 1:
        raise Mismatch(f"{what} of truth values and numbers", got=" and ".join(map(str, parts)))
    kind = kinds.pop() if len(kinds) == 1 else "real"
    return kind, [part.shape if kind != "real" else real(part).shape for part in parts]


def _one(parts: tuple[Type, ...]) -> str:
    """The stored type that all parts share, or none."""
    kept = {part.dtype if isinstance(part, Array) else "" for part in parts}
    return kept.pop() if len(kept) == 1 else ""


def _joined(kind: str, shape: Shape, parts: tuple[Type, ...], ranges: Ranges) -> Array:
    """Joined numbers have no ends: what `stack(0, 32 * p)` says of one file is not so of every other."""
    whole = [part for part in parts if isinstance(part, Array) and part.size is None]
    low, high = of_either(whole, ranges) if kind == "int" and len(whole) == len(parts) else UNKNOWN
    return Array(kind, shape, low=low, high=high, observed=seen(*parts), dtype=_one(parts))


def _type_of_stack(*parts: Type, axis: Type | None = None, ranges: Ranges) -> Array:
    kind, shapes = _join(parts, "stack")
    for shape in shapes[1:]:
        if shape != shapes[0]:
            raise Mismatch("stack needs equal shapes", show(shapes[0]), show(shape))
    place = literal_axis(axis, len(shapes[0]) + 1) % (len(shapes[0]) + 1)
    shape = shapes[0]
    return _joined(kind, (*shape[:place], Size.of(len(parts)), *shape[place:]), parts, ranges)


def _type_of_concat(*parts: Type, axis: Type | None = None, ranges: Ranges) -> Array:
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
    return _joined(kind, whole, parts, ranges)


def _stack(domain: Exact | Single, *parts: Value, axis: int = -1) -> Value:
    import numpy as np

    return domain.joined(list(parts), lambda arrays: np.stack(arrays, axis))


def _concat(domain: Exact | Single, *parts: Value, axis: int = -1) -> Value:
    import numpy as np

    return domain.joined(list(parts), lambda arrays: np.concatenate(arrays, axis))


STACK = Function(
    name="stack",
    group=PLACES,
    form="stack(x, y, ..., axis=-1)",
    meaning="arrays of one shape along a new axis",
    bound="unchanged",
    example=("stack(x, i, axis=0)", "real[2, n]"),
    type_rule=_type_of_stack,
    keywords=("axis",),
    exact=_stack,
    single=_stack,
    in_batch=batches.along_axis,
    no_neighbours="concat gives another rank; a wrong one has its parts in another order",
    joins=True,
)
CONCAT = Function(
    name="concat",
    group=PLACES,
    form="concat(x, y, ..., axis=-1)",
    meaning="arrays along an axis they have",
    bound="unchanged",
    example=("concat(w, w, axis=0)", "real[2*k, n]"),
    type_rule=_type_of_concat,
    keywords=("axis",),
    exact=_concat,
    single=_concat,
    in_batch=batches.along_axis,
    no_neighbours="stack gives another rank; a wrong one has its parts in another order",
    joins=True,
)
