"""What a worker process of `harness teeth` is asked: to try faults against a falsifier, or to compare mutants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from harness.findings import HandledError
from harness.printable import printable
from harness.program.collection import load
from harness.program.model import Program
from harness.teeth.keys import contract_digest

if TYPE_CHECKING:  # these load NumPy and Hypothesis: only the processes that try faults need them
    from harness.subjects.subject import Subject
    from harness.teeth.distinguish import Distinction
    from harness.teeth.fault import PlantedFault
    from harness.teeth.kills import KillRow

REFERENCE = "reference"  # the subject that is a contract's own equations
FIRST_CASES = 40  # of every falsifier with every fault
MAX_CASES = 200  # of a falsifier that has killed nothing, or with a fault that no falsifier has killed
PATIENCE = 12  # of the first cases: a fault that changed something in so many and survived is left to other falsifiers
COMPARED_CASES = 120  # of every function, on which a mutant is compared with the original


@dataclass(frozen=True)
class Pinned:
    """What the record is to be of, so that a process that starts later can tell whether it works with the same.

    digest  of the contract, as the record will name it; "": not compared
    files   digests of the subject's files, by path; of a contract whose equations say everything none
    """

    digest: str = ""
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Source:
    """A question: which files a subject is made of, with their digests."""

    subject: str


@dataclass(frozen=True)
class Task:
    """A falsifier with faults to try; or, without a falsifier, mutants to compare with the original."""

    paths: tuple[str, ...]
    subject: str
    contract: str
    falsifier: str = ""
    faults: tuple[str, ...] | None = None  # None: all
    first: int = 0
    last: int = FIRST_CASES
    patience: int | None = PATIENCE
    pinned: Pinned = Pinned()


@dataclass(frozen=True)
class Comparisons:
    """Of mutants by id: what distinguishes them from the original, and how many values prove that nothing does."""

    distinctions: dict[str, Distinction]
    proofs: dict[str, int]


def run_task(task: Task | Source) -> KillRow | Comparisons | dict[str, str]:
    """The answer to one task, computed in this process. HandledError where this is not what was pinned."""
    from harness.teeth.kills import FaultTrials

    if isinstance(task, Source):
        return _files(task.subject)
    program, faults, real = _loaded(task.paths, task.subject, task.contract, task.pinned)
    if task.faults is not None:
        faults = [fault for fault in faults if fault.id in set(task.faults)]
    if not task.falsifier:
        return _compared(program, faults)
    falsifier = next(part for part in program.falsifiers if part.source.id == task.falsifier)
    return FaultTrials(program, falsifier, faults, real, task.patience).run(task.first, task.last)


def _compared(program: Program, mutants: Sequence[PlantedFault]) -> Comparisons:
    from harness.program.mutants import mutants as mutants_of
    from harness.teeth.distinguish import distinguish
    from harness.teeth.exhaustive import equal_everywhere

    distinctions = distinguish(program, mutants, COMPARED_CASES)
    by_id = mutants_of(program)
    proofs = {}
    for fault in mutants:
        mutant = by_id[fault.id]
        proof = equal_everywhere(program.formats[mutant.format], mutant) if mutant.format else None
        if proof is not None and not distinctions[fault.id].difference:
            proofs[fault.id] = proof
    return Comparisons(distinctions, proofs)


def implementation_of(program: Program, subject: str) -> str:
    """What saboteurs wrap: the contract's own equations, or the subject where they do not say all that it returns."""
    return REFERENCE if program.has_reference else subject


def _files(subject: str) -> dict[str, str]:
    """The digests of a subject's files, once it has been imported."""
    from harness.subjects.reference import Reference
    from harness.subjects.source_files import subject_files
    from harness.subjects.subject import load_subject

    return {} if isinstance(load_subject(subject), Reference) else subject_files(subject.partition(":")[0])


def _check(program: Program, subject: str, pinned: Pinned) -> None:
    """A contract or a subject that is another by now gives no record of what it was."""
    changed = [program.contract.path] if pinned.digest not in ("", contract_digest(program)) else []
    if pinned.files:
        now = _files(subject)
        changed += [path for path, digest in pinned.files if now.get(path, digest) != digest]
    if changed:
        raise HandledError(f"{printable(changed[0], 200)} changed while faults were planted: run again")


@cache
def _loaded(
    paths: tuple[str, ...], subject: str, contract: str, pinned: Pinned
) -> tuple[Program, list[PlantedFault], Subject | None]:
    """A contract, its faults, and what saboteurs wrap; compared with what was pinned.

    None where there is nothing: a contract without a reference that the subject does not claim.
    """
    from harness.subjects.reference import Reference
    from harness.subjects.subject import load_subject
    from harness.teeth.fault import faults_of

    program = _programs(paths).get(contract)
    if program is None:
        raise HandledError(f"the contract {contract} is gone since faults were planted: run again")
    _check(program, subject, pinned)
    if program.has_reference:
        return program, faults_of(program), Reference()
    real = load_subject(subject)
    claims = real.claims()
    unfit = isinstance(real, Reference) or (claims is not None and contract not in claims) or real.missing(program)
    return program, faults_of(program), None if unfit else real


@cache
def _programs(paths: tuple[str, ...]) -> dict[str, Program]:
    """The contracts by id, loaded once for the tasks of all of them."""
    return {program.id: program for program in load(paths)}
