"""`harness teeth`: mutation testing."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence

import click

from harness.commands.options import existing, paths_argument
from harness.commands.output import show

EPILOG = (
    "Exit codes: 0 every falsifier has killed something; 1 one has not, a declared fault lives, too many mutants live, "
    "a waiver is stale, or (with --check) a record is; 2 it could not be determined."
)


@click.command(epilog=EPILOG)
@paths_argument
@click.option("--subject", default="impl.subjects", show_default=True,
              help="Working implementation that saboteurs wrap. Declared faults and mutants are planted into "
                   "the contracts' own equations.")  # fmt: skip
@click.option("--check", is_flag=True, help="Run nothing; check that the kill records are up to date. For CI.")
@click.option("--anew", is_flag=True, help="Make every record again, even if it is up to date.")
@click.option("--select", default="", metavar="TEXT", help="Show only falsifiers whose contract, id or rule has TEXT.")
@click.option("--explain", default="", metavar="FAULT", help="Show one fault: what is wrong, and who kills it.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes; default: one per core.")
def teeth(paths: Sequence[str], subject: str, check: bool, anew: bool, select: str, explain: str,
          jobs: int | None) -> None:  # fmt: skip
    """Mutation testing: plant faults and show which falsifier kills which.

    The faults are those that contracts declare, mutants of their equations (docs/mutants.md) and saboteurs around a
    working implementation. Results are stored by digest in the folder `teeth` beside the contracts, so unchanged
    contracts are not run again. `harness run` says "survived" only of falsifiers with a recorded kill.
    """
    from harness.report.teeth import explained, rendered, stale_records
    from harness.teeth.run import check_records, run_teeth

    chosen, width = existing(paths), max(80, min(100, shutil.get_terminal_size((100, 24)).columns))
    if check:
        found = check_records(chosen, subject)
        show(stale_records(found, width))
        sys.exit(1 if any(why for _, why in found) else 0)
    progress = _Progress(width)
    try:
        records = run_teeth(chosen, subject, jobs or os.cpu_count() or 1, anew, progress)
    finally:
        progress("")
    show(explained(records, explain, width) if explain else rendered(records, select, width))
    sys.exit(0 if all(done.record["summary"]["holds"] for done in records) else 1)


class _Progress:
    """One line on standard error that is overwritten; nothing where that is no terminal."""

    def __init__(self, width: int) -> None:
        self.width, self.shown = width, sys.stderr is not None and sys.stderr.isatty()

    def __call__(self, text: str) -> None:
        if self.shown:
            click.echo(f"\r\x1b[K{text[: self.width - 1]}", nl=False, err=True)
