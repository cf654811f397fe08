"""Kill records for a run: those that lie there, and where none is current, one that is earned in the same run.

What a run earns is kept in the folder of its report, and serves the next run into that folder. It is not written beside
the contract: a run writes nothing outside its report, and records there are their author's to make and to commit.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from harness.findings import HandledError
from harness.program.model import Program
from harness.run.plan import Order, Plan, selected
from harness.shipped import is_installed
from harness.teeth.record import FOLDER, errors_of, how_to_make, record_path, write_kill_record
from harness.teeth.verdict import CURRENT, EARNED, NONE, Teeth, teeth_of, told, without

TeethByContract = dict[str, Teeth]


class Listener(Protocol):
    """Who is told how far the work is."""

    def say(self, text: str) -> None:
        """A line that stays."""

    def show(self, text: str) -> None:
        """A line that the next one overwrites."""


def recorded_teeth(plan: Plan) -> TeethByContract:
    """What the kill records beside the contracts say, by contract."""
    return {program.id: teeth_of(program) for program in plan.programs}


def teeth_for(
    order: Order, plan: Plan, jobs: int, folder: Path, listener: Listener, run: dict[str, Any]
) -> TeethByContract:
    """The same; a contract that is run and has none that counts gets one. `run` is told how many seconds that took."""
    teeth = recorded_teeth(plan)
    missing = [program for program in _tried(order, plan) if not _counts(program, teeth[program.id])]
    for program in missing:
        kept = teeth_of(program, record_path(program, folder))
        if _counts(program, kept) and not kept["errors"]:
            teeth[program.id] = {**kept, "state": EARNED}
    missing = [program for program in missing if teeth[program.id]["state"] != EARNED]
    if missing:
        began = time.monotonic()
        teeth |= _earned(order, missing, teeth, jobs, folder, listener)
        run["teeth_seconds"] = round(time.monotonic() - began, 2)
    return teeth


def _counts(program: Program, teeth: Teeth) -> bool:
    """Whether a record is current, and would not be another with another implementation."""
    current: bool = teeth["state"] == CURRENT
    return current and (program.has_reference or (teeth["summary"]["holds"] and not teeth["errors"]))


def _tried(order: Order, plan: Plan) -> list[Program]:
    """The contracts that are run, in this part of the run or another: all parts say the same of them."""
    return [
        program for program in plan.programs
        if program.id not in plan.not_offered
        and any(selected(order, program, falsifier) for falsifier in program.falsifiers)
    ]  # fmt: skip


def _earned(
    order: Order, programs: Sequence[Program], teeth: TeethByContract, jobs: int, folder: Path, listener: Listener
) -> TeethByContract:
    from harness.teeth.run import earn

    for program in programs:
        why = teeth[program.id]["why"] or "the kill record does not hold, which may be due to what it was made with"
        kept = "" if is_installed(program.contract.path) else "; `harness teeth` keeps the record beside the contract"
        listener.say(
            f"{program.contract.path}: {why}: faults are planted first, to see what its "
            f"falsifiers notice (--no-teeth leaves that out{kept})"
        )
    began = time.monotonic()
    try:
        records = earn(programs, order.contracts, order.subject, jobs, listener.show, order.timeout)
    except HandledError as error:  # the run itself goes on: its survivors are vacuous, for this reason
        listener.say(f"no kill record: {error}")
        return {program.id: without(NONE, str(error), how_to_make(program)) for program in programs}
    seconds = time.monotonic() - began
    for program in programs:
        write_kill_record(program, records[program.id], record_path(program, folder))
        for broken in errors_of(records[program.id]).values():
            listener.say(f"{program.contract.path}: {broken}")
    listener.say(f"faults planted in {seconds:.1f} s; kill records are kept in {folder / FOLDER}")
    return {program.id: told(records[program.id], EARNED) for program in programs}
