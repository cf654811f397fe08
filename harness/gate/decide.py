"""From changes to a verdict: which bump they need, and whether the declared version has it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from harness.gate.candidates import Candidate
from harness.gate.change import Change
from harness.gate.kinds import kind_of
from harness.gate.problems import Problem
from harness.gate.releases.listed import Release
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
        """What it asks of the version. A waiver accepts a lower step; that a text was edited still shows in a patch."""
        return Level.PATCH if self.waiver else kind_of(self.change).level


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
    """What the gate says of one contract. `since` decides; `also` is another base, shown apart.

    `compared` are all bases, also those that are not shown.
    """

    candidate: Candidate
    since: Since | None = None
    also: Since | None = None
    compared: list[Since] = field(default_factory=list)
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


def key_of(contract: str, version: Version, change: Change, number: int = 1) -> str:
    """The key that a waiver of a change names: it identifies this edit, since this version.

    `number` counts edits that nothing else tells apart: `removed twice` takes two waivers.
    """
    again = f"-{number}" if number > 1 else ""
    return f"{contract}@{version}:{change.kind}:{change.path}:{change.fingerprint}{again}"


def since(base: str, contract: str, version: Version, changes: list[Change], waivers: Mapping[str, Waiver]) -> Since:
    """The changes since a base, each under its key."""
    found, told = [], Counter[str]()
    for change in changes:
        told[key_of(contract, version, change)] += 1
        key = key_of(contract, version, change, told[key_of(contract, version, change)])
        found.append(KeyedChange(change, key, waivers.get(key)))
    return Since(base, version, tuple(found))


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
    if declared == since.version:
        message = f"{declared} was edited in place; the changes need {since.needed}"
        if any(keyed.waiver for keyed in since.changes):
            message += " (a waiver accepts a lower step, not an edit without any)"
        return Problem("version-not-raised", candidate.id, str(declared), place, message, hint)
    message = f"{since.version} -> {declared}; the changes need {since.needed}"
    detail = f"{declared}:{_fingerprint(since, declared)}"
    return Problem("version-too-small", candidate.id, detail, place, message, hint)


def _fingerprint(since: Since, declared: Version) -> str:
    """Of the changes that need more: whoever accepts a version that is too small for them accepts no others."""
    made = step(since.version, declared)
    keys = sorted(keyed.key for keyed in since.changes if keyed.level > made)
    return hashlib.sha256("\0".join(keys).encode()).hexdigest()[:8]


def latest_problem(candidate: Candidate, releases: Mapping[Version, Release]) -> Problem | None:
    """Whether the declared version is below the latest release, as after a stale merge or a revert."""
    latest = max(releases, default=None)
    if latest is None or candidate.version >= latest:
        return None
    message = f"declares {candidate.version}, but {latest} is the latest release ({releases[latest].path})"
    hint = f"continue from {latest}; to go back to an older text, declare it as a version above {latest}"
    return Problem("version-below", candidate.id, str(candidate.version), str(candidate.place), message, hint)
