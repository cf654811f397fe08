"""What a contract is compared with: frozen releases, or what stands in a commit, a folder or a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from harness.findings import HandledError
from harness.gate.candidates import Candidate, CandidateSet, candidates_in, read_candidates
from harness.gate.git import Commit, at_head, is_shallow
from harness.gate.ranges import admits
from harness.gate.refs import commit_at, trunk
from harness.gate.releases.growth import EarlierReleases, earlier, growth_problems
from harness.gate.releases.listed import DIGESTS, FOLDER, Release, ReleaseFolder, listed_in, releases_at
from harness.gate.version import Version

if TYPE_CHECKING:
    from harness.contract.model import Contract


@dataclass(frozen=True)
class Base:
    """The old version of one contract. `name`: what it is called in the report; `version`, where it is known."""

    name: str
    contract: Candidate
    released: Version | None = None

    @property
    def version(self) -> Version:
        """The version that the old contract declares; of a release it need not be read."""
        return self.released or self.contract.version


class ReleasedBases:
    """The releases beside the contracts, and those of what is compared with."""

    def __init__(self, here: ReleaseFolder, past: EarlierReleases | None) -> None:
        self.here, self.past = here, past

    def of(self, candidate: Candidate) -> list[Base]:
        """The releases to compare with: that of the past first, since what is only here was not merged yet."""
        mine = self.here.base(candidate.id, candidate.version)
        theirs = self.past.base(candidate.id, candidate.version) if self.past else None
        if mine and theirs and mine.version == theirs.version and mine.says(theirs):
            return _base(mine) or _base(theirs)  # a file is read sooner than a commit
        return [base for release in (theirs, mine) if release for base in _base(release)]

    def before(self, candidate: Candidate) -> Iterator[tuple[Candidate, Base]]:
        """Each release that is only here, except that of the declared version, with the one before it.

        Whoever adds a release by hand would otherwise choose what the contract is compared with.
        """
        if self.past is None or not self.past.of(candidate.id):
            return
        known = self.versions(candidate.id)
        for version in sorted(self.here.of(candidate.id).keys() - self.past.of(candidate.id).keys()):
            below = [other for other in known if other < version]
            text = self.here.of(candidate.id)[version].text()
            if text is None or not below or version == candidate.version:
                continue
            for base in _base(known[max(below)]):
                yield Candidate(self.here.of(candidate.id)[version].path, text), base

    def versions(self, id: str) -> dict[Version, Release]:
        """Every release of a contract, wherever it is."""
        return {**self.here.of(id), **(self.past.of(id) if self.past else {})}

    def settled(self, id: str) -> Mapping[Version, Release]:
        """The releases that others may use already: those of the past, if there are any."""
        return (self.past.of(id) if self.past else {}) or self.here.of(id)

    def neighbours(self, old: Candidate, now: Mapping[str, Candidate]) -> dict[str, Contract]:
        """What the old version depended on: the greatest releases it admits, else what stands there now."""
        found = {}
        for id, wanted in old.about.depends_on.items():
            fitting = [version for version in self.versions(id) if admits(wanted, str(version))]
            bases = _base(self.versions(id)[max(fitting)]) if fitting else []
            if bases:
                found[id] = bases[0].contract.contract
            elif id in now:
                found[id] = now[id].contract
        return found


def _base(release: Release) -> list[Base]:
    text = release.text()
    if text is None:
        return []
    return [Base(f"release {release.version}", Candidate(release.path, text), release.version)]


class OtherBases:
    """Contracts of a commit, a folder or a file, and its releases, if it has any."""

    def __init__(
        self, name: str, contracts: CandidateSet, past: EarlierReleases | None = None, alone: Candidate | None = None
    ) -> None:
        self.name, self.contracts, self.past, self.alone = name, contracts, past, alone

    def of(self, candidate: Candidate) -> Base | None:
        """The contract with the same id there; for one file against one file, that file. Refused if it is broken."""
        if candidate.id in self.contracts.broken:
            raise self.contracts.broken[candidate.id]
        found = self.alone or self.contracts.by_id.get(candidate.id)
        return None if found is None else Base(self.name, found)

    def neighbours(self, old: Candidate, now: Mapping[str, Candidate]) -> dict[str, Contract]:
        """What the old version depended on, there; else what stands here now."""
        around = {**now, **self.contracts.by_id}
        return {id: around[id].contract for id in old.about.depends_on if id in around}


def other_bases(against: str, folder: Path, candidates: Mapping[str, Candidate], here: ReleaseFolder) -> OtherBases:
    """What `--against` names: a path, if there is one, else a git ref."""
    path = Path(against)
    if path.is_dir():
        return OtherBases(against, read_candidates(path), earlier(against, ReleaseFolder(path), None))
    if path.exists():
        return _file(against, path, candidates)
    commit = commit_at(against, folder)
    contracts = candidates_in(commit.contracts(), lambda name: commit.name(f"{commit.prefix}{name}"))
    return OtherBases(against, contracts, _past(commit, here))


def _file(against: str, path: Path, candidates: Mapping[str, Candidate]) -> OtherBases:
    read = read_candidates(path)
    for refused in read.broken.values():
        raise refused
    (base,) = read.by_id.values()
    if len(candidates) == 1:
        return OtherBases(against, read, alone=base)
    if base.id not in candidates:
        hint = "name only the contract to compare with it"
        raise HandledError(f"--against {against}: its contract {base.id!r} is not one of the given ones; {hint}")
    return OtherBases(against, read)


def published_releases(folder: Path, here: ReleaseFolder) -> EarlierReleases | None:
    """What the trunk has released, where releases of the commit that is checked out are gone or others here.

    None where nothing of it was lost, which one process tells. A release that the trunk does not have yet may be made
    again. A list in HEAD that cannot be read says nothing: only the one in the work tree has to be sound.
    """
    data = at_head(folder, f"{FOLDER}/{DIGESTS}")
    listed = listed_in("HEAD", data) if data is not None else None
    if listed is None or not [*growth_problems(here, earlier("HEAD", listed, None), None)]:
        return None
    try:
        return _past(trunk(folder), here)
    except HandledError:
        return None


def _past(commit: Commit, here: ReleaseFolder) -> EarlierReleases:
    """The releases of a commit; where something is not here, it is asked whether this branch ever had it."""
    releases = releases_at(commit)
    missing = any(version not in here.of(id) for id, versions in releases.by_id.items() for version in versions)
    parted = commit.parted_from("HEAD") if missing else None
    found = earlier(commit.ref, releases, releases_at(parted) if parted else None)
    if missing and not parted and is_shallow(commit.folder):
        return replace(found, advice=" (this clone is shallow; `git fetch --unshallow` makes it known)")
    return found
