"""A whole run of `harness teeth`: which records are current, and new ones for the others, spread over processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from harness.findings import HandledError
from harness.program.collection import load
from harness.program.model import Program
from harness.run.execute import ONE_THREAD
from harness.run.workers import Begun, Crew, Died, Sign
from harness.subjects.interrupt import user_interrupts
from harness.teeth.record import Record, keys, read_record, stale, write_record

FIRST = 40  # cases of every falsifier with every fault
PATIENCE = 12  # of these, as many as may differ without being noticed before a fault is left to other falsifiers
MOST = 200  # cases of a falsifier that has killed nothing, or with a fault that nobody has killed
TELLING = 120  # cases of every function on which a mutant is held against the original

Told = Callable[[str], None]


@dataclass(frozen=True)
class Task:
    """What a worker process is asked: a falsifier with faults, or (without falsifier) whether mutants differ."""

    paths: tuple[str, ...]
    subject: str
    contract: str
    falsifier: str = ""
    faults: tuple[str, ...] | None = None  # None: all
    first: int = 0
    last: int = FIRST
    patience: int | None = PATIENCE


@dataclass(frozen=True)
class Done:
    """The record of one contract, and why it was made anew ("": it was current)."""

    program: Program
    record: Record
    was: str = ""


def run_teeth(
    paths: tuple[str, ...], subject: str, jobs: int, anew: bool = False, told: Told | None = None
) -> list[Done]:
    """Every contract's record, in the order of the contracts. What is current is read; the rest is found out."""
    programs = load(paths)
    found = {program.id: _current(program, subject, anew) for program in programs}
    missing = [program for program in programs if found[program.id].was]
    if missing:
        for program, record in zip(missing, _records(missing, paths, subject, jobs, told), strict=True):
            write_record(program, record)
            found[program.id] = Done(program, record, found[program.id].was)
    return [found[program.id] for program in programs]


def check_records(paths: tuple[str, ...], subject: str) -> list[tuple[Program, str]]:
    """Every contract with what is wrong with its record, or ""; nothing is run."""
    found = []
    for program in load(paths):
        record = read_record(program)
        why = stale(program, record, subject)
        if not why and record is not None and not record["summary"]["holds"]:
            why = "the kill record says that falsifiers are vacuous or faults live; `harness teeth` shows them"
        found.append((program, why))
    return found


def _current(program: Program, subject: str, anew: bool) -> Done:
    try:
        record = read_record(program)
    except HandledError:
        record = None  # what is no record is made anew
    return Done(program, record or {}, "asked for" if anew else stale(program, record, subject))


def _records(
    programs: Sequence[Program], paths: tuple[str, ...], subject: str, jobs: int, told: Told | None
) -> list[dict[str, Any]]:
    """Three rounds: every falsifier with every fault; what lives, can it be told apart; the gaps with more cases."""
    from harness.teeth.fault import Fault, faults_of
    from harness.teeth.kills import Bites
    from harness.teeth.matrix import make_record
    from harness.teeth.record import MUTANT

    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    by_id = {program.id: program for program in programs}
    of = {
        program.id: keys(program, subject) for program in programs
    }  # before anything runs: files may change meanwhile
    faults: Mapping[str, Sequence[Fault]] = {program.id: faults_of(program) for program in programs}
    bites: dict[str, dict[str, Bites]] = {
        program.id: {part.source.id: Bites() for part in program.falsifiers} for program in programs
    }
    apart: dict[str, Any] = {}

    def alive(contract: str) -> list[Fault]:
        done = bites[contract].values()
        return [f for f in faults[contract] if not any(f.id in part.kills or f.id in part.checks for part in done)]

    with user_interrupts(), Crew(work, jobs) as crew:

        def spread(tasks: list[Task], round_: str) -> None:
            number = 0
            for task, answer in crew.spread(tasks):
                if isinstance(answer, Begun | Sign):
                    continue
                number += 1
                if isinstance(answer, Died):
                    what = task.falsifier or task.contract
                    raise HandledError(f"{what}: subject {subject!r} with a fault planted ended the process ({answer})")
                if task.falsifier:
                    bites[task.contract][task.falsifier].add(answer)
                else:
                    apart[task.contract] = answer
                if told is not None:
                    told(f"{round_}: {number} of {len(tasks)}, last {task.falsifier or task.contract}")

        def tasks_for(contract: str, falsifier: str, **more: Any) -> Task:
            return Task(paths, subject, contract, falsifier, **more)

        every = [(name, part.source.id) for name in by_id for part in by_id[name].falsifiers]
        every.sort(key=lambda pair: -len(faults[pair[0]]) * len(by_id[pair[0]].equations))  # the longest first
        spread([tasks_for(*pair) for pair in every], "every falsifier with every fault")
        open_ = {name: tuple(f.id for f in alive(name) if f.kind == MUTANT) for name in by_id}
        questions = [Task(paths, subject, name, faults=ids) for name, ids in open_.items() if ids]
        spread(questions, "mutants that live")
        more = []
        for contract, falsifier in every:
            gaps = {f.id for f in alive(contract) if not f.excuse and _told_apart(apart.get(contract), f)}
            if not bites[contract][falsifier].kills:
                more.append(tasks_for(contract, falsifier, first=FIRST, last=MOST, patience=None))
            elif gaps & bites[contract][falsifier].changed:
                wanted = tuple(sorted(gaps & bites[contract][falsifier].changed))
                more.append(tasks_for(contract, falsifier, faults=wanted, first=FIRST, last=MOST, patience=None))
        spread(more, "more cases")
    return [
        make_record(program, of[program.id], faults[program.id], bites[program.id], *apart.get(program.id, ({}, {})))
        for program in programs
    ]


def _told_apart(found: Any, fault: Any) -> bool:
    """Whether a fault that lives is a gap: of mutants, only where some case tells them from the original."""
    told = (found or ({}, {}))[0].get(fault.id)
    return told is None or bool(told.difference)


def work(task: Task) -> Any:
    """One task, in a worker process."""
    from harness.teeth.kills import Biting

    program, faults, real = _loaded(task.paths, task.subject, task.contract)
    if task.faults is not None:
        faults = [fault for fault in faults if fault.id in set(task.faults)]
    if not task.falsifier:
        return _questioned(program, faults)
    falsifier = next(part for part in program.falsifiers if part.source.id == task.falsifier)
    return Biting(program, falsifier, faults, real, task.patience).run(task.first, task.last)


def _questioned(program: Program, mutants: Sequence[Any]) -> Any:
    """Which mutants some case tells apart, and which are provably equal."""
    from harness.program.mutants import mutants as edits
    from harness.teeth.distinguish import tell_apart
    from harness.teeth.exhaustive import equal_everywhere

    told = tell_apart(program, mutants, TELLING)
    made = edits(program)
    proofs = {}
    for mutant in mutants:
        edit = made[mutant.id]
        proof = equal_everywhere(program.formats[edit.format], edit) if edit.format else None
        if proof is not None and not told[mutant.id].difference:
            proofs[mutant.id] = proof
    return told, proofs


@cache
def _loaded(paths: tuple[str, ...], subject: str, contract: str) -> tuple[Program, list[Any], Any]:
    """A contract, its faults, and who the saboteurs are put around: the subject where it claims the contract."""
    from harness.subjects.reference import Reference
    from harness.subjects.subject import load_subject
    from harness.teeth.fault import faults_of

    program = next(part for part in load(paths) if part.id == contract)
    real: Any = load_subject(subject)
    claims = real.claims()
    if (claims is not None and contract not in claims) or real.missing(program):
        real = Reference()
    if isinstance(real, Reference) and not program.has_reference:
        real = None
    return program, faults_of(program), real
