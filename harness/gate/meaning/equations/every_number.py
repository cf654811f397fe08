"""Entries that are made of one number of a small format each: a case that holds every number shows all that there is.

`exp(0.1 * q)` of int8, or `where(levels > 1, levels, 0)` of float8: each entry is a function of one entry of one input.
So no constant can be overlooked, and none that no case shows is a reason to doubt. Bounds are compared on ordinary
cases: what an array may lose depends on all of its numbers.
"""

from __future__ import annotations

import numpy as np

from harness.gate.meaning.cases import EVERY, FEW, ComparisonCase, every_number
from harness.gate.meaning.points import Points
from harness.gate.meaning.space import Space
from harness.gate.meaning.view import VersionView
from harness.language.called import function_of
from harness.language.dtypes import DTYPES
from harness.language.function import ENTRYWISE
from harness.language.operators import BINARY
from harness.language.syntax import Binary, Call, Compare, Logic, Name, Node, Number, Text, Unary, names, walk

MOST = 16  # bits of a format whose numbers are one array
ANY_NUMBER = {"normal", "bytes"}  # kinds that may have any of them


def whole_cases(views: tuple[VersionView, VersionView], name: str, points: Points) -> list[ComparisonCase]:
    """A case for each type of the one input that an equation is made of; none where it is made of something else."""
    read = {part for view in views for part in _read(view, name)}
    if len(read) != 1 or not all(_entrywise(view, name) for view in views):
        return []
    (source,) = read
    if any(source not in view.inputs or view.inputs[source].formats for view in views) or points.has_range(source):
        return []
    types = [DTYPES[dtype] for dtype in points.types(source)]
    axes = len(views[0].inputs[source].shape)
    if any(dtype.bits > (MOST if axes else FEW) for dtype in types) or ANY_NUMBER.isdisjoint(
        points.common(Space.kinds, source)
    ):
        return []
    found = []
    for dtype in types:
        numbers = np.reshape(every_number(dtype), (*(1,) * (axes - 1), -1) if axes else -1)
        arrays = [numbers] if axes else [np.asarray(number) for number in numbers]
        found += [ComparisonCase({}, {source: array}, {source: f"{dtype.name} {EVERY}"}, {}) for array in arrays]
    return found


def _below(view: VersionView, name: str) -> list[Node]:
    return [view.equations[part] for part in view.with_below({name}) if part in view.equations]


def _read(view: VersionView, name: str) -> set[str]:
    """The inputs and dimensions that an equation is made of."""
    declared = view.inputs.keys() | view.dimensions.keys()
    return {part for node in _below(view, name) for part in names(node)} & declared


def _entrywise(view: VersionView, name: str) -> bool:
    return all(_is_entrywise(part) for node in _below(view, name) for part in walk(node))


def _is_entrywise(part: Node) -> bool:
    match part:
        case Binary(op=op):
            return BINARY[op].entrywise
        case Call(keywords=()):
            function = function_of(part)
            return function is not None and function.by_rows == ENTRYWISE
    return isinstance(part, Unary | Compare | Logic | Name | Number | Text)
