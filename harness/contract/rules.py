"""The rules of a contract: obligations, what tries to falsify them, refusals and faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from harness.contract.source import Placed, Source
from harness.language.integer_domain import IntegerDomain
from harness.language.syntax import parse


@dataclass(frozen=True)
class Obligation(Placed):
    """What has to hold, in prose."""

    id: str
    type: str
    property: str


@dataclass(frozen=True)
class Given(Placed):
    """A dimension or an input, narrowed for one falsifier.

    For a dimension: `minimum`, `maximum` (None: as declared) or `integers` (one for `name: 3`). For an input:
    `kinds` (empty: as declared), `excluded` kinds and `dtypes` (empty: as declared).
    """

    name: str
    minimum: Source | None
    maximum: Source | None
    integers: tuple[int, ...]
    kinds: tuple[str, ...]
    excluded: tuple[str, ...]
    dtypes: tuple[str, ...]

    @cached_property
    def domain(self) -> IntegerDomain:
        """What it leaves of a dimension; SyntaxRefused where an end is no expression."""
        low, high = (None if end is None else parse(end.text) for end in (self.minimum, self.maximum))
        return IntegerDomain(low, high, self.integers)


@dataclass(frozen=True)
class UndecidedAllowance(Placed):
    """The share of cases that may stay undecided, and why."""

    max: float
    reason: str


@dataclass(frozen=True)
class Cover(Placed):
    """A situation that must occur in at least this share of the cases."""

    situation: str
    when: Source
    least: float


@dataclass(frozen=True)
class Falsifier(Placed):
    """A rule that a run tries to falsify."""

    id: str
    discharges: tuple[str, ...]
    rule: str
    claim: Source
    if_fails: str
    given: Mapping[str, Given]
    where: Source | None
    for_each: Mapping[str, tuple[int | str, ...]]
    over: tuple[str, ...]
    origin: tuple[str, ...]
    undecided: UndecidedAllowance | None
    cover: tuple[Cover, ...] = ()


@dataclass(frozen=True)
class Refusal(Placed):
    """When a subject must raise, which error class, and its message with {names}."""

    subject: str
    when: Source | None
    error: str
    message: str


@dataclass(frozen=True)
class DeclaredFault(Placed):
    """A real bug, kept as the equations it got wrong and the errors it swallowed."""

    id: str
    story: str
    replace: Mapping[str, Source]
    ignores: tuple[str, ...]


@dataclass(frozen=True)
class MutantWaiver(Placed):
    """A mutant that no falsifier need kill, and why."""

    mutant: str
    reason: str


@dataclass(frozen=True)
class SaboteurWaiver(Placed):
    """A saboteur that no falsifier need kill, and why."""

    saboteur: str
    reason: str
