"""From changes to a verdict: which bump they need, and whether the declared version has it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from harness.gate.candidates import Candidate
from harness.gate.change import Change
from harness.gate.kinds import kind_of
from harness.gate.problems import Problem
from harness.gate.version import Level, Version, step
from harness.gate.waivers import Waiver

UNCHANGED, FITS, NEW, STOPPED = "unchanged", "fits", "not released", "stopped"


@dataclass(frozen=True)
class KeyedChange:
    """One change under its key, with the waiver that takes it out of account, if there is one."""

    change: Change
    key: str
    waiver: Waiver | None = None

    @property
    def level(self) -> Level:
        """What it asks of the version; nothing where it is waived."""
        return Level.NONE if self.waiver else kind_of(self.change).level


@dataclass(frozen=True)
class Since:
    """Everything that changed since one base."""

    base: str
    version: Version
    changes: tuple[KeyedChange, ...]

    @property
    def needed(self) -> Level:
        """The greatest level among the changes."""
        return max((keyed.level for keyed in self.changes), default=Level.NONE)

    @property
    def breaks(self) -> str:
        """Whom the changes break, all together; waived ones do not count."""
        broken = {party for keyed in self.changes if not keyed.waiver for party in kind_of(keyed.change).how}
        return "both" if len(broken) > 1 else next(iter(broken), "nobody")


@dataclass
class Verdict:
    """What the gate says of one contract. `since` decides; `also` is another base, shown apart."""

    candidate: Candidate
    since: Since | None
    also: Since | None = None
    problems: list[Problem] = field(default_factory=list)
    note: str = ""

    @property
    def needed(self) -> Level:
        """The bump that the changes need."""
        return self.since.needed if self.since else Level.NONE

    @property
    def declared(self) -> Level:
        """The bump that was made."""
        return step(self.since.version, self.candidate.version) if self.since else Level.NONE

    @property
    def wanted(self) -> Version | None:
        """The least version that would do."""
        return self.since.version.raised(self.needed) if self.since and self.needed else None

    @property
    def word(self) -> str:
        """The verdict in a word or two."""
        if self.problems:
            return STOPPED
        if self.since is None:
            return NEW
        return FITS if self.since.changes or self.since.version != self.candidate.version else UNCHANGED


def key_of(contract: str, version: Version, change: Change) -> str:
    """The key that a waiver of a change names: it identifies this edit, since this version."""
    return f"{contract}@{version}:{change.kind}:{change.path}:{change.fingerprint}"


def since(base: str, contract: str, version: Version, changes: list[Change], waivers: Mapping[str, Waiver]) -> Since:
    """The changes since a base, each under its key."""
    keys = [key_of(contract, version, change) for change in changes]
    found = tuple(KeyedChange(change, key, waivers.get(key)) for change, key in zip(changes, keys, strict=True))
    return Since(base, version, found)


def version_problem(candidate: Candidate, since: Since, released: Collection[Version]) -> Problem | None:
    """Whether the declared version is raised by as much as the changes need."""
    declared, place = candidate.version, str(candidate.place)
    if declared < since.version:
        message = f"declares {declared}, and {since.base} is {since.version}"
        return Problem("version-below", candidate.id, str(declared), place, message, "a version can only be raised")
    if step(since.version, declared) >= since.needed:
        return None
    wanted = since.version.raised(since.needed)
    while wanted in released:  # a release that came in between took the number
        wanted = wanted.raised(Level.PATCH)
    hint = f"declare {wanted}"
    if wanted.major > declared.major:
        hint += f", and rename the file to {candidate.id}-v{wanted.major}.yaml"
    hint += "; or undo the changes that need it"
    id = "version-not-raised" if declared == since.version else "version-too-small"
    edited = f"{declared} was edited in place" if id == "version-not-raised" else f"{since.version} -> {declared}"
    return Problem(id, candidate.id, str(declared), place, f"{edited}; the changes need {since.needed}", hint)
