"""A whole run of `harness teeth`: records that are current are read, the others are made anew by worker processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.findings import HandledError
from harness.printable import printable
from harness.program.collection import load
from harness.program.model import Program
from harness.run.execute import one_thread
from harness.run.workers import Begun, Crew, Died, Sign
from harness.subjects.interrupt import user_interrupts
from harness.teeth.keys import keys
from harness.teeth.record import MUTANT, KillRecord, errors_of, read_kill_record, stale, write_kill_record
from harness.teeth.tasks import (
    FIRST_CASES,
    MAX_CASES,
    REFERENCE,
    Comparisons,
    Pinned,
    Source,
    Task,
    implementation_of,
    run_task,
)

if TYPE_CHECKING:
    from harness.teeth.fault import PlantedFault

ShowProgress = Callable[[str], None]


@dataclass(frozen=True)
class ContractKills:
    """The kill record of one contract, and why it was made anew ("": it was current)."""

    program: Program
    record: KillRecord
    was: str = ""

    @property
    def errors(self) -> Mapping[str, str]:
        """What could not be evaluated, by falsifier; a record that has any is made anew every time."""
        return errors_of(self.record)


def run_teeth(
    paths: tuple[str, ...], subject: str, jobs: int, anew: bool = False, show: ShowProgress | None = None
) -> list[ContractKills]:
    """Every contract's kill record, in the order of the contracts; those made anew are written beside the contracts."""
    programs = load(paths)
    found = {program.id: _current(program, anew) for program in programs}
    missing = [program for program in programs if found[program.id].was]
    if missing:
        with user_interrupts():
            made = earn(missing, paths, subject, jobs, show)
        for program in missing:
            found[program.id] = ContractKills(program, made[program.id], found[program.id].was)
            write_kill_record(program, made[program.id])
    return [found[program.id] for program in programs]


def check_records(paths: tuple[str, ...]) -> list[tuple[Program, str]]:
    """Every contract with what is wrong with its kill record, or ""; no fault is planted."""
    found = []
    for program in load(paths):
        try:
            record = read_kill_record(program)
            why = stale(program, record)
        except HandledError as error:
            record, why = None, str(error)
        if not why and record is not None and not record["summary"]["holds"]:
            why = "the kill record says that falsifiers are vacuous or faults live; `harness teeth` shows them"
        found.append((program, why))
    return found


def _current(program: Program, anew: bool) -> ContractKills:
    """The record as it lies there, with the reason if it has to be made anew."""
    try:
        record = read_kill_record(program)
    except HandledError:
        record = None  # a file that is no kill record is made anew
    why = "asked for" if anew else stale(program, record) or _worth_another_try(record)
    return ContractKills(program, record or {}, why)


def _worth_another_try(record: KillRecord | None) -> str:
    """Why a record is made anew although nothing that it depends on has changed, or ""."""
    if record is None or record["summary"]["holds"]:
        return ""
    if errors_of(record):
        return "a claim could not be evaluated"
    made_with = record.get("implementation")
    return "" if made_with == REFERENCE else f"it does not hold, and {made_with} may have changed"


def earn(
    programs: Sequence[Program], paths: tuple[str, ...], subject: str, jobs: int, show: ShowProgress | None = None,
    limit: float | None = None,
) -> dict[str, KillRecord]:  # fmt: skip
    """A kill record for each of these contracts, by id; nothing is written. Ctrl-C ends it with Interrupted.

    Three rounds: every falsifier with every fault; survivors compared with the original; more cases for gaps.
    `paths`: where the contracts are loaded from. `limit`: seconds that a worker may be silent.
    """
    from harness.teeth.matrix import kill_record

    one_thread()
    stamps = {program.id: keys(program) for program in programs}  # first: files may change during the run
    with Crew(run_task, jobs) as crew:
        files = () if all(program.has_reference for program in programs) else _files(crew, subject, limit)
        matrices = {
            program.id: _Matrix(program, paths, subject, _pinned(program, stamps[program.id], files))
            for program in programs
        }

        def spread(tasks: list[Task], round_: str) -> None:
            finished = 0
            for task, answer in crew.spread(tasks, limit):
                if isinstance(answer, Begun | Sign):
                    continue
                finished += 1
                matrices[task.contract].add(task, answer)
                if show is not None:
                    show(f"{round_}: {finished} of {len(tasks)}, last {task.falsifier or task.contract}")

        longest_first = sorted(matrices.values(), key=lambda matrix: -matrix.effort)
        spread([task for matrix in longest_first for task in matrix.first_tasks()], "every falsifier with every fault")
        spread([task for matrix in matrices.values() for task in matrix.comparison_tasks()], "mutants that live")
        spread([task for matrix in longest_first for task in matrix.further_tasks()], "more cases")
    return {
        name: kill_record(
            matrix.program, stamps[name], implementation_of(matrix.program, subject), matrix.faults, matrix.rows,
            matrix.compared.distinctions, matrix.compared.proofs,
        ) for name, matrix in matrices.items()
    }  # fmt: skip


def _files(crew: Crew, subject: str, limit: float | None) -> tuple[tuple[str, str], ...]:
    """The subject's files with their digests, as a worker finds them."""
    try:
        return tuple(sorted(crew.ask(Source(subject), limit).items()))
    except Died as died:
        raise HandledError(f"subject {subject!r} cannot be imported: its process ended ({died})") from None


def _pinned(program: Program, keys: Mapping[str, Any], files: tuple[tuple[str, str], ...]) -> Pinned:
    """What all processes must find, so that the record is of one contract and one subject."""
    return Pinned(keys["contract"], () if program.has_reference else files)


class _Matrix:
    """The kill matrix of one contract while it is made."""

    def __init__(self, program: Program, paths: tuple[str, ...], subject: str, pinned: Pinned) -> None:
        from harness.teeth.fault import faults_of
        from harness.teeth.kills import KillRow

        self.program, self.paths, self.subject, self.pinned = program, paths, subject, pinned
        self.faults = faults_of(program)
        self.rows = {part.source.id: KillRow() for part in program.falsifiers}
        self.compared = Comparisons({}, {})

    @property
    def effort(self) -> int:
        """How long its tasks take, by comparison with other contracts."""
        return len(self.faults) * len(self.program.equations)

    def add(self, task: Task, answer: Any) -> None:
        """Take in the answer to a task, or that it ended its worker process."""
        from harness.teeth.kills import CORRECT, KillRow

        if isinstance(answer, Died):
            told = f"subject {self.subject!r} with a fault planted ended the process ({answer})"
            if not task.falsifier:
                raise HandledError(f"{task.contract}: {told}")
            answer = KillRow(errors={CORRECT: f"{told}; tried last: {printable(answer.note)}"})
        if isinstance(answer, Comparisons):
            self.compared = answer
        else:
            self.rows[task.falsifier].add(answer)

    def first_tasks(self) -> list[Task]:
        """Every falsifier with every fault."""
        return [self._task(name) for name in self.rows]

    def comparison_tasks(self) -> list[Task]:
        """One task where mutants survived: which of them can be distinguished from the original."""
        mutants = tuple(fault.id for fault in self._survivors() if fault.kind == MUTANT)
        return [self._task(faults=mutants)] if mutants else []

    def further_tasks(self) -> list[Task]:
        """More cases for a falsifier that killed nothing, and for the gaps that one might still kill."""
        gaps = {fault.id for fault in self._survivors() if self._is_gap(fault)}
        rare = gaps.difference(*(row.changed for row in self.rows.values()))  # they changed nothing yet: ties, for one
        tasks = []
        for name, row in self.rows.items():
            if row.errors:
                continue
            wanted = tuple(sorted(gaps & (row.changed | rare))) if row.kills else None
            if wanted != ():
                tasks.append(self._task(name, faults=wanted, first=FIRST_CASES, last=MAX_CASES, patience=None))
        return tasks

    def _task(self, falsifier: str = "", **more: Any) -> Task:
        return Task(self.paths, self.subject, self.program.id, falsifier, pinned=self.pinned, **more)

    def _survivors(self) -> list[PlantedFault]:
        rows = self.rows.values()
        return [f for f in self.faults if not any(f.id in row.kills or f.id in row.checks for row in rows)]

    def _is_gap(self, fault: PlantedFault) -> bool:
        """Whether a fault that survived should have been killed; a mutant only if it was distinguished."""
        distinction = self.compared.distinctions.get(fault.id)
        return not fault.excuse and (distinction is None or bool(distinction.difference))
