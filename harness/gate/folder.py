"""One folder of contracts: a verdict about each that can be judged, and findings about its releases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from harness.contract.metadata_header import read_header
from harness.findings import Finding, HandledError, Refused
from harness.gate.base import Base, OtherBases, ReleasedBases, other_bases, published_releases
from harness.gate.candidates import Candidate, CandidateSet, read_candidate, read_candidates
from harness.gate.change import Change
from harness.gate.decide import Since, Verdict, latest_problem, since, version_problem
from harness.gate.dependencies import dependency_problems
from harness.gate.problems import Problem
from harness.gate.releases.frozen_copies import copy_problems
from harness.gate.releases.growth import growth_problems
from harness.gate.releases.listed import Release, ReleaseFolder
from harness.gate.unreadable import Unreadable, unreadable
from harness.gate.version import Version
from harness.gate.waivers import Waiver
from harness.shipped import with_dependencies

if TYPE_CHECKING:
    from harness.contract.model import Contract
    from harness.program.model import Program

_Bases = ReleasedBases | OtherBases


class FolderChecker:
    """One folder: its contracts, its releases, and the other base, if there is one."""

    def __init__(self, folder: Path, read: CandidateSet, whole: bool, against: str) -> None:
        self.folder, self.read, self.whole = folder, read, whole
        self.unreadable: list[Unreadable] = []
        self.candidates = read.by_id
        self.releases = ReleaseFolder(folder)
        beside = CandidateSet() if whole else _neighbours(folder, self.candidates)
        self.broken = {**beside.broken, **read.broken}
        self.around = with_dependencies(
            {**beside.by_id, **self.candidates}, lambda part: part.about.depends_on, read_candidate
        )
        self.other = other_bases(against, folder, self.candidates, self.releases) if against else None
        self.past = (self.other.past if self.other else None) or published_releases(folder, self.releases)
        self.frozen = ReleasedBases(self.releases, self.other.past if self.other else None)
        self.programs: dict[str, Program] = {}

    def verdicts(self, waivers: Mapping[str, Waiver]) -> list[Verdict]:
        """One for each contract that can be judged; what is wrong with the others goes to the result."""
        found = []
        for id, candidate in self.candidates.items():
            try:
                found.append(self._verdict(candidate, waivers))
            except HandledError as error:
                self.broken[id] = error if isinstance(error, Refused) else Refused(())
                self.unreadable += unreadable(error)
        for problem in self._dependency_problems():
            for verdict in found:
                if verdict.candidate.id == problem.contract:
                    verdict.problems.append(problem)
        return found

    def _dependency_problems(self) -> Iterator[Problem]:
        """Without those of contracts that are here and cannot be read."""
        for problem in dependency_problems(self.candidates, self.around):
            if problem.id != "dependency-unknown" or problem.detail not in self.broken:
                yield problem

    def _verdict(self, candidate: Candidate, waivers: Mapping[str, Waiver]) -> Verdict:
        """Everything about one contract."""
        verdict = Verdict(candidate)
        deciding, asides = self._bases(candidate, verdict)
        sinces = [self._since(candidate, base, place, waivers) for base, place in (*deciding, *asides)]
        released = self.frozen.versions(candidate.id)
        found = [version_problem(candidate, part, released) for part in sinces[: len(deciding)]]
        failed = next((part for part, problem in zip(sinces, found, strict=False) if problem), None)
        verdict.compared = sinces
        verdict.since = failed or (sinces[0] if sinces else None)
        verdict.also = next((part for part in sinces if part is not verdict.since), None)
        found.append(latest_problem(candidate, self._counted(candidate.id)))
        for release, base in self.frozen.before(candidate):  # new since the past: nobody has judged them yet
            verdict.compared.append(self._since(release, base, self.frozen, waivers))
            found.append(version_problem(release, verdict.compared[-1], released))
        if not sinces:
            found += self._first(candidate)
        verdict.problems = [*{problem.key: problem for problem in found if problem}.values()]
        return verdict

    def _bases(
        self, candidate: Candidate, verdict: Verdict
    ) -> tuple[list[tuple[Base, _Bases]], list[tuple[Base, _Bases]]]:
        """What decides, and what is only shown. Bases of one text are one base."""
        against = self.other.of(candidate) if self.other else None
        frozen: list[tuple[Base, _Bases]] = [(base, self.frozen) for base in self.frozen.of(candidate)]
        if against is None or self.other is None:
            return _different(frozen), []
        other: tuple[Base, _Bases] = against, self.other
        if not frozen or against.version in self.frozen.settled(candidate.id):
            return _different([other, *frozen]), []
        # What stands there was never released: the version that it declares may still be edited.
        verdict.note = f"{against.version} of {against.name} was never released, so the verdict is based on the release"
        both = _different([*frozen, other])
        return [part for part in both if part is not other], [part for part in both if part is other]

    def _counted(self, id: str) -> dict[Version, Release]:
        """The releases that a version must not be below: those here, and those of the past."""
        return {**(self.past.of(id) if self.past else {}), **self.releases.of(id)}

    def _first(self, candidate: Candidate) -> Iterator[Problem]:
        """A contract with nothing to compare with; a draft may stay so."""
        self._sound(candidate)
        if not self._counted(candidate.id) and candidate.about.lifecycle != "draft":
            hint = f"`harness release {candidate.name}` makes {candidate.version} its first release; a draft needs none"
            place, message = str(candidate.place), "has no release to be compared with"
            yield Problem("first-release", candidate.id, "", place, message, hint)

    def _since(self, candidate: Candidate, base: Base, place: _Bases, waivers: Mapping[str, Waiver]) -> Since:
        old = base.contract
        changes: list[Change] = []
        if candidate.text != old.text and (candidate.said != old.said):
            changes = self._changes(candidate, old, place)
        return since(base.name, candidate.id, base.version, changes, waivers)

    def _changes(self, candidate: Candidate, old: Candidate, place: _Bases) -> list[Change]:
        from harness.contract.read import contract_of
        from harness.gate.diff import compare  # what compares is loaded where something is different
        from harness.gate.evaluation import Evaluated, program_of
        from harness.gate.names.in_new_names import in_new_names

        self._sound(candidate)
        before, renames = in_new_names(old.tree, candidate.tree)

        def old_program() -> Program:
            contract = contract_of(before) if renames else old.contract
            return program_of(contract, place.neighbours(old, self.around))

        evaluated = Evaluated(old_program, lambda: self._program(candidate, self._contracts(candidate)))
        return compare(before, candidate.tree, renames, evaluated)

    def _program(self, candidate: Candidate, needed: Mapping[str, Contract]) -> Program:
        """A contract of now, checked once."""
        from harness.gate.evaluation import program_of

        if candidate.name not in self.programs:
            self.programs[candidate.name] = program_of(candidate.contract, needed)
        return self.programs[candidate.name]

    def _contracts(self, candidate: Candidate) -> dict[str, Contract]:
        found = {}
        for id in candidate.about.depends_on:
            try:
                if id in self.broken:
                    raise self.broken[id]
                if id in self.around and id != candidate.id:
                    found[id] = self.around[id].contract
            except Refused as refused:
                message = f"cannot be judged: it depends on {id!r}, which cannot be read"
                hint = f"mend {refused.findings[0].place if refused.findings else id} first"
                raise Refused([Finding(candidate.place_of_dependency(id), message, hint=hint)]) from None
        return found

    def _sound(self, candidate: Candidate) -> None:
        """A contract that cannot be executed is refused, not compared; its dependencies are told apart as findings."""
        needed = self._contracts(candidate)
        if any(dependency_problems({candidate.id: candidate}, self.around)):
            _ = candidate.contract  # its shape at least
        else:
            self._program(candidate, needed)

    def loose(self, verdicts: list[Verdict]) -> list[Problem]:
        """Findings about releases; those of a contract that is judged go to its verdict, the others are returned."""
        ids = None if self.whole else set(self.candidates)
        seen = {(id, candidate.version): candidate.text for id, candidate in self.candidates.items()}
        found = [*copy_problems(self.releases, ids, seen)]
        if self.past:
            found += growth_problems(self.releases, self.past, ids)
        of = {verdict.candidate.id: verdict for verdict in verdicts}
        for problem in found:
            if problem.contract in of:
                of[problem.contract].problems.append(problem)
        return [problem for problem in found if problem.contract not in of] + [*self._gone()]

    def _gone(self) -> Iterator[Problem]:
        """Released contracts that are no longer here."""
        past = self.past.releases.by_id if self.past else {}
        for id in sorted({*self.releases.by_id, *past} - {*self.candidates, *self.broken}) if self.whole else ():
            released = self._counted(id)
            latest = released[max(released)]
            text = latest.text()
            header = read_header(text, latest.path) if text else None
            if header is None or header.lifecycle != "deprecated":
                hint = "put it back with its releases, or release it as deprecated before you remove it"
                message = f"{id} {latest.version} was released, but is no longer in {self.folder}"
                yield Problem("contract-gone", id, "", latest.path, message, hint)


def _different(bases: list[tuple[Base, _Bases]]) -> list[tuple[Base, _Bases]]:
    """Without those that have the text of one before."""
    found: dict[str, tuple[Base, _Bases]] = {}
    for part in bases:
        found.setdefault(part[0].contract.text, part)
    return [*found.values()]


def _neighbours(folder: Path, candidates: Mapping[str, Candidate]) -> CandidateSet:
    """The contracts around those that are gated alone, if they need them."""
    if not any(candidate.about.depends_on for candidate in candidates.values()):
        return CandidateSet()
    return read_candidates(folder)
