"""`harness teeth`: mutation testing of contracts."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence

import click

from harness.commands.options import own_contracts, paths_argument, subject_option
from harness.commands.output import show
from harness.configuration import configuration

EPILOG = (
    "Exit codes: 0 every falsifier kills a fault, and enough faults are killed; 1 a falsifier kills none, a declared "
    "fault or a saboteur lives, too many mutants live or cannot be told apart, a waiver is stale, or (with --check) a "
    "record is; 2 an error."
)


@click.command(epilog=EPILOG)
@paths_argument
@subject_option("Working implementation that saboteurs wrap, for contracts with results that no equation says. All "
                "other faults are planted into the contracts' own equations.")  # fmt: skip
@click.option("--check", is_flag=True, help="Plant no fault; only check that the kill records are current. For CI.")
@click.option("--anew", is_flag=True, help="Make every kill record anew, current ones too.")
@click.option("--select", default="", metavar="TEXT", help="Show only falsifiers whose contract, id or rule has TEXT.")
@click.option("--explain", default="", metavar="FAULT", help="Show one fault: what is wrong, and what kills it.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes; default: one per core.")
def teeth(paths: Sequence[str], subject: str | None, check: bool, anew: bool, select: str, explain: str,
          jobs: int | None) -> None:  # fmt: skip
    """Mutation testing: plant faults, and show which falsifier kills which.

    The faults are those that contracts declare, mutants of their equations (`harness explain mutants`) and saboteurs
    around a working implementation. The kill records are kept in the folder `teeth` beside the contracts. A record is
    made anew only where its contract, or the version of the language or of the teeth, has changed. `harness run` calls
    a falsifier "survived" only if a kill is on record.
    """
    from harness.report.teeth import explained, rendered, stale_records
    from harness.teeth.run import check_records, run_teeth
    from harness.teeth.tasks import REFERENCE

    wrapped, contracts = subject or configuration().subject or REFERENCE, own_contracts(paths)
    width = max(80, min(100, shutil.get_terminal_size((100, 24)).columns))
    if check:
        found = check_records(contracts)
        show(stale_records(found, width))
        sys.exit(1 if any(why for _, why in found) else 0)
    progress = _Progress(width)
    try:
        records = run_teeth(contracts, wrapped, jobs or os.cpu_count() or 1, anew, progress)
    finally:
        progress("")
    show(explained(records, explain, width) if explain else rendered(records, select, width))
    if any(done.errors for done in records):
        sys.exit(2)
    sys.exit(0 if all(done.record["summary"]["holds"] for done in records) else 1)


class _Progress:
    """One line on standard error that is overwritten; nothing where that is no terminal."""

    def __init__(self, width: int) -> None:
        self.width, self.shown = width, sys.stderr is not None and sys.stderr.isatty()

    def __call__(self, text: str) -> None:
        if self.shown:
            click.echo(f"\r\x1b[K{text[: self.width - 1]}", nl=False, err=True)
