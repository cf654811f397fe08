"""A checked contract: every expression parsed, typed and ready to be evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from harness.contract.model import Contract, Falsifier
from harness.language import types as T
from harness.language.claims import probably
from harness.language.dtypes import drawn_kinds
from harness.language.formats import BlockFormat
from harness.language.infer import Scope
from harness.language.integer_domain import IntegerDomain
from harness.language.scalar_evaluation import evaluate_scalar
from harness.language.syntax import Node, names, walk
from harness.language.taken_rows import RowPlan


@dataclass(frozen=True)
class Held:
    """An array that a case holds: its shape, and the bytes of every `block` values of a row.

    `by_rows`: of the first axis only the rows that are taken.
    """

    shape: T.Shape
    bytes: int
    block: int = 1
    by_rows: bool = False

    @property
    def per_value(self) -> float:
        return self.bytes / self.block


@dataclass(frozen=True)
class Expression:
    """What the evaluation of an expression holds: its value, unless it is a single number, and arrays in between."""

    value: Held | None = None
    between: tuple[Held, ...] = ()


@dataclass(frozen=True)
class InputProgram:
    """How an input is drawn: `formats` is empty for plain arrays, and `plain` for tensors in blocks.

    Of several types one is drawn per case. `dtype` is the first of them. `range`: the ends of integers, both included.
    `valid`: where its entries count, along its first axes; None: everywhere.
    """

    name: str
    dtype: str
    formats: tuple[str, ...]
    shape: tuple[Node, ...]
    kinds: tuple[str, ...]
    plain: tuple[str, ...] = ()
    range: tuple[Node, Node] | None = None
    valid: Node | None = None

    def drawn_kinds(self, chosen: tuple[str, ...] = (), excluded: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The kinds that it is drawn from, simplest first; `chosen`, `excluded`: as a falsifier narrows that."""
        return drawn_kinds(self.dtype, self.kinds, chosen, excluded, self.range is not None)

    def ends(self, numbers: Mapping[str, int]) -> tuple[int, int] | None:
        """The ends of its range for these numbers of the dimensions; None where it has none."""
        if self.range is None:
            return None
        low, high = (int(evaluate_scalar(end, numbers)) for end in self.range)
        return low, high

    @property
    def dtypes(self) -> tuple[str, ...]:
        """Every type that the input may have."""
        return self.formats or self.plain or (self.dtype,)

    def told_kind(self, dtype: str, kind: str) -> str:
        """A kind as records name it: with the type, where there could be another."""
        return f"{dtype} {kind}" if self.formats or len(self.dtypes) > 1 else kind


@dataclass(frozen=True)
class RefusalProgram:
    """When a subject must raise, and the message: literal parts and expressions in turn."""

    subject: str
    when: Node | None  # None: no expression says it, only claims that name the error rely on it
    error: str
    message: tuple[str | Node, ...]


@dataclass(frozen=True)
class CoverProgram:
    """A situation that must occur in at least this share of a falsifier's cases."""

    situation: str
    when: Node
    least: float


@dataclass(frozen=True)
class FalsifierProgram:
    """A falsifier whose claim is typed in `scope`."""

    source: Falsifier
    claim: Node
    where: Node | None
    scope: Scope
    accurate: bool  # the claim needs condition numbers
    rows: tuple[Mapping[str, object], ...] = ({},)  # of `for_each` and `over`: each is run
    cover: tuple[CoverProgram, ...] = ()
    held: Expression = Expression()  # by the claim

    @cached_property
    def probable(self) -> bool:
        """Whether the claim is about what a model of rounding promises."""
        return any(probably(part) for part in walk(self.claim))


@dataclass(frozen=True)
class Program:
    """One contract, checked. `contract` has the texts and places."""

    contract: Contract
    scope: Scope
    dimensions: Mapping[str, IntegerDomain]
    sizes: tuple[Mapping[str, int], ...]  # drawn besides, possibly beyond the dimensions' own ranges
    inputs: Mapping[str, InputProgram]
    formats: Mapping[str, BlockFormat]
    equations: Mapping[str, Node]
    falsifiers: tuple[FalsifierProgram, ...]
    refusals: tuple[RefusalProgram, ...]
    faults: Mapping[str, Mapping[str, Node]]  # the equations that each replaces
    held: Mapping[str, Expression] = field(default_factory=dict)  # by the equations
    by_rows: RowPlan = field(default_factory=RowPlan)
    held_by_rows: Mapping[Node, Expression] = field(default_factory=dict)  # by what is computed by rows

    def ignored(self, fault: str) -> frozenset[str]:
        """The errors that a fault swallows."""
        return frozenset(name for part in self.contract.faults if part.id == fault for name in part.ignores)

    @property
    def id(self) -> str:
        return self.contract.metadata.id

    @property
    def depends(self) -> Mapping[str, frozenset[str]]:
        """For each equation, every name below it."""
        return self.scope.depends

    @property
    def has_reference(self) -> bool:
        """Whether expressions say all that subjects return and refuse, so that they can be run as a subject."""
        if any(refusal.when is None for refusal in self.refusals):
            return False
        returned = [source for subject in self.contract.subjects.values() for source in subject.returns.values()]
        return all(source.text.strip() in self.equations for source in returned)

    def read_by(self, falsifier: FalsifierProgram) -> set[str]:
        """Every name that a claim, or one of the subjects it calls, reads; inputs beyond these are not drawn."""
        read: set[str] = set()
        for name in names(falsifier.claim):
            read |= {name} | self.depends.get(name, frozenset())
            subject = self.scope.subjects.get(name)
            if subject is not None:
                for carried in subject.arguments.values():
                    read |= {carried} | self.depends.get(carried, frozenset())
                for equation in self.contract.subjects[name].returns.values():
                    read |= self.depends.get(equation.text.strip(), frozenset())
        for name in read & {name for name, part in self.inputs.items() if part.valid is not None}:
            read |= self.read_by_padding(name)
        return read

    def read_by_padding(self, name: str) -> set[str]:
        """Every name that decides where the entries of an input count."""
        valid = self.inputs[name].valid
        read = set() if valid is None else names(valid)
        return read.union(*(self.depends.get(used, frozenset()) for used in read))

    def type_of(self, equation: str) -> T.Type:
        return self.scope.names[equation]
