"""Integers that are made of dimensions alone, where two versions of an equation differ in nothing else.

`x[: n // 2]` and `x[: (n + 1) // 2]` are one function exactly if two counts are equal for every n. Such counts need no
arrays, so they are compared for every value of the dimensions that they read, as int64 as in the evaluator; of too many
values, for every end, every size and some thousands of others. Where they differ, the whole is looked at first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import islice
from typing import Any

import numpy as np

from harness.gate.meaning.evidence import cut_lines
from harness.gate.meaning.points import Points, Wanted, distinct
from harness.gate.meaning.space import Point, Space
from harness.gate.meaning.view import VersionView, same_format, same_text
from harness.language.arithmetic import FLOAT64
from harness.language.evaluate import Bindings, evaluate
from harness.language.exact.domain import Exact
from harness.language.operators import BINARY, INTEGER, INTEGER_UNARY
from harness.language.syntax import Binary, Name, Node, Number, Unary, names, spell
from harness.language.undecided import Undecided

ALL = 40_000  # values of the dimensions that are compared one and all
SOME = 4_000  # at random, where there are more

Pair = tuple[Node, Node]


@dataclass(frozen=True)
class Counted:
    """How counts compare. `differ`: points where they do, and `shown` for the reader; of `n` that `told` tells of."""

    differ: tuple[Point, ...]
    shown: str
    n: int
    told: str


def compare_counts(old: VersionView, new: VersionView, name: str) -> Counted | None:
    """The counts in which an equation differs; None where it differs in anything else."""
    if not all(same_format(format_, new.formats.get(part)) for part, format_ in old.formats.items()):
        return None
    try:
        pairs = list(dict.fromkeys(_differing(old, new, Name(name), Name(name))))
    except _NoCount:
        return None
    if not pairs:
        return None
    read = frozenset().union(
        *(_reads(view, part) for pair in pairs for view, part in zip((old, new), pair, strict=True))
    )
    wanted = Wanted(read, tuple(part for pair in pairs for part in pair), f"counts of {name}")
    points = Points(Space(old), Space(new), wanted, wanted.rng())
    every = points.every(ALL)
    looked_at = _some(points) if every is None else every
    if not looked_at or not all(read <= point.keys() for point in looked_at):
        return None
    numbers = {part: np.array([point[part] for point in looked_at], np.int64) for part in looked_at[0]}
    at: list[Point] = []
    shown = ""
    for pair in pairs:
        before, after = (_values(view, part, numbers) for view, part in zip((old, new), pair, strict=True))
        if before is None or after is None:
            return None
        before, after = (np.broadcast_to(side, (len(looked_at),)) for side in (before, after))
        places = np.flatnonzero(before != after)
        if places.size:
            if not points.order:  # other numbers, and no counts: what they mean is seen in the whole
                return None
            last = int(places[-1])
            at += [looked_at[int(places[0])], looked_at[last]]
            shown = shown or _shown(pair, looked_at[last], int(before[last]), int(after[last]))
    return Counted(tuple(distinct(at)), shown, len(looked_at), _told(points, len(looked_at), every is not None))


def _shown(pair: Pair, point: Point, old: int, new: int) -> str:
    at = ", ".join(f"{name} = {value}" for name, value in point.items())
    return cut_lines(f"{at}\n{spell(pair[0])}: {old}\n{spell(pair[1])}: {new}")


def _told(points: Points, n: int, everywhere: bool) -> str:
    """Which numbers were looked at, for the reader."""
    of = ", ".join(points.order)
    if everywhere:
        return f"all {n} values of {of}" if n > 1 else "the one case there is"
    return f"{n} of more than {ALL} values of {of}: the ends in every combination, their neighbours, and some at random"


def _some(points: Points) -> list[Point]:
    promised = [point for point, _ in points.promised()]
    drawn = [point for point, _ in islice(points.at_random(), SOME) if point is not None]
    return distinct([*promised, *points.near(), *drawn])


class _NoCount(Exception):
    """The two differ in something that is no count of dimensions."""


def _differing(old: VersionView, new: VersionView, left: Node, right: Node) -> Iterator[Pair]:
    """Pairs of counts that stand in the same place and are written differently."""
    match left, right:
        case Name(id=name), Name(id=other) if name == other and name in old.equations and name in new.equations:
            if name in new.alike(old):
                return
            left, right = old.equations[name], new.equations[name]
        case _ if same_text(left, right) and not names(left) & old.equations.keys():
            return
    if _is_count(old, left) and _is_count(new, right):
        yield left, right
    elif type(left) is type(right):
        for field in fields(left):
            if field.compare:
                yield from _parts(old, new, getattr(left, field.name), getattr(right, field.name))
    else:
        raise _NoCount


def _parts(old: VersionView, new: VersionView, left: Any, right: Any) -> Iterator[Pair]:
    if isinstance(left, Node) and isinstance(right, Node):
        yield from _differing(old, new, left, right)
    elif isinstance(left, tuple) and isinstance(right, tuple) and len(left) == len(right):
        for one, other in zip(left, right, strict=True):
            yield from _parts(old, new, one, other)
    elif left != right or type(left) is not type(right):
        raise _NoCount


def _is_count(view: VersionView, node: Node) -> bool:
    match node:
        case Number(value=value):
            return isinstance(value, int)
        case Name(id=name):
            inner = view.equations.get(name)
            return name in view.dimensions if inner is None else _is_count(view, inner)
        case Unary(op=op, operand=operand):
            return op in INTEGER_UNARY and _is_count(view, operand)
        case Binary(op=op, left=left, right=right):
            return op in INTEGER and BINARY[op].entrywise and _is_count(view, left) and _is_count(view, right)
    return False


def _reads(view: VersionView, node: Node) -> frozenset[str]:
    return view.with_below(names(node)) & view.dimensions.keys()


def _values(view: VersionView, node: Node, numbers: Mapping[str, np.ndarray]) -> Any:
    """The count for all points at once; None where some have none, as in a division by zero."""
    try:
        with np.errstate(all="ignore"):
            return evaluate(node, Bindings(Exact(FLOAT64), view.equations, view.depends, dict(numbers)))
    except (Undecided, ArithmeticError, ValueError):
        return None
