"""Releases only ever grow: what a commit or a folder has released is here, too, and says the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harness.gate.problems import Problem
from harness.gate.releases.listed import Release, ReleaseFolder, Releases
from harness.gate.version import Version


@dataclass(frozen=True)
class EarlierReleases:
    """The releases of what is compared with. `ahead` were made there after this branch began: they are not missing."""

    name: str
    releases: Releases
    ahead: Releases
    advice: str = ""  # where it is not known what is ahead

    def of(self, id: str) -> dict[Version, Release]:
        """The releases of a contract that must be here."""
        return self.releases.of(id)

    def base(self, id: str, declared: Version) -> Release | None:
        """The release to compare with: of the same number, wherever it was made; else the greatest one below it."""
        return self.ahead.of(id).get(declared) or self.releases.base(id, declared)


def earlier(name: str, releases: Releases, before: Releases | None) -> EarlierReleases:
    """The releases of `name`; `before` are those that it had where this branch began, if that is known.

    What is in `releases` alone was released while this branch was worked on.
    """
    kept: dict[str, dict[Version, Release]] = {}
    ahead: dict[str, dict[Version, Release]] = {}
    for id, versions in releases.by_id.items():
        for version, release in versions.items():
            place = ahead if before is not None and version not in before.of(id) else kept
            place.setdefault(id, {})[version] = release
    return EarlierReleases(name, Releases(name, kept), Releases(name, ahead))


def growth_problems(here: ReleaseFolder, past: EarlierReleases, ids: set[str] | None) -> Iterator[Problem]:
    """Releases of the past that are gone here, or are others; of some contracts, or (None) of all."""
    where = str(here.folder)
    for id, versions in sorted(past.releases.by_id.items()):
        if ids is not None and id not in ids:
            continue
        gone = [str(version) for version in sorted(versions) if version not in here.of(id)]
        if gone:
            names = ", ".join(gone)
            message = f"{past.name} has released {id} {names}, which {_are(gone)} no longer listed in {where}"
            hint = f"restore {_them(gone)} from {past.name}, or merge it, if it is ahead{past.advice}"
            hint += "; releases are only ever added"
            yield Problem("release-removed", id, "-".join(gone), where, message, hint)
        for version, release in sorted(versions.items()):
            mine = here.of(id).get(version)
            if mine is not None and not mine.says(release):
                message = f"the release {id} {version} is not the one of {past.name}: its digests differ"
                hint = f"restore it from {past.name}; edits are made in the contract, with a higher version"
                yield Problem("release-replaced", id, str(version), mine.path, message, hint)


def _them(several: list[str]) -> str:
    return "it" if len(several) == 1 else "them"


def _are(several: list[str]) -> str:
    return "is" if len(several) == 1 else "are"
