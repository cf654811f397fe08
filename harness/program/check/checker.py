"""What checking one contract has declared so far, and what it found wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from harness.contract.access import entries, place_of
from harness.contract.model import Contract, Source
from harness.findings import Finding, Place
from harness.language import types as T
from harness.language.claims import SIGNATURES as CLAIMS
from harness.language.functions import FUNCTIONS
from harness.language.infer import Scope, SubjectType, TypeRefused, infer
from harness.language.infer.calls import is_behind
from harness.language.sizes import Range
from harness.language.syntax import Call, Name, Node, ResultField, SyntaxRefused, parse, spell, walk
from harness.language.taken_rows import RowPlan
from harness.program.model import Expression

At = Callable[..., Place]  # where a part of a section stands
UNREAD = Name("?")  # stands for text that is no expression; that was said already


@dataclass
class Checker:
    """Shared by the checks of all sections; `names`, `ranges` and `depends` grow in the order of the file."""

    contract: Contract
    findings: list[Finding] = field(default_factory=list)
    names: dict[str, T.Type] = field(default_factory=dict)  # of dimensions, inputs and equations
    ranges: dict[str, Range] = field(default_factory=dict)  # of dimensions
    depends: dict[str, frozenset[str]] = field(default_factory=dict)  # of equations: every name below
    rows: int = 0  # that falsifiers enumerate
    held: dict[str, Expression] = field(default_factory=dict)  # by equations
    by_rows: RowPlan = field(default_factory=RowPlan)
    held_by_rows: dict[Node, Expression] = field(default_factory=dict)  # by what is computed by rows
    recurrent: set[str] = field(default_factory=set)  # equations that are, or depend on, recurrences
    shaping: set[str] = field(default_factory=set)  # dimensions that shapes depend on
    used: set[str] = field(default_factory=set)  # by a subject or a claim
    broken: set[str] = field(default_factory=set)  # declared, but without a type: an error already reported

    @property
    def declared(self) -> list[str]:
        """Every name of a value, in the order in which they may use each other."""
        return [*self.contract.dimensions, *self.contract.inputs, *self.contract.equations]

    def scope(self, subjects: Mapping[str, SubjectType] | None = None) -> Scope:
        """What the next expression may refer to."""
        return Scope(
            self.names, self.ranges, self.depends, subjects or {}, frozenset(self.shaping),
            own=taken_names((*self.declared, *self.contract.subjects)),
            recurrent=frozenset(self.recurrent),
        )  # fmt: skip

    def use(self, name: str) -> None:
        """A subject or a claim reads a name, and everything below it."""
        self.used |= {name} | self.depends.get(name, frozenset())

    def say(self, place: Place, message: str, expected: str = "", got: str = "", hint: str = "") -> None:
        self.findings.append(Finding(place, message, expected, got, hint))

    def at(self, *path: str | int) -> Place:
        """Where a part of the file stands: an entry at its name, an item of a list at its beginning."""
        node = self.contract.node
        for step in path:
            if isinstance(step, str):
                node = entries(node)[step]
            else:
                assert isinstance(node.value, list)
                node = node.value[step]
        return place_of(node)

    def parse(self, source: Source, what: str) -> Node:
        """The expression, or UNREAD after saying why it is none."""
        try:
            return parse(source.text)
        except SyntaxRefused as error:
            self.say(source.place_at(error.offset), f"{what}: {error.message}", hint=error.hint)
            return UNREAD

    def type(self, node: Node, source: Source, what: str, scope: Scope) -> T.Type | None:
        """The type, or None after saying why there is none. Unread text and unknown types say nothing twice."""
        if node == UNREAD:
            return None
        try:
            kind = infer(node, scope)
            _only_moves_arguments(node, scope)
            return kind
        except TypeRefused as error:
            part, mismatch = error.node, error.mismatch
            if not self.follows(error):
                shown = f" in `{spell(part)}`" if part != node and not isinstance(part, Name) else ""
                hint = self._later(part, what, scope) or mismatch.hint
                message = f"{what}: {mismatch.message}{shown}"
                self.say(source.place_at(part.start), message, mismatch.expected, mismatch.got, hint)
            return None

    def condition(self, node: Node, source: Source, what: str, said: str, scope: Scope) -> T.Type | None:
        """The type of what must be one truth value; `said` is the finding where it is something else."""
        kind = self.type(node, source, what, scope)
        if kind is not None and not is_truth(kind):
            self.say(source.place, said, "one truth value", str(kind))
        return kind

    def follows(self, error: TypeRefused) -> bool:
        """Whether a part has no type only because of an error already reported."""
        part = error.node
        if isinstance(part, ResultField) and isinstance(part.call, Call):
            subject = self.contract.subjects.get(part.call.name)
            return " returns no " in error.mismatch.message and subject is not None and part.field in subject.returns
        return (part.id if isinstance(part, Name) else part.name if isinstance(part, Call) else "") in self.broken

    def _later(self, part: Node, what: str, scope: Scope) -> str:
        """A hint for a name whose declaration comes after its use."""
        if not isinstance(part, Name) or part.id in scope.names or part.id not in self.declared:
            return ""
        if what.endswith(f" {part.id}"):
            return "a definition cannot use itself"
        return "it is declared below; declare it before it is used"


def _only_moves_arguments(node: Node, scope: Scope) -> None:
    """TypeRefused where `behind(...)` is no argument of a subject: it may be too large to compute with."""
    calls = [part for part in walk(node) if isinstance(part, Call) and part.name in scope.subjects]
    arguments = {id(value) for call in calls for _, value in call.keywords}
    for part in walk(node):
        if is_behind(part) and id(part) not in arguments:
            raise TypeRefused(T.Mismatch("behind(...) is an argument of a subject, nothing is computed with it"), part)


def taken_names(names: Iterable[str]) -> frozenset[str]:
    """Those that are names of functions or claims as well."""
    return frozenset(name for name in names if name in FUNCTIONS or name in CLAIMS)


def is_truth(kind: T.Type) -> bool:
    """Whether a value is one truth value."""
    return isinstance(kind, T.Array) and kind.kind == "bool" and not kind.shape
