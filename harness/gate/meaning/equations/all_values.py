"""Integer expressions entry by entry, as expressions of the stored numbers that each entry is made of.

An entry of `(s[8:12] & 15) | ((s[0:4] >> 6) << 4)` is made of two bytes, whichever they are. So the expression is
evaluated once on symbols; entries that are alike but for which byte they read are one expression; and two of those
are compared on every value of the bits that reach them. Where that is too many they are compared where integer
expressions turn: at the ends, at multiples of constants, at powers of two, with neighbours, and at random.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from itertools import islice, product
from math import prod
from typing import Any

import numpy as np

from harness.gate.meaning.cases import cases_at
from harness.gate.meaning.equations.expression_diff import ExpressionPair
from harness.gate.meaning.equations.functions import first_marked, index_text
from harness.gate.meaning.equations.refused_cases import RefusedCases
from harness.gate.meaning.evidence import RelationEvidence, cut_lines
from harness.gate.meaning.points import Points, distinct
from harness.gate.meaning.space import Point
from harness.language.arithmetic import FLOAT64
from harness.language.dtypes import DTYPES
from harness.language.evaluate import Bindings, Value, evaluate
from harness.language.exact.choice import Choice
from harness.language.exact.domain import Exact
from harness.language.exact.kinds import is_whole
from harness.language.integer_arithmetic import HIGHEST
from harness.language.operators import COMPARE, INTEGER, INTEGER_UNARY, JOIN
from harness.language.undecided import Undecided

ENTRIES = 8192  # of one array of symbols
POINTS = 5_000  # combinations of dimensions for which integer equations are compared on all values
SOME = 64  # of them at random, where there are more
FIRST = 16  # of them, as long as one array can be symbols; the others share
ROOM = 60_000  # symbols
NUMBERS = 1_000  # plain numbers, of which `arange` may make as many as the dimensions multiplied, cost one symbol

# What can be done to symbols: one part, or two and more.
TURNED: dict[str, Callable[..., Any]] = {**INTEGER_UNARY, "not": np.logical_not, "abs": np.abs}
JOINED: dict[str, Callable[..., Any]] = {
    **INTEGER, **JOIN, **{symbol: part.apply for symbol, part in COMPARE.items()}, "where": np.where,
}  # fmt: skip


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
    """Evaluates on arrays of terms; else NotSymbolic is raised. `of_reals`: whether a result may be a real one."""

    key = "symbolic"

    def __init__(self) -> None:
        self.of_reals = False

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
        return _entrywise(op, left, right)

    def unary(self, op: str, value: Value) -> Value:
        return _entrywise(op, value)

    def compare(self, op: str, left: Value, right: Value) -> Value:
        return _entrywise(op, left, right)

    def logic(self, op: str, parts: list[Value]) -> Value:
        return reduce(lambda left, right: _entrywise(op, left, right), parts)

    def index(self, value: Value, items: tuple[Any, ...]) -> Value:
        if any(isinstance(item, np.ndarray | Term | Stored) for item in items):
            raise NotSymbolic("an index that is computed")
        return array_of(value)[items]

    def whole(self, value: Value) -> Any:
        return value

    def decided(self, value: Value) -> Value:
        return value

    def real(self, value: Value) -> Any:
        del value
        raise NotSymbolic("real numbers")

    def carried(self, state: Value) -> Value:
        return state

    def without_value(self, value: Value, rows: np.ndarray) -> Value:
        del value, rows
        raise NotSymbolic("blocks whose scales are not finite")

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
            case "where" | "abs":
                self.of_reals = True
                return _entrywise(name, *arguments)
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


def _entrywise(op: str, *values: Value) -> Any:
    apply = (TURNED if len(values) == 1 else JOINED).get(op)
    if apply is None:
        raise NotSymbolic(op)
    arrays = np.broadcast_arrays(*(array_of(value) for value in values))
    result = np.empty(arrays[0].shape, object)
    for place in np.ndindex(result.shape):
        parts = tuple(array[place] for array in arrays)
        plain = all(isinstance(part, int) for part in parts)
        result[place] = np.asarray(apply(*parts)).item() if plain else Term(op, parts)
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
SAMPLED = 1 << 17  # of them, where there are more
MULTIPLES = 64  # of each constant below each power of two


@dataclass
class Exhausted:
    """What enumerating showed. `n`: values tried, each for all entries that are alike; `all`: there are no others."""

    n: int = 0
    difference: tuple[str, str, str, str] | None = None  # entry, the stored values, old, new
    all: bool = True
    real: bool = False  # whether the language takes them for real numbers, which have bounds


def exhaust(old: Value, new: Value, seen: dict[object, int]) -> Exhausted:
    """Two arrays of terms on all values of what they are made of, or on many of them.

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
        bits = dict.fromkeys(names.values(), 0)
        for side in pair:
            reached(side, -1, bits)
        every = sum(mask.bit_count() for mask in bits.values()) <= ENUMERATED.bit_length() - 1
        if not every and pair[0] == pair[1]:  # the same expression of the same bytes
            seen[pair] = 0
            continue
        values = _every(bits) if every else _telling(list(bits), pair)
        count = max((len(kept) for kept in values.values()), default=1)
        left, right = (np.broadcast_to(np.asarray(_value(side, values)), (count,)) for side in pair)
        if left.dtype != right.dtype:
            raise NotSymbolic("truth and integers")
        result.n += count
        result.all &= every
        if (left != right).any():
            at = int(np.argmax(left != right))
            shown = ", ".join(f"{leaf} = {values[kept][at]}" for leaf, kept in names.items())
            result.difference = index_text(place), shown, str(left[at].item()), str(right[at].item())
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


def reached(entry: Entry, mask: int, bits: dict[Stored, int]) -> None:
    """Add the bits of stored integers that the bits `mask` of a term are made of; -1 stands for all bits."""
    low = -1 if mask < 0 else (1 << mask.bit_length()) - 1  # a carry goes up alone
    match entry:
        case Stored():
            width = _bits(entry.dtype)
            own = mask & ((1 << width) - 1)
            bits[entry] |= own if own == mask else own | 1 << (width - 1)  # above it, copies of its sign
        case Term(op="&", parts=(part, int(number)) | (int(number), part)):
            reached(part, mask & number, bits)
        case Term(op=">>", parts=(part, int(number))):
            reached(part, mask << number, bits)
        case Term(op="<<", parts=(part, int(number))):
            reached(part, mask >> number, bits)
        case Term(op="%", parts=(part, int(number))) if number.bit_count() == 1 and number > 0:
            reached(part, mask & (number - 1), bits)
        case Term(op="//", parts=(part, int(number))) if number.bit_count() == 1 and number > 0:
            reached(part, mask << (number.bit_length() - 1), bits)
        case Term(op=op, parts=parts):
            inner = mask if op in ("&", "|", "^", "~") else low if op in ("+", "-", "*") else -1
            for part in parts:
                reached(part, inner, bits)


def _bits(dtype: str) -> int:
    """Bits of a stored integer; the language has none of 64 bits without a sign."""
    return min(DTYPES[dtype].bits, HIGHEST.bit_length()) if not DTYPES[dtype].signed else DTYPES[dtype].bits


def _every(bits: Mapping[Stored, int]) -> Mapping[Stored, np.ndarray]:
    """All combinations of values that differ in these bits, as one flat array for each stored integer."""
    axes = []
    for leaf, mask in bits.items():
        numbers = np.zeros(1, np.uint64)
        for bit in range(_bits(leaf.dtype)):
            if mask >> bit & 1:
                numbers = np.concatenate([numbers, numbers | np.uint64(1 << bit)])
        axes.append(numbers.astype(DTYPES[leaf.dtype].numpy).astype(np.int64))
    grid = np.meshgrid(*axes, indexing="ij") if axes else []
    return {leaf: part.reshape(-1) for leaf, part in zip(bits, grid, strict=True)}


def _telling(leaves: list[Stored], pair: tuple[Entry, Entry]) -> Mapping[Stored, np.ndarray]:
    """Values at which integer expressions turn, with neighbours, and some at random.

    Before them, where these are few, every combination of the numbers that the expressions mention, with neighbours.
    """
    rng = np.random.default_rng(0)
    found = {}
    mentioned = {sign * number + off for side in pair for number in _numbers_in(side) for sign in (1, -1)
                 for off in (-1, 0, 1)}  # fmt: skip
    fitting = [[number for number in mentioned if number in DTYPES[leaf.dtype].integers and number <= HIGHEST]
               for leaf in leaves]  # fmt: skip
    together = list(islice(product(*map(sorted, fitting)), SAMPLED // 4 + 1))
    together = together if len(together) <= SAMPLED // 4 else []
    for leaf in leaves:
        every = DTYPES[leaf.dtype].integers
        powers = [1 << bit for bit in range(every[-1].bit_length() + 1)]
        turns = {0, every[0], *powers}
        for number in {abs(part) for side in pair for part in _numbers_in(side)} - {0, 1}:
            turns |= {power // number * number - times * number for power in powers for times in range(MULTIPLES)}
        near = {sign * turn + off for turn in turns for sign in (1, -1) for off in (-1, 0, 1)}
        kept = np.array([number for number in sorted(near) if number in every and number <= HIGHEST], np.int64)
        drawn = rng.integers(every[0], min(every[-1], HIGHEST), len(kept), np.int64, endpoint=True)
        mixed = rng.choice(np.concatenate([kept, drawn]), SAMPLED)
        combined = np.array([numbers[leaves.index(leaf)] for numbers in together], np.int64)
        found[leaf] = np.concatenate([combined, kept, mixed])[:SAMPLED]  # then the same of each leaf, then any
    return found


def _numbers_in(entry: Entry) -> list[int]:
    if isinstance(entry, Term):
        return [number for part in entry.parts for number in _numbers_in(part)]
    return [entry] if isinstance(entry, int) else []


def _value(entry: Entry, values: Mapping[Stored, np.ndarray]) -> Any:
    match entry:
        case Stored():
            return values[entry]
        case Term(op=op, parts=parts):
            with np.errstate(all="ignore"):
                return (TURNED if len(parts) == 1 else JOINED)[op](*(_value(part, values) for part in parts))
    return entry


def exhausted(pair: ExpressionPair, points: Points, refused: RefusedCases) -> RelationEvidence | None:
    """Integer equations on every value of the stored integers they are made of; None where that is not possible.

    For every combination of the dimensions, where these are few; else for what is promised by name, and for others.
    """
    every = points.every(POINTS)
    seen: dict[object, int] = {}
    total, tried, room, unpromised, complete, real = 0, 0, ROOM, 0, True, False
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
        total += found.n
        complete &= found.all
        real |= found.real
        if found.difference is not None:
            if any(points.has_range(name) for name in (*points.inputs, *points.alone)):
                return None  # it may lie beyond the range
            if refused.possible and all(refused.has(case) for case in cases_at(points, point)):
                unpromised += 1
                continue
            shown = _shown(pair.what, point, found.difference)
            why = "a different function of integers, shown by one value"
            return RelationEvidence("different", max(1, total), shown, why)
    if real:  # the cases compare the bounds
        return None
    if not tried or any(given.items() <= point.items() for given in points.wanted.first for point in large):
        return None
    total = max(1, total)  # plain numbers are one value
    why = f"equal integers on {'all ' * complete}{total} values of what each entry is made of"
    if not complete:
        why += " (there are more: tried were ends, multiples of constants, powers of two, and others at random)"
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
    read = [name for name in (*points.inputs, *points.alone) if not points.view(name).inputs[name].formats]
    found = Exhausted()
    for types in product(*(points.types(name) for name in read)):
        for name, dtype in zip(read, types, strict=True):
            names[name] = stored_array(name, points.shape(name, point), dtype)
        one = _of_types(pair, names, seen)
        found = Exhausted(found.n + one.n, one.difference, found.all and one.all, found.real or one.real)
        if found.difference is not None:
            break
    return found


def _of_types(pair: ExpressionPair, names: Mapping[str, object], seen: dict[object, int]) -> Exhausted:
    """Both expressions of symbols."""
    domains = Symbolic(), Symbolic()
    sides = [
        evaluate(node, Bindings(domain, view.equations, view.depends, names))
        for domain, view, node in zip(domains, (pair.old, pair.new), (pair.left, pair.right), strict=True)
    ]
    if domains[0].of_reals != domains[1].of_reals:
        raise NotSymbolic("integers and real numbers")
    return replace(exhaust(sides[0], sides[1], seen), real=domains[0].of_reals)


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
