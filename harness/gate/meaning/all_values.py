"""Integer expressions entry by entry, as expressions of the stored numbers that each entry is made of.

An entry of `(s[8:12] & 15) | ((s[0:4] >> 6) << 4)` is made of two bytes, whichever they are. So the expression is
evaluated once on symbols; entries that are alike but for which byte they read are one expression; and two of those
are compared on every value that their bytes can have. Where that is too many the comparison is left to cases.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from math import prod
from typing import Any

import numpy as np

from harness.gate.meaning.cases import cases_at
from harness.gate.meaning.evidence import RelationEvidence, cut_lines
from harness.gate.meaning.expression_diff import ExpressionPair
from harness.gate.meaning.functions import first_marked, index_text
from harness.gate.meaning.points import Points, distinct
from harness.gate.meaning.refused_cases import RefusedCases
from harness.gate.meaning.space import Point
from harness.language.arithmetic import FLOAT64
from harness.language.dtypes import DTYPES
from harness.language.evaluate import Bindings, Value, evaluate
from harness.language.exact.choice import Choice
from harness.language.exact.domain import Exact
from harness.language.exact.kinds import is_whole
from harness.language.operators import INTEGER, TRUTH, UNARY
from harness.language.syntax import Node
from harness.language.undecided import Undecided

ENTRIES = 8192  # of one array of symbols
POINTS = 5_000  # combinations of dimensions for which integer equations are compared on all values
SOME = 64  # of them at random, where there are more
FIRST = 16  # of them, as long as one array can be symbols; the others share
ROOM = 60_000  # symbols
NUMBERS = 1_000  # plain numbers, of which `arange` may make as many as the dimensions multiplied, cost one symbol


class NotSymbolic(Exception):
    """Something that is no integer expression of stored integers, or too large."""


@dataclass(frozen=True)
class Stored:
    """One stored integer: entry `index` of a field or input, with its type."""

    name: str
    index: tuple[int, ...]
    dtype: str

    def __str__(self) -> str:
        return f"{self.name}[{', '.join(map(str, self.index))}]" if self.index else self.name


@dataclass(frozen=True)
class Term:
    """An operator on terms, stored integers and numbers."""

    op: str
    parts: tuple[Any, ...]


Entry = Term | Stored | int


class Symbolic:
    """Evaluates on arrays of terms; everything else raises NotSymbolic."""

    key = "symbolic"

    def literal(self, value: int | float) -> Value:
        if isinstance(value, int):
            return value
        raise NotSymbolic("a real number")

    def given(self, value: Any) -> Value:
        if isinstance(value, int | np.integer):
            return int(value)
        if isinstance(value, np.ndarray) and value.dtype == object:
            return value
        raise NotSymbolic("no integers")

    def binary(self, op: str, left: Value, right: Value) -> Value:
        if op not in INTEGER:
            raise NotSymbolic(op)

        def join(a: Entry, b: Entry) -> Entry:
            if isinstance(a, int) and isinstance(b, int):
                return int(INTEGER[op](a, b))
            return Term(op, (a, b))

        return _entrywise(join, left, right)

    def unary(self, op: str, value: Value) -> Value:
        if UNARY[op].gives == TRUTH:
            raise NotSymbolic(op)

        def turn(a: Entry) -> Entry:
            return UNARY[op].apply(a) if isinstance(a, int) else Term(op, (a,))

        return _entrywise(turn, value)

    def compare(self, op: str, left: Value, right: Value) -> Value:
        del left, right
        raise NotSymbolic(op)

    def logic(self, op: str, parts: list[Value]) -> Value:
        del parts
        raise NotSymbolic(op)

    def index(self, value: Value, items: tuple[Any, ...]) -> Value:
        if any(isinstance(item, np.ndarray | Term | Stored) for item in items):
            raise NotSymbolic("an index that is computed")
        return array_of(value)[items]

    def whole(self, value: Value) -> Any:
        return value

    def call(self, name: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        match name:
            case "reshape":
                return array_of(arguments[0]).reshape([int(size) for size in arguments[1:]])
            case "stack":
                return np.stack([array_of(part) for part in arguments], keywords.get("axis", -1))
            case "concat":
                return np.concatenate([array_of(part) for part in arguments], keywords.get("axis", -1))
            case "transpose":
                return array_of(arguments[0]).T
            case "arange" if int(arguments[0]) <= ENTRIES:
                return np.array([int(i) for i in range(int(arguments[0]))], object)
            case "len":
                return array_of(arguments[0]).shape[int(arguments[1]) if len(arguments) > 1 else 0]
        raise NotSymbolic(name)


def array_of(value: Value) -> Any:
    """A value as an array; a single entry as one without axes."""
    if isinstance(value, np.ndarray):
        return value
    holder = np.empty((), object)
    holder[()] = value
    return holder


def _entrywise(function: Callable[..., Entry], *values: Value) -> Any:
    arrays = np.broadcast_arrays(*(array_of(value) for value in values))
    result = np.empty(arrays[0].shape, object)
    for place in np.ndindex(result.shape):
        result[place] = function(*(array[place] for array in arrays))
    return result if result.ndim else result[()]


def stored_array(name: str, shape: tuple[int, ...], dtype: str) -> np.ndarray:
    """An array of stored integers as symbols; NotSymbolic for other types, and where it is large."""
    if dtype not in DTYPES or DTYPES[dtype].is_real or int(np.prod(shape, dtype=np.int64)) > ENTRIES:
        raise NotSymbolic(f"{name} is {dtype}")
    array = np.empty(shape, object)
    for place in np.ndindex(shape):
        array[place] = Stored(name, place, dtype)
    return array


ENUMERATED = 1 << 20  # values of all stored numbers of one entry together


@dataclass
class Exhausted:
    """What enumerating showed. `n`: values tried, each for all entries that are alike."""

    n: int = 0
    difference: tuple[str, str, str, str] | None = None  # entry, the stored values, old, new


def exhaust(old: Value, new: Value, seen: dict[Any, int]) -> Exhausted:
    """Two arrays of terms on all values of what they are made of; NotSymbolic where these are too many.

    `seen` remembers pairs that were found equal, between calls.
    """
    before, after = array_of(old), array_of(new)
    if before.shape != after.shape:
        return Exhausted(1, ("", "", f"shape {list(before.shape)}", f"shape {list(after.shape)}"))
    result = Exhausted()
    for place in np.ndindex(before.shape):
        names: dict[Stored, Stored] = {}
        pair = _canonical(before[place], names), _canonical(after[place], names)
        if pair in seen:
            continue
        leaves = list(names.values())
        count = int(np.prod([float(_count(leaf)) for leaf in leaves])) if leaves else 1
        if count > ENUMERATED:
            if pair[0] == pair[1]:  # the same expression of the same bytes
                seen[pair] = 0
                continue
            raise NotSymbolic("too many values")
        values = _every(leaves)
        left, right = (np.broadcast_to(np.asarray(_value(side, values)), (count,)) for side in pair)
        differ = left != right
        result.n += count
        if differ.any():
            at = int(np.argmax(differ))
            shown = ", ".join(f"{leaf} = {int(values[kept][at])}" for leaf, kept in names.items())
            entry = f"[{', '.join(map(str, place))}]" if place else ""
            result.difference = (entry, shown, str(int(left[at])), str(int(right[at])))
            return result
        seen[pair] = count
    return result


def _canonical(entry: Entry, names: dict[Stored, Stored]) -> Entry:
    """The same term with stored integers numbered in the order in which they appear."""
    match entry:
        case Stored(dtype=dtype):
            return names.setdefault(entry, Stored(f"#{len(names)}", (), dtype))
        case Term(op=op, parts=parts):
            return Term(op, tuple(_canonical(part, names) for part in parts))
    return entry


def _count(leaf: Stored) -> int:
    return 1 << DTYPES[leaf.dtype].bits


def _every(leaves: list[Stored]) -> Mapping[Stored, np.ndarray]:
    """All combinations of values, as one flat array for each stored integer."""
    ranges = [DTYPES[leaf.dtype].integers for leaf in leaves]
    axes = [np.arange(integers.start, integers.stop, dtype=np.int64) for integers in ranges]
    grid = np.meshgrid(*axes, indexing="ij") if axes else []
    return {leaf: part.reshape(-1) for leaf, part in zip(leaves, grid, strict=True)}


def _value(entry: Entry, values: Mapping[Stored, np.ndarray]) -> Any:
    match entry:
        case Stored():
            return values[entry]
        case Term(op=op, parts=(left, right)):
            with np.errstate(all="ignore"):
                return INTEGER[op](_value(left, values), _value(right, values))
        case Term(op=op, parts=(only,)):
            return UNARY[op].apply(_value(only, values))
    return entry


def exhausted(pair: ExpressionPair, points: Points, refused: RefusedCases) -> RelationEvidence | None:
    """Integer equations on every value of the stored integers they are made of; None where that is not possible.

    For every combination of the dimensions, where these are few; else for what is promised by name, and for others.
    """
    every = points.every(POINTS)
    seen: dict[object, int] = {}
    total, tried, room, unpromised = 0, 0, ROOM, 0
    large: list[Point] = []
    for point in _in_turn(points, every):
        size = 8 + (points.size(point) if _stored(points) else prod(point.values()) // NUMBERS)
        if size > (ENTRIES if tried < FIRST else room):
            large.append(point)
            continue
        room -= size
        try:
            found = _at(pair, points, point, seen)
        except (NotSymbolic, ArithmeticError, LookupError, TypeError, ValueError, Undecided):
            return None
        tried += 1
        total += max(1, found.n)
        if found.difference is not None:
            if refused.possible and all(refused.has(case) for case in cases_at(points, point)):
                unpromised += 1
                continue
            shown = _shown(pair.what, point, found.difference)
            return RelationEvidence("different", total, shown, "a different function of integers, shown by one value")
    if not tried or any(given.items() <= point.items() for given in points.wanted.first for point in large):
        return None
    why = f"equal integers on all {total} values of what each entry is made of"
    if points.order:
        why += f", for {_told(points, every, tried, large)}"
    if unpromised:
        why += f"; {unpromised} of these do not count, since every call is refused there"
    return RelationEvidence("respelled", total, "", why)


def _in_turn(points: Points, every: list[Point] | None) -> list[Point]:
    """What is promised by name, then the others, the smallest first; of too many, neighbours and some at random."""
    promised = [point for point, _ in points.promised()]
    if every is not None:
        return distinct([*promised, *sorted(every, key=points.size)])
    drawn = (point for point, _ in points.at_random() if point is not None)
    return distinct([*promised, *points.near(), *islice(drawn, SOME if _stored(points) else POINTS // 2)])


def _stored(points: Points) -> bool:
    """Whether any stored integers are read, and not dimensions alone."""
    return bool(points.inputs or points.alone)


def _told(points: Points, every: list[Point] | None, tried: int, large: list[Point]) -> str:
    of = f"combinations of {', '.join(points.order)}" if len(points.order) > 1 else f"values of {points.order[0]}"
    if every is not None and tried == len(every):
        return f"all {tried} {of}" if tried > 1 else f"the only {of.replace('combinations', 'combination')}"
    count = f"more than {POINTS}" if every is None else str(len(every))
    left = max(large, key=points.size, default=None)
    text = f"; not tried, as too large: {', '.join(f'{k} = {v}' for k, v in left.items())}" if left else ""
    return f"{tried} of {count} {of}{text}"


def _shown(what: str, point: Point, difference: tuple[str, str, str, str]) -> str:
    entry, values, old, new = difference
    at = ", ".join(f"{name} = {value}" for name, value in point.items())
    lines = "; ".join(line for line in (at, values) if line)
    return cut_lines(f"{lines}\n{what}{entry}: old {old}, new {new}".strip())


def _at(pair: ExpressionPair, points: Points, point: Point, seen: dict[object, int]) -> Exhausted:
    names: dict[str, object] = dict(point)
    if not _stored(points):
        return _numbers(pair, names)
    for name in (*points.inputs, *points.alone):
        part = points.view(name).inputs[name]
        if not part.formats:
            names[name] = stored_array(name, points.shape(name, point), part.dtype)
    sides = [
        evaluate(node, Bindings(Symbolic(), view.equations, view.depends, names))
        for view, node in ((pair.old, pair.left), (pair.new, pair.right))
    ]
    return exhaust(sides[0], sides[1], seen)


def _numbers(pair: ExpressionPair, names: dict[str, object]) -> Exhausted:
    """Integers that are made of dimensions alone, as plain numbers."""
    sides = []
    for view, node in ((pair.old, pair.left), (pair.new, pair.right)):
        value = evaluate(node, Bindings(Exact(FLOAT64), view.equations, view.depends, names))
        if not is_whole(value) or isinstance(value, Choice):
            raise NotSymbolic("no integers")
        sides.append(np.asarray(value))
    before, after = sides
    if before.shape == after.shape and not np.array_equal(before, after):
        place = first_marked(before != after)
        return Exhausted(1, (index_text(place), "", str(int(before[place])), str(int(after[place]))))
    if before.shape != after.shape:
        return Exhausted(1, ("", "", f"shape {list(before.shape)}", f"shape {list(after.shape)}"))
    return Exhausted(1)


def exhausted_fields(
    old: Mapping[str, Node], new: Mapping[str, Node], fields: Mapping[str, tuple[str, int]], name: str
) -> Exhausted:
    """Equations of one block on all values of its bytes; `fields` gives type and length. May raise NotSymbolic."""
    values = []
    for equations in (old, new):
        domain = Symbolic()
        bindings = Bindings(domain, equations, {}, {})
        for field, (dtype, count) in fields.items():
            try:
                bindings.known[field] = stored_array(field, (count,) if count > 1 else (), dtype)
            except NotSymbolic:
                continue  # a real field: only an equation that reads it is no integer expression
        values.append(_known(name, bindings))
    return exhaust(values[0], values[1], {})


def _known(name: str, bindings: Bindings) -> object:
    try:
        return bindings.value(name)
    except KeyError as error:
        raise NotSymbolic(f"{error} is real") from None
