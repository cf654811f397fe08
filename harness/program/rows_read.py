"""What a claim reads of each equation: its whole value, or only rows that are taken of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from harness.language import types as T
from harness.language.called import subject_call
from harness.language.sizes import Size
from harness.language.syntax import Call, Index, Name, Node, Scan, TakenRows, Threaded, children, names, walk
from harness.program.model import Expression, FalsifierProgram, Program


@dataclass(frozen=True)
class Sample:
    """Rows of an equation that a claim is about. `drawn`: which they are follows from inputs that are drawn."""

    equation: str
    rows: Size
    all: Size
    drawn: bool


@dataclass
class RowsRead:
    """The equations that are evaluated whole, and what is computed by rows: its name, how many, and what that holds."""

    whole: set[str] = field(default_factory=set)
    by_rows: list[tuple[str, Size, Expression]] = field(default_factory=list)

    @property
    def only_rows(self) -> set[str]:
        """The equations that are not evaluated whole."""
        return {name for name, _, _ in self.by_rows} - self.whole


def rows_read(program: Program, falsifier: FalsifierProgram) -> RowsRead:
    """What the claim and the arguments of its subjects read."""
    reading = _Reading(program)
    if any(index in program.by_rows.indices for index in _indices(program, falsifier)):
        reading.read(falsifier.claim)
    return reading.found


def samples(program: Program, falsifier: FalsifierProgram) -> Iterator[Sample]:
    """The rows of equations that the claim itself takes, each equation once."""
    told = set()
    for part in walk(falsifier.claim):
        if not isinstance(part, Index) or not isinstance(part.value, Name) or part.value.id in told:
            continue
        kind = program.scope.names.get(part.value.id)
        if program.by_rows.of(part, program.equations) is None or not isinstance(kind, T.Array):
            continue
        told.add(part.value.id)
        read = {name for item in part.items for name in names(item)}
        below = read.union(*(program.depends.get(name, frozenset()) for name in read))
        yield Sample(part.value.id, program.by_rows.indices[part], kind.shape[0], bool(below & set(program.inputs)))


def _indices(program: Program, falsifier: FalsifierProgram) -> Iterator[Node]:
    """Every index in the claim and in the equations."""
    for expression in (falsifier.claim, *program.equations.values()):
        yield from (part for part in walk(expression) if isinstance(part, Index))


class _Reading:
    """A walk over a claim, and over the equations that it reads."""

    def __init__(self, program: Program) -> None:
        self.program, self.found = program, RowsRead()

    def read(self, node: Node, rows: Size | None = None) -> None:
        """Note what an expression reads; `rows`: how many, within what is computed by rows."""
        equations = self.program.equations
        match node:
            case Index(value=value, items=items) if (made := self.program.by_rows.of(node, equations)) is not None:
                for item in items:
                    self.read(item, rows)
                self._rows(value, made, self.program.by_rows.indices[node])
            case TakenRows(value=value):
                made = self.program.by_rows.made(value, equations)
                if made is not None and isinstance(value, Name) and rows is not None:
                    self._rows(value, made, rows)
                else:
                    self.read(value, rows)
            case Name(id=name):
                self._whole(name)
            case Scan() | Threaded():
                for name in names(node):
                    self._whole(name)
                if isinstance(node, Threaded) and isinstance(node.call, Call):
                    self._called(node.call)
            case _:
                if isinstance(node, Call):
                    self._called(node)
                for part in children(node):
                    self.read(part, rows)

    def _rows(self, value: Node, made: Node, rows: Size) -> None:
        equations = self.program.equations
        if isinstance(value, Name) and value.id in equations:
            entry = (value.id, rows, self.program.held_by_rows[equations[value.id]])
            if entry in self.found.by_rows:
                return
            self.found.by_rows.append(entry)
        self.read(made, rows)

    def _whole(self, name: str) -> None:
        if name in self.program.equations and name not in self.found.whole:
            self.found.whole.add(name)
            self.read(self.program.equations[name])

    def _called(self, call: Call) -> None:
        """An equation with names replaced; what a subject is given; of a trace, all that it returns."""
        self._whole(call.name)
        subject = self.program.scope.subjects.get(call.name)
        for carried in subject.arguments.values() if subject is not None else ():
            self._whole(carried)
        traced = call.arguments[:1] if call.name.startswith("stagewise") else ()
        for trace in traced:
            called = self.program.contract.subjects.get(subject_call(trace).name)
            for source in called.returns.values() if called is not None else ():
                self._whole(source.text.strip())
