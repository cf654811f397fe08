"""Calls and indices in equations of block formats, where arrays have an axis of many blocks in front.

What is the same for every block, such as a codebook, has an axis of 1 there.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

from harness.language.function import Value

if TYPE_CHECKING:
    from harness.language.evaluate import Domain


def entrywise(domain: Domain, name: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    """Each entry for itself: an axis more makes no difference."""
    return domain.call(name, arguments, keywords)


def broadcast(domain: Domain, name: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    """Entries that meet by broadcasting: ranks are made equal behind the axis of the blocks."""
    return domain.call(name, aligned(domain, arguments), keywords)


def along_axis(domain: Domain, name: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    """Along an axis given by name: counted from the front, it moves by one."""
    lengths = {shape[0] for argument in arguments if (shape := getattr(argument, "shape", None))}
    if not lengths:  # numbers that are written out
        return domain.index(domain.call(name, arguments, keywords), (None,))
    if keywords.get("axis", -1) >= 0:
        keywords = {**keywords, "axis": keywords["axis"] + 1}
    whole = len(lengths) == 1 and all(getattr(argument, "shape", None) for argument in arguments)
    return domain.call(name, arguments if whole else for_every_block(domain, arguments), keywords)


def for_every_block(domain: Domain, values: list[Value]) -> list[Value]:
    """The values with one length of their first axis: what is the same for every block is repeated."""
    import numpy as np

    values = [value if rank(value) else domain.call("stack", [value], {}) for value in values]
    blocks = max(value.shape[0] for value in values)
    same = np.zeros(blocks, np.intp)
    return [value if value.shape[0] == blocks else domain.index(value, (same,)) for value in values]


def indexed(domain: Domain, value: Value, items: tuple[Any, ...]) -> Value:
    """What an index takes out of every block."""
    if not any(getattr(item, "shape", None) for item in items):
        return domain.index(value, (slice(None), *items))
    return domain.index(value, _places(value.shape, items))


def _places(shape: tuple[int, ...], items: tuple[Any, ...]) -> tuple[Any, ...]:
    """An index with index arrays, which have the axis of the blocks too, as one that NumPy reads block by block.

    The places along the axes before them are written out, as the places of the blocks are: beside slices NumPy would
    put what the arrays take in front.
    """
    import numpy as np

    items = _whole_axes(items, len(shape) - 1)
    before = list(takewhile(lambda item: not rank(item), items))
    ranks = [rank(item) for item in items[len(before) :]]
    gathered = len(ranks) if all(ranks) else next(place for place, axes in enumerate(ranks) if not axes)
    arrays, after = items[len(before) : len(before) + gathered], items[len(before) + gathered :]

    kept = [item for item in before if isinstance(item, slice) or item is None]  # the axes that the result has
    axes = 1 + len(kept) + max(ranks) - 1

    def along(axis: int, places: np.ndarray) -> np.ndarray:
        return places.reshape(*[1] * axis, -1, *[1] * (axes - axis - 1))

    index: list[Any] = [along(0, np.arange(shape[0]))]
    result_axis = 1
    for item in before:
        if isinstance(item, slice):
            index.append(along(result_axis, np.arange(shape[len(index)])[item]))
        elif item is not None:
            index.append(item)
        result_axis += isinstance(item, slice) or item is None
    for array in arrays:
        blocks, *own = np.shape(array)
        index.append(np.reshape(array, (blocks, *[1] * (axes - 1 - len(own)), *own)))
    return (*index, *after)


def _whole_axes(items: tuple[Any, ...], axes: int) -> tuple[Any, ...]:
    """The items with `...` written out."""
    if not any(item is Ellipsis for item in items):
        return items
    place = next(place for place, item in enumerate(items) if item is Ellipsis)
    taken = sum(1 for item in items if item is not Ellipsis and item is not None)
    return (*items[:place], *[slice(None)] * (axes - taken), *items[place + 1 :])


def rank(value: Value) -> int:
    """The number of axes, that of the blocks included; of a plain number, none."""
    return len(getattr(value, "shape", None) or ())


def aligned(domain: Domain, values: list[Value]) -> list[Value]:
    """The values with their ranks made equal behind the first axis; plain numbers stay as they are."""
    ranks = [len(getattr(value, "shape", None) or ()) for value in values]
    highest = max(ranks)
    spread = []
    for value, own in zip(values, ranks, strict=True):
        missing = highest - own if own else 0
        spread.append(domain.index(value, (slice(None), *[None] * missing, Ellipsis)) if missing else value)
    return spread
