"""How many bytes a case takes: the arrays that are drawn, and the values of the equations.

It is known before anything is drawn, from the shapes that the check of the contract found. Counted are every input,
the value of every equation (kept while a case is judged: eight bytes of value and eight of bound for a real number, as
much again where `accurate` without units asks what it is a sum of), and the largest value in between. That is no
account of all memory, which is some times as much.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial

from harness.language import types as T
from harness.language.dtypes import DTYPES
from harness.language.infer.calls import is_behind
from harness.language.integer_domain import IntegerDomain
from harness.language.sizes import Range, Size, largest, smallest
from harness.language.syntax import Call, Index, Name, Node, Number, children
from harness.program.case import Case
from harness.program.limits import LARGEST_CASE, LARGEST_WHOLE
from harness.program.model import Expression, FalsifierProgram, Held, Program
from harness.program.rows_read import RowsRead, rows_read

BYTES = {"real": 16, "int": 8, "bool": 1}  # of an entry of a value
Measure = Callable[[Size], int | None]  # the number of a symbolic size; None where it is not known


class CaseTooLarge(Exception):
    """A case that is not drawn, because it would take more than LARGEST_CASE."""


@dataclass(frozen=True)
class Taken:
    """Bytes, and which part takes the most of them."""

    total: int
    most: str  # as a message names it: `input x`, `equation out`


@dataclass(frozen=True)
class Footprint:
    """What one falsifier's cases take; `given`: inputs that a model provides, which are not drawn."""

    program: Program
    falsifier: FalsifierProgram
    given: frozenset[str] = frozenset()

    def at(self, numbers: Mapping[str, int]) -> Taken:
        """For these dimensions, and this row of the tables."""
        from harness.program.integers import extent

        return self._taken(lambda size: extent(size, numbers)) or Taken(0, "")

    @cached_property
    def most(self) -> Taken | None:
        """For the largest dimensions; None where those cannot be told."""
        drawn = _without_sizes(self.program, self.falsifier.scope.ranges)
        sized = [{**drawn, **{name: Range.spanning((number,)) for name, number in size.items()}}
                 for size in self.program.sizes]  # fmt: skip
        taken = [self._taken(partial(largest, ranges=ranges)) for ranges in (drawn, *sized)]
        known = [part for part in taken if part is not None]
        return max(known, key=lambda part: part.total) if len(known) == len(taken) else None

    @cached_property
    def least(self) -> Taken | None:
        """For the smallest dimensions; None where those cannot be told."""
        return self._taken(partial(smallest, ranges=self.falsifier.scope.ranges))

    def check(self, numbers: Mapping[str, int]) -> None:
        """CaseTooLarge where these dimensions would take too much."""
        if self.most is not None and self.most.total <= LARGEST_CASE:
            return
        taken = self.at(numbers)
        if taken.total > LARGEST_CASE:
            told = ", ".join(f"{name} = {value}" for name, value in numbers.items())
            raise CaseTooLarge(
                f"a case would take {mebibytes(taken.total)}, most of it {taken.most}, expected at most "
                f"{mebibytes(LARGEST_CASE)}: narrow its dimensions ({told or 'there are none'})"
            )

    def never_whole(self, numbers: Mapping[str, int]) -> set[str]:
        """Equations that nothing evaluates whole: the claim reads rows of them, and all of them would take too much.

        With them go those that need them whole and that the claim does not read. Shrinking does without the contract's
        own kernel then, and the steps of a counterexample tell the rows.
        """
        from harness.program.integers import extent

        if not self.read.by_rows:
            return set()
        whole = self._taken(lambda size: extent(size, numbers), whole=True)
        if whole is None or whole.total <= LARGEST_WHOLE:
            return set()
        large = self.read.only_rows
        above = {name for name, below in self.program.depends.items() if below & large and name not in self.read.whole}
        return large | above

    @cached_property
    def read(self) -> RowsRead:
        """What the claim reads of each equation."""
        return rows_read(self.program, self.falsifier)

    def _taken(self, measure: Measure, whole: bool = False) -> Taken | None:
        measure = cache(measure)  # a hundred arrays have a few sizes between them
        parts = list(self._expressions(whole))
        kept = [(name, _bytes(held, measure)) for name, held in (*self._inputs_held(), *_values(parts))]
        between = [(name, _bytes(held, measure)) for name, part in parts for held in part.between]
        known = [(name, size) for name, size in (*kept, *between) if size is not None]
        if len(known) < len(kept) + len(between):
            return None
        total = sum(size or 0 for _, size in kept) + max((size or 0 for _, size in between), default=0)
        return Taken(total, max(known, key=lambda part: part[1], default=("", 0))[0])

    def _inputs_held(self) -> Iterator[tuple[str, Held]]:
        for name in self._inputs():
            for held in stored(self.program, name):
                yield f"input {name}", held

    def _expressions(self, whole: bool) -> Iterator[tuple[str, Expression]]:
        """What is evaluated; `whole`: every equation, as if no index took rows."""
        for name, part in self._evaluated(whole):
            yield name, _with_sums(part) if self.falsifier.probable else part

    def _evaluated(self, whole: bool) -> Iterator[tuple[str, Expression]]:
        read = self.program.read_by(self.falsifier)
        left_out = set() if whole else self.read.only_rows
        for name, part in self.program.held.items():
            if name in read and name not in left_out:
                yield f"equation {name}", part
        for name, rows, part in () if whole else self.read.by_rows:
            yield f"equation {name}", _of_rows(part, rows)
        yield "the claim", self.falsifier.held

    def _inputs(self) -> list[str]:
        read = self.program.read_by(self.falsifier)
        return [name for name in self.program.inputs if name in read and name not in self.given]


def _without_sizes(program: Program, ranges: Mapping[str, Range]) -> dict[str, Range]:
    """The ranges that dimensions draw: no case has the largest number of one size and that of another."""
    drawn = dict(ranges)
    for name in {name for size in program.sizes for name in size}:
        low, high = ranges[name].low.constant, ranges[name].high.constant
        least, most = _plain_ends(program.dimensions[name])
        if low is not None and least is not None:
            drawn[name] = Range(Size.of(max(low, least)), drawn[name].high)
        if high is not None and most is not None:
            drawn[name] = Range(drawn[name].low, Size.of(min(high, most)))
    return drawn


def _plain_ends(declared: IntegerDomain) -> tuple[int | None, int | None]:
    """The ends of a dimension that are plain numbers."""
    if declared.values:
        return min(declared.values), max(declared.values)
    low, high = (int(end.value) if isinstance(end, Number) else None for end in (declared.low, declared.high))
    return low, high


def never_whole(program: Program, falsifier: FalsifierProgram, case: Case) -> set[str]:
    """Equations that nothing may evaluate whole in this case: only rows of them are judged."""
    return Footprint(program, falsifier).never_whole({**case.dimensions, **numbers_of(case.table)})


def numbers_of(row: Mapping[str, object]) -> dict[str, int]:
    """The integers in a row of tables: sizes may be made of them."""
    return {name: value for name, value in row.items() if isinstance(value, int) and not isinstance(value, bool)}


def mebibytes(size: int) -> str:
    """A number of bytes for a message, in MiB or GiB."""
    gib = size / (1 << 30)
    return f"{size / (1 << 20):.3g} MiB" if gib < 1 else f"{gib:.4g} GiB"


def stored(program: Program, name: str) -> list[Held]:
    """The bytes of an input: those of the widest type that it may have."""
    part = program.inputs[name]
    kind = program.scope.names.get(name)
    if not isinstance(kind, T.Array | T.Blocks):
        return []
    if not part.formats:
        return [Held(kind.shape, max(DTYPES[dtype].bytes for dtype in part.dtypes))]
    formats = [program.formats[dtype] for dtype in part.formats]
    return [
        max((Held(kind.shape, format_.size, format_.values) for format_ in formats), key=lambda held: held.per_value)
    ]


def expression(
    typed: Iterable[tuple[Node, T.Type]],
    subjects: Iterable[str] = (),
    within: Mapping[int, Size] | None = None,
    by_rows: AbstractSet[int] = frozenset(),
) -> Expression:
    """What an expression holds, from its parts with their types, the whole last.

    Of some parts, known by their ids, only rows are computed: `within` says how many, `by_rows` leaves that open.
    """
    parts, called = list(typed), set(subjects)

    def rows_of(node: Node, held: Held) -> Held:
        if within and id(node) in within:
            return replace(held, shape=(within[id(node)], *held.shape[1:]))
        return replace(held, by_rows=True) if id(node) in by_rows else held

    kinds = {id(node): kind for node, kind in parts}
    own = parts[-1][0] if parts else None
    between: set[Held] = set()
    for node, kind in parts:
        held = _value(kind)
        if held is not None and node is not own and not is_behind(node) and not isinstance(node, Name):
            between.add(rows_of(node, held))
        if isinstance(node, Index) or (isinstance(node, Call) and node.name in called):
            continue  # the rows that are taken are decoded, not the tensor; a subject gets its bytes
        between |= {rows_of(child, Held(part.shape, BYTES["real"])) for child in children(node)
                    if isinstance(part := kinds.get(id(child)), T.Blocks)}  # fmt: skip
    value = _value(parts[-1][1]) if parts else None
    return Expression(value and rows_of(parts[-1][0], value), tuple(between))


def _values(parts: Iterable[tuple[str, Expression]]) -> Iterator[tuple[str, Held]]:
    yield from ((name, part.value) for name, part in parts if part.value is not None)


def _of_rows(part: Expression, rows: Size) -> Expression:
    """What an expression holds of which so many rows are computed."""

    def taken(held: Held) -> Held:
        return replace(held, shape=(rows, *held.shape[1:]), by_rows=False) if held.by_rows else held

    return Expression(part.value and taken(part.value), tuple(map(taken, part.between)))


def _with_sums(part: Expression) -> Expression:
    """What an expression holds where its reals keep what they are a sum of, for `accurate` without units."""

    def doubled(held: Held) -> Held:
        return replace(held, bytes=2 * held.bytes) if held.bytes == BYTES["real"] else held

    return Expression(part.value and doubled(part.value), tuple(map(doubled, part.between)))


def _value(kind: T.Type) -> Held | None:
    return Held(kind.shape, BYTES[kind.kind]) if isinstance(kind, T.Array) and kind.shape else None


def _bytes(held: Held, measure: Measure) -> int | None:
    axes = [measure(size) for size in held.shape]
    known = [axis for axis in axes if axis is not None]
    if 0 in known:
        return 0
    if len(known) < len(axes):
        return None
    *lead, last = known or [1]
    return math.prod(lead) * -(-last // held.block) * held.bytes
