"""The whole gate: contracts -> bases -> changes -> verdicts. Views are functions of the result."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from harness.contract.model import Contract
from harness.findings import HandledError
from harness.gate.base import Base, OtherBases, ReleasedBases, other_bases
from harness.gate.candidates import Candidate, candidates_by_id, read_candidate, read_candidates
from harness.gate.change import Change
from harness.gate.decide import Since, Verdict, since, version_problem
from harness.gate.dependencies import dependency_problems
from harness.gate.problems import Problem
from harness.gate.releases import Releases
from harness.gate.waivers import Waiver, read_waivers, waiver_problems
from harness.shipped import with_dependencies

if TYPE_CHECKING:
    from harness.program.model import Program


@dataclass
class GateResult:
    """What the gate found. `problems` are those of no contract that is here; `waived` those that do not count."""

    against: str
    verdicts: list[Verdict] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    waived: list[tuple[Problem, Waiver]] = field(default_factory=list)

    @property
    def findings(self) -> list[Problem]:
        """Everything that stops the gate."""
        return [problem for verdict in self.verdicts for problem in verdict.problems] + self.problems

    @property
    def exit_code(self) -> int:
        """0: passed; 1: findings. What cannot be completed raises."""
        return 1 if self.findings else 0


def gate(paths: Sequence[str], against: str, today: date) -> GateResult:
    """Compare every contract of the paths with its base.

    against     "": the greatest release below the declared version; else a git ref, a folder or a file
    Raises HandledError where a contract or a base cannot be read.
    """
    result = GateResult(against)
    seen: set[str] = set()
    for path in map(Path, paths):
        if not path.exists():
            raise HandledError(f"{path}: no such file or folder; expected a contract, or a folder of contracts")
        _gate_path(path, against, today, result, seen)
    return result


def _gate_path(path: Path, against: str, today: date, result: GateResult, seen: set[str]) -> None:
    """One folder, or one file with its neighbours."""
    whole = path.is_dir()
    folder = path if whole else path.parent
    candidates = {id: part for id, part in candidates_by_id(read_candidates(path)).items() if id not in seen}
    seen |= candidates.keys()
    releases = Releases(folder)
    checker = _Checker(folder, candidates, whole, releases, against)
    waivers = read_waivers(folder)
    living = {waiver.key: waiver for waiver in waivers if waiver.lives(today)}
    verdicts = [checker.verdict(candidate, living) for candidate in candidates.values()]
    loose = [*releases.problems(None if whole else set(candidates)), *(checker.gone() if whole else ())]
    for problem in dependency_problems(candidates, checker.around):
        next(verdict for verdict in verdicts if verdict.candidate.id == problem.contract).problems.append(problem)
    used = _waive(verdicts, loose, living, result)
    known = {*checker.around, *releases.by_id}
    loose += waiver_problems(waivers, used, known if whole else set(candidates), known, today)
    result.verdicts += verdicts
    result.problems += loose


def _waive(verdicts: list[Verdict], loose: list[Problem], living: Mapping[str, Waiver], result: GateResult) -> set[str]:
    """Remove waived problems, and return every key that was used."""
    used = {keyed.key for verdict in verdicts for part in (verdict.since, verdict.also) if part
            for keyed in part.changes if keyed.waiver}  # fmt: skip
    for problems in (*(verdict.problems for verdict in verdicts), loose):
        for problem in [problem for problem in problems if problem.key in living]:
            problems.remove(problem)
            result.waived.append((problem, living[problem.key]))
            used.add(problem.key)
    return used


class _Checker:
    """One folder: its contracts, its releases, and the other base, if there is one."""

    def __init__(
        self, folder: Path, candidates: dict[str, Candidate], whole: bool, releases: Releases, against: str
    ) -> None:
        self.folder, self.candidates, self.releases = folder, candidates, releases
        beside = {} if whole else _neighbours(folder, candidates)
        self.around = with_dependencies({**beside, **candidates}, lambda part: part.about.depends_on, read_candidate)
        self.frozen = ReleasedBases(releases)
        self.programs: dict[str, Program] = {}
        self.other = other_bases(against, folder, list(candidates.values())) if against else None

    def verdict(self, candidate: Candidate, waivers: Mapping[str, Waiver]) -> Verdict:
        """Everything about one contract."""
        release = self.frozen.of(candidate)
        against = self.other.of(candidate) if self.other else None
        asked = ((against, self.other), (release, self.frozen))
        bases: list[tuple[Base, ReleasedBases | OtherBases]] = [
            (base, place) for base, place in asked if base and place
        ]
        verdict = Verdict(candidate, None)
        if against and release and against.version not in self.releases.of(candidate.id):
            # What stands there was never released: the version that it declares may still be edited.
            bases.reverse()
            verdict.note = (
                f"{against.version} of {against.name} was never released, so the verdict is based on the release"
            )
        sinces = [self._since(candidate, base, place, waivers) for base, place in bases]
        verdict.since = sinces[0] if sinces else None
        verdict.also = sinces[1] if len(sinces) > 1 else None
        if verdict.since is None:
            verdict.problems += self._first(candidate)
        else:
            problem = version_problem(candidate, verdict.since, self.releases.of(candidate.id))
            verdict.problems += [problem] if problem else []
        return verdict

    def _first(self, candidate: Candidate) -> Iterator[Problem]:
        """A contract with nothing to compare with; a draft may stay so."""
        self._sound(candidate)
        place, id = str(candidate.place), candidate.id
        if self.releases.of(id):
            least = min(self.releases.of(id))
            message = f"declares {candidate.version}, which is below the first release, {least}"
            yield Problem("version-below", id, str(candidate.version), place, message, "a version can only be raised")
        elif candidate.about.lifecycle != "draft":
            hint = f"`harness release {candidate.name}` makes {candidate.version} its first release; a draft needs none"
            yield Problem("first-release", id, "", place, "has no release to be compared with", hint)

    def _since(
        self, candidate: Candidate, base: Base, place: ReleasedBases | OtherBases, waivers: Mapping[str, Waiver]
    ) -> Since:
        old = base.contract
        changes: list[Change] = []
        if candidate.text != old.text and (candidate.said != old.said):
            changes = self._changes(candidate, old, place)
        return since(base.name, candidate.id, base.version, changes, waivers)

    def _changes(self, candidate: Candidate, old: Candidate, place: ReleasedBases | OtherBases) -> list[Change]:
        from harness.contract.read import contract_of
        from harness.gate.diff import compare  # what compares is loaded where something is different
        from harness.gate.evaluation import Evaluated, program_of
        from harness.gate.names import in_new_names

        self._sound(candidate)
        before, renames = in_new_names(old.tree, candidate.tree)

        def old_program() -> Program:
            contract = contract_of(before) if renames else old.contract
            return program_of(contract, place.neighbours(old, self.around))

        evaluated = Evaluated(old_program, lambda: self._program(candidate))
        return compare(before, candidate.tree, renames, evaluated)

    def _program(self, candidate: Candidate) -> Program:
        """A contract of now, checked once."""
        from harness.gate.evaluation import program_of

        if candidate.id not in self.programs:
            self.programs[candidate.id] = program_of(candidate.contract, self._contracts(candidate))
        return self.programs[candidate.id]

    def _contracts(self, candidate: Candidate) -> dict[str, Contract]:
        needs = candidate.about.depends_on
        return {id: self.around[id].contract for id in needs if id in self.around and id != candidate.id}

    def _sound(self, candidate: Candidate) -> None:
        """A contract that cannot be executed is refused, not compared; its dependencies are told apart as findings."""
        if any(dependency_problems({candidate.id: candidate}, self.around)):
            _ = candidate.contract  # its shape at least
        else:
            self._program(candidate)

    def gone(self) -> Iterator[Problem]:
        """Released contracts that are no longer here."""
        for id in sorted(self.releases.by_id.keys() - self.candidates.keys()):
            latest = self.releases.latest(id)
            assert latest is not None
            copy = Candidate(os.fspath(latest.path), latest.text()) if latest.path.is_file() else None
            if copy is not None and copy.about.lifecycle != "deprecated":
                hint = "put it back, or release it as deprecated before you remove it"
                message = f"{id} {latest.version} was released, but is no longer in {self.folder}"
                yield Problem("contract-gone", id, "", str(latest.path), message, hint)


def _neighbours(folder: Path, candidates: Mapping[str, Candidate]) -> dict[str, Candidate]:
    """The contracts around one that is gated alone, if it needs them."""
    if not any(candidate.about.depends_on for candidate in candidates.values()):
        return {}
    return candidates_by_id(read_candidates(folder))
