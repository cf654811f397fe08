"""`harness release`: freeze a version, so that others may rely on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from harness.findings import HandledError
from harness.gate.candidates import Candidate, read_candidates
from harness.gate.gate import gate
from harness.gate.problems import Problem
from harness.gate.releases.listed import Release, ReleaseFolder

_WAITING = ("first-release", "contract-gone", "waiver-unused")  # what a release mends, or does not touch


@dataclass(frozen=True)
class FreezeOutcome:
    """One contract that was asked for: its release, and whether it was made now."""

    release: Release
    now: bool


def freeze(paths: Sequence[str], today: date) -> tuple[list[FreezeOutcome], list[Problem]]:
    """Freeze the declared version of every contract; nothing is written where the gate has a finding.

    A version that was released before is left as it is if its text says the same, and is refused otherwise.
    """
    result = gate(paths, "", today)
    if result.unreadable:
        raise HandledError("\n".join(map(str, result.unreadable)))
    stopped = [problem for problem in result.findings if problem.id not in _WAITING]
    if stopped:
        return [], stopped
    done: dict[str, FreezeOutcome] = {}
    for path in map(Path, paths):
        releases = ReleaseFolder(path if path.is_dir() else path.parent)
        made: list[tuple[Release, bytes]] = []
        for candidate in read_candidates(path).by_id.values():
            known = releases.of(candidate.id).get(candidate.version)
            outcome = FreezeOutcome(known or _new(candidate, releases, made), known is None)
            done.setdefault(outcome.release.path, outcome)
        if made:
            releases.freeze(made)
    return [*done.values()], []


def _new(candidate: Candidate, releases: ReleaseFolder, made: list[tuple[Release, bytes]]) -> Release:
    try:
        data = Path(candidate.name).read_bytes()
    except OSError as error:
        raise HandledError(f"{candidate.name}: cannot be read: {error.strerror or error}") from None
    release = releases.new(candidate.id, candidate.version, data, candidate.digest)
    made.append((release, data))
    return release
