"""The whole gate: contracts -> bases -> changes -> verdicts. Views are functions of the result."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from harness.contract.opening import is_there
from harness.findings import Finding, HandledError, Refused
from harness.gate.candidates import CandidateSet, read_candidates
from harness.gate.decide import Verdict
from harness.gate.folder import FolderChecker
from harness.gate.problems import FIRM, Problem
from harness.gate.unreadable import Unreadable, unreadable
from harness.gate.waivers import Waiver, read_waivers, waiver_problems


@dataclass
class GateResult:
    """What the gate found. `problems` are those of no contract that is here; `waived` those that do not count.

    `unreadable` is what there is no verdict about.
    """

    against: str
    verdicts: list[Verdict] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    waived: list[tuple[Problem, Waiver]] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)

    @property
    def findings(self) -> list[Problem]:
        """Everything that stops the gate."""
        return [problem for verdict in self.verdicts for problem in verdict.problems] + self.problems

    @property
    def exit_code(self) -> int:
        """0: passed; 1: findings; 2: something could not be read, whatever was found in the rest."""
        if self.unreadable:
            return 2
        return 1 if self.findings else 0


def gate(paths: Sequence[str], against: str, today: date) -> GateResult:
    """Compare every contract of the paths with its base.

    against     "": the greatest release below the declared version; else a git ref, a folder or a file
    What cannot be read is in the result; the rest is judged.
    """
    result = GateResult(against)
    ids: dict[str, Path] = {}
    there = [path for path in paths if os.access(path, os.F_OK)]
    for folder, files in _places(there).items():
        try:
            _gate_folder(folder, files, today, result, ids)
        except HandledError as error:  # of several folders, each would say of --against what the first has said
            result.unreadable += [part for part in unreadable(error) if part not in result.unreadable]
    for path in paths:
        if path not in there:
            message = "leads nowhere, or may not be entered" if is_there(Path(path)) else "no such file or folder"
            result.unreadable.append(Unreadable(path, message, "a contract, or a folder of contracts"))
    return result


def _places(paths: Sequence[str]) -> dict[Path, list[Path] | None]:
    """What is asked for, by folder: some files of it, or (None) all; a contract that is named twice is judged once."""
    found: dict[Path, list[Path] | None] = {}
    spelled: dict[Path, Path] = {}  # as it was written first
    for path in map(Path, paths):
        folder = path if path.is_dir() else path.parent
        folder = spelled.setdefault(folder.resolve(), folder)
        if path.is_dir():
            found[folder] = None
        else:
            files = found.setdefault(folder, [])
            if files is not None and path.name not in [file.name for file in files]:
                files.append(path)
    return found


def _gate_folder(folder: Path, files: list[Path] | None, today: date, result: GateResult, ids: dict[str, Path]) -> None:
    """One folder, or some of its files with their neighbours."""
    read = _read(folder, files)
    for id, candidate in [*read.by_id.items()]:
        if ids.setdefault(id, folder) != folder:
            finding = Finding(candidate.place, f"duplicate id {id!r}; another is in {ids[id]}", hint="gate them apart")
            read.broken[id] = Refused([finding])
            del read.by_id[id]
    checker = FolderChecker(folder, read, files is None, result.against)
    living, waivers = _waivers(folder, today, result)
    verdicts = checker.verdicts(living)
    loose = checker.loose(verdicts)
    used = _waive(verdicts, loose, living, result)
    known = {*checker.around, *checker.releases.by_id, *read.broken}
    gated = (known if files is None else {*read.by_id}) - {*checker.broken}
    latest = {id: max(checker.releases.of(id), default=None) for id in known}
    loose += waiver_problems(waivers, used, gated, latest, today)
    result.verdicts += verdicts
    result.problems += loose
    result.unreadable += checker.unreadable
    for refused in read.broken.values():
        result.unreadable += unreadable(refused)


def _read(folder: Path, files: list[Path] | None) -> CandidateSet:
    if files is None:
        return read_candidates(folder)
    found = CandidateSet()
    for file in files:
        part = read_candidates(file)
        found.by_id |= part.by_id
        found.broken |= part.broken
    return found


def _waivers(folder: Path, today: date, result: GateResult) -> tuple[dict[str, Waiver], list[Waiver]]:
    """Those that count, by key, and all; none where they cannot be read."""
    try:
        waivers = read_waivers(folder)
    except HandledError as error:
        result.unreadable += unreadable(error)
        return {}, []
    return {waiver.key: waiver for waiver in waivers if waiver.lives(today)}, waivers


def _waive(verdicts: list[Verdict], loose: list[Problem], living: Mapping[str, Waiver], result: GateResult) -> set[str]:
    """Remove waived problems, and return every key that was used."""
    used = {keyed.key for verdict in verdicts for part in verdict.compared for keyed in part.changes if keyed.waiver}
    for problems in (*(verdict.problems for verdict in verdicts), loose):
        for problem in [problem for problem in problems if problem.key in living and problem.id not in FIRM]:
            problems.remove(problem)
            result.waived.append((problem, living[problem.key]))
            used.add(problem.key)
    return used
