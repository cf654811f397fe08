"""The command `harness replay`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from harness.commands.options import EPILOG, PathName, contracts_to_read, paths_argument, subject_option
from harness.commands.output import show
from harness.configuration import configuration, subject_of


@click.command(epilog=EPILOG)
@click.argument("case", type=PathName(dir_okay=False))
@paths_argument
@subject_option("As for `run`.")
def replay(case: str, paths: Sequence[str], subject: str | None) -> None:
    """Try a stored counterexample again, to see whether the claim still fails on it.

    CASE is a file below cases/ of a report. It holds the whole case as data, so it works on a later version of the
    code, and shows there that the fault is gone.
    """
    from harness.report.argument import argument
    from harness.report.progress import width
    from harness.search.replay import replay_case

    chosen = subject_of(subject, configuration())
    again = replay_case(Path(case), contracts_to_read(paths), chosen)
    for note in again.notes:
        click.echo(f"note: {note}", err=True)
    if again.counterexample is not None:
        claim = f"  {again.place}: {' '.join(again.claim.split())}"
        headline = f"FALSIFIED: {again.falsifier} still fails on this case with {chosen}"
        show([headline, claim, *argument(again.counterexample, width())])
        sys.exit(1)
    if again.doubt:
        show([f"UNDECIDED: {again.falsifier}: {again.doubt}"])
        sys.exit(1)
    show([f"SURVIVED: {again.falsifier} holds on this case with {chosen}"])
