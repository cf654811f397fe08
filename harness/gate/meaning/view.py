"""One version of a contract as it is compared. Both versions have the same names: see harness/gate/names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from harness.contract.rules import Given
from harness.language.claims import in_units, probably
from harness.language.dtypes import DTYPES
from harness.language.formats import BlockFormat
from harness.language.integer_domain import IntegerDomain
from harness.language.syntax import Node, Number, names, walk
from harness.program.model import InputProgram, Program


@dataclass(frozen=True)
class Narrowing:
    """What `given` says of one dimension or input."""

    domain: IntegerDomain
    kinds: tuple[str, ...]
    excluded: tuple[str, ...]
    dtypes: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """One falsifier: its claim, where it is tried, and the rows of its tables."""

    id: str
    claim: Node
    where: Node | None
    given: Mapping[str, Narrowing]
    rows: tuple[Mapping[str, object], ...]


@dataclass(frozen=True, eq=False)
class VersionView:
    """A version, with what follows from it.

    `depends`: for each equation every name below it. `arguments`, `returns`: of each subject, what each carries.
    """

    program: Program
    dimensions: Mapping[str, IntegerDomain]
    inputs: Mapping[str, InputProgram]
    equations: Mapping[str, Node]
    formats: Mapping[str, BlockFormat]
    depends: Mapping[str, frozenset[str]]
    rules: Mapping[str, Rule]
    arguments: Mapping[str, Mapping[str, str]]
    returns: Mapping[str, Mapping[str, str]]
    _alike: dict[VersionView, frozenset[str]] = field(default_factory=dict, repr=False)

    def with_equations(self, equations: Mapping[str, Node]) -> VersionView:
        """The same version computing something else."""
        return replace(self, equations=equations, depends=below(equations), _alike={})

    def alike(self, other: VersionView) -> frozenset[str]:
        """The equations that two versions compute alike, with everything below them."""
        if other not in self._alike:
            equations = {*self.equations, *other.equations}
            changed = {name for name in equations
                       if not same_text(self.equations.get(name), other.equations.get(name))}  # fmt: skip
            decoded = all(same_format(format_, self.formats.get(name)) for name, format_ in other.formats.items())
            self._alike[other] = frozenset(
                name for name in self.equations if decoded and not changed & ({name} | self.depends[name])
            )
        return self._alike[other]

    @property
    def promised(self) -> frozenset[str]:
        """Equations that callers or claims rely on: returned, carried as an argument, read by a claim or a refusal."""
        read: set[str] = set()
        for carried in (*self.arguments.values(), *self.returns.values()):
            read |= {*carried.values()}
        for rule in self.rules.values():
            read |= names(rule.claim)
        for refusal in self.program.refusals:
            parts = [part for part in (refusal.when, *refusal.message) if isinstance(part, Node)]
            if refusal.subject in self.returns:
                read |= {name for part in parts for name in names(part)}
        return frozenset(read & set(self.equations))

    def with_below(self, read: Iterable[str]) -> frozenset[str]:
        """Names, and every name below those that are equations."""
        return frozenset(read).union(*(self.depends.get(name, ()) for name in read))

    def is_real(self, node: Node) -> bool:
        """Whether real numbers are among what an expression is made of."""
        below = self.with_below(names(node))
        inputs = [self.inputs[name] for name in below & self.inputs.keys()]
        return any(part.formats or DTYPES[part.dtype].is_real for part in inputs) or any(
            isinstance(part, Number) and isinstance(part.value, float)
            for whole in (node, *(self.equations[name] for name in below & self.equations.keys()))
            for part in walk(whole)
        )

    @property
    def accurate(self) -> bool:
        """Whether some claim promises units of the condition."""
        return any(in_units(part) for rule in self.rules.values() for part in walk(rule.claim))

    @property
    def probable(self) -> bool:
        """Whether some claim promises what the model of rounding does."""
        return any(probably(part) for rule in self.rules.values() for part in walk(rule.claim))


def views(old: Program, new: Program) -> tuple[VersionView, VersionView]:
    """Both versions."""
    return view(old), view(new)


def view(program: Program) -> VersionView:
    """A version."""
    subjects = program.contract.subjects
    return VersionView(
        program,
        program.dimensions,
        program.inputs,
        program.equations,
        program.formats,
        below(program.equations),
        {part.source.id: Rule(
            part.source.id, part.claim, part.where,
            {name: _narrowing(given) for name, given in part.source.given.items()}, part.rows)
         for part in program.falsifiers},
        {name: {key: text.text.strip() for key, text in part.arguments.items()} for name, part in subjects.items()},
        {name: {key: text.text.strip() for key, text in part.returns.items()} for name, part in subjects.items()},
    )  # fmt: skip


def _narrowing(given: Given) -> Narrowing:
    return Narrowing(given.domain, given.kinds, given.excluded, given.dtypes)


def same_text(one: Node | None, other: Node | None) -> bool:
    """Whether two expressions are written alike: `2` and `2.0` are equal numbers of different kinds."""
    if one is None or other is None:
        return one is other
    numbers = [[type(part.value) for part in walk(node) if isinstance(part, Number)] for node in (one, other)]
    return one == other and numbers[0] == numbers[1]


def below(equations: Mapping[str, Node]) -> dict[str, frozenset[str]]:
    """For each equation every name below it; equations may stand in any order."""
    found: dict[str, frozenset[str]] = {}

    def of(name: str) -> frozenset[str]:
        if name not in found:
            direct = names(equations[name])
            found[name] = frozenset(direct.union(*(of(part) for part in direct if part in equations)))
        return found[name]

    for name in equations:
        of(name)
    return found


def same_format(one: BlockFormat, other: BlockFormat | None) -> bool:
    """Whether two block formats decode alike."""
    return other is not None and (one is other or (
        (one.values, one.size, one.fields, one.weights, one.scales)
        == (other.values, other.size, other.fields, other.weights, other.scales)
        and one.equations.keys() == other.equations.keys()
        and all(same_text(node, other.equations[name]) for name, node in one.equations.items())
    ))  # fmt: skip
