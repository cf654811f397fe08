"""Several arrays as one: along a new axis, or along one that they have."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.language import batches
from harness.language.function import Function, Value
from harness.language.rules.fitting import literal_axis, real, seen
from harness.language.sizes import Size
from harness.language.types import Array, Mismatch, Shape, Type, show

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _join(parts: tuple[Type, ...], what: str) -> tuple[str, list[Shape]]:
    if len(parts) < 2:
        raise Mismatch(f"{what} needs at least two arrays")
    whole = all(isinstance(part, Array) and part.kind == "int" for part in parts)
    return ("int" if whole else "real"), [part.shape if whole else real(part).shape for part in parts]


def _one(parts: tuple[Type, ...]) -> str:
    """The stored type that all parts share, or none."""
    kept = {part.dtype if isinstance(part, Array) else "" for part in parts}
    return kept.pop() if len(kept) == 1 else ""


def _type_of_stack(*parts: Type, axis: Type | None = None) -> Array:
    kind, shapes = _join(parts, "stack")
    for shape in shapes[1:]:
        if shape != shapes[0]:
            raise Mismatch("stack needs equal shapes", show(shapes[0]), show(shape))
    place = literal_axis(axis, len(shapes[0]) + 1) % (len(shapes[0]) + 1)
    shape = shapes[0]
    return Array(kind, (*shape[:place], Size.of(len(parts)), *shape[place:]), observed=seen(*parts), dtype=_one(parts))


def _type_of_concat(*parts: Type, axis: Type | None = None) -> Array:
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


def _exact(domain: Exact, parts: tuple[Value, ...], join: Callable[[list[Value]], Value]) -> Value:
    from harness.language.exact import kinds, region

    if all(kinds.is_whole(part) for part in parts):
        return join([domain.whole(part) for part in parts])
    return region.joined([domain.real(part) for part in parts], join)


def _single(domain: Single, parts: tuple[Value, ...], join: Callable[[list[Value]], Value]) -> Value:
    from harness.language.exact import kinds

    whole = all(kinds.is_whole(part) for part in parts)
    return join(list(parts) if whole else [domain.real(part) for part in parts])


def _exact_stack(domain: Exact, *parts: Value, axis: int = -1) -> Value:
    import numpy as np

    return _exact(domain, parts, lambda arrays: np.stack(arrays, axis))


def _exact_concat(domain: Exact, *parts: Value, axis: int = -1) -> Value:
    import numpy as np

    return _exact(domain, parts, lambda arrays: np.concatenate(arrays, axis))


def _single_stack(domain: Single, *parts: Value, axis: int = -1) -> Value:
    import numpy as np

    return _single(domain, parts, lambda arrays: np.stack(arrays, axis))


def _single_concat(domain: Single, *parts: Value, axis: int = -1) -> Value:
    import numpy as np

    return _single(domain, parts, lambda arrays: np.concatenate(arrays, axis))


STACK = Function(
    name="stack",
    form="stack(x, y, ..., axis=-1)",
    meaning="arrays of one shape along a new axis",
    bound="unchanged",
    example=("stack(x, i, axis=0)", "real[2, n]"),
    type_rule=_type_of_stack,
    keywords=("axis",),
    exact=_exact_stack,
    single=_single_stack,
    in_batch=batches.along_axis,
    no_neighbours="concat gives another rank; a wrong one has its parts in another order",
    joins=True,
)
CONCAT = Function(
    name="concat",
    form="concat(x, y, ..., axis=-1)",
    meaning="arrays along an axis they have",
    bound="unchanged",
    example=("concat(w, w, axis=0)", "real[2*k, n]"),
    type_rule=_type_of_concat,
    keywords=("axis",),
    exact=_exact_concat,
    single=_single_concat,
    in_batch=batches.along_axis,
    no_neighbours="stack gives another rank; a wrong one has its parts in another order",
    joins=True,
)
