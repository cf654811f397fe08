"""Numbers, indices and slices: off by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import isinf

from harness.language import types as T
from harness.language.mutate.faulty import faulty
from harness.language.mutate.mutant import Edits, Operator, Site
from harness.language.syntax import Binary, Index, NewAxis, Node, Number, OtherAxes, Slice


def constants(site: Site) -> Edits:
    """A number written out, one more and one less; of an infinity, the other one."""
    match site.node:
        case Number(value=value) if isinf(value):
            yield f"{_spoken(-value)}-for-{_spoken(value)}", Number(-value)
        case Number(value=value):
            for step in (1, -1):
                yield f"{_spoken(value + step)}-for-{_spoken(value)}", Number(value + step)


def _spoken(value: float) -> str:
    return f"minus-{-value}" if value < 0 else str(value)


def windows(site: Site) -> Edits:
    """A slice or an index moved by one along its axis: inside the axis where types allow that, else round its end."""
    node = site.node
    if not isinstance(node, Index):
        return
    for place, item in enumerate(node.items):
        if isinstance(item, OtherAxes | NewAxis) or item == Slice(None, None):
            continue
        for name, step in (("next", 1), ("previous", -1)):
            items = (*node.items[:place], _moved(item, step), *node.items[place + 1 :])
            yield f"{name}-{'slice' if isinstance(item, Slice) else 'index'}", replace(node, items=items)
        yield from _rolled(site, node, place)


def _moved(item: Node, step: int) -> Node:
    if isinstance(item, Slice):
        return Slice(_plus(item.first or Number(0), step), None if item.last is None else _plus(item.last, step))
    return _plus(item, step)


def _plus(node: Node, step: int) -> Node:
    if isinstance(node, Number):
        return Number(node.value + step)
    return Binary("+" if step > 0 else "-", node, Number(1))


def _rolled(site: Site, node: Index, place: int) -> Iterator[tuple[str, Node]]:
    """The same index into the array moved round by one."""
    value = site.typed(node.value)
    rank = len(value.shape)
    before = [item for item in node.items[:place] if not isinstance(item, OtherAxes | NewAxis)]
    after = [item for item in node.items[place:] if not isinstance(item, OtherAxes | NewAxis)]
    if any(isinstance(item, OtherAxes) for item in node.items[:place]):
        axis = -len(after)
    else:
        axis = len(before) - rank
    if not (isinstance(value, T.Blocks) and axis == -1):  # stored in blocks
        yield "round-the-end", replace(node, value=faulty("rolled", node.value, axis=axis))


OPERATORS = (
    Operator("<number>-for-<number>", "a constant, a mask, a shift or an axis is off by one", constants),
    Operator("next-*, previous-*, round-the-end", "an index or a slice is moved by one along its axis", windows),
)
