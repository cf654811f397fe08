"""What a contract is compared with: a frozen release, or what stands in a commit, a folder or a file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.contract.model import Contract
from harness.findings import HandledError
from harness.gate.candidates import Candidate, candidates_by_id, read_candidate, read_candidates
from harness.gate.git import files_at
from harness.gate.ranges import admits
from harness.gate.releases import Releases
from harness.gate.version import Version


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
    """The releases beside the contracts."""

    def __init__(self, releases: Releases) -> None:
        self.releases = releases

    def of(self, candidate: Candidate) -> Base | None:
        """The release to compare with."""
        release = self.releases.base(candidate.id, candidate.version)
        if release is None:
            return None
        return Base(f"release {release.version}", Candidate(os.fspath(release.path), release.text()), release.version)

    def neighbours(self, old: Candidate, now: Mapping[str, Candidate]) -> dict[str, Contract]:
        """What the old version depended on: the greatest releases it admits, else what stands there now."""
        found = {}
        for id, wanted in old.about.depends_on.items():
            fitting = [version for version in self.releases.of(id) if admits(wanted, str(version))]
            if fitting:
                release = self.releases.of(id)[max(fitting)]
                found[id] = Candidate(os.fspath(release.path), release.text()).contract
            elif id in now:
                found[id] = now[id].contract
        return found


class OtherBases:
    """Contracts of a commit, a folder or a file."""

    def __init__(self, name: str, contracts: Mapping[str, Candidate], alone: Candidate | None = None) -> None:
        self.name, self.contracts, self.alone = name, contracts, alone

    def of(self, candidate: Candidate) -> Base | None:
        """The contract with the same id there; for one file against one file, that file."""
        found = self.alone or self.contracts.get(candidate.id)
        return None if found is None else Base(self.name, found)

    def neighbours(self, old: Candidate, now: Mapping[str, Candidate]) -> dict[str, Contract]:
        """What the old version depended on, there; else what stands here now."""
        around = {**now, **self.contracts}
        return {id: around[id].contract for id in old.about.depends_on if id in around}


def other_bases(against: str, folder: Path, candidates: list[Candidate]) -> OtherBases:
    """What `--against` names: a path, if there is one, else a git ref."""
    path = Path(against)
    if path.is_dir():
        return OtherBases(against, candidates_by_id(read_candidates(path)))
    if path.exists():
        base = read_candidate(path)
        if len(candidates) == 1:
            return OtherBases(against, {base.id: base}, alone=base)
        if base.id not in {candidate.id for candidate in candidates}:
            hint = "name only the contract to compare with it"
            raise HandledError(f"--against {against}: its contract {base.id!r} is not one of the given ones; {hint}")
        return OtherBases(against, {base.id: base})
    files = files_at(against, folder)
    return OtherBases(against, candidates_by_id(Candidate(f"{against}:{name}", text) for name, text in files.items()))
