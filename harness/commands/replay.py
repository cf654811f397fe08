"""The command `harness replay`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from harness.commands.options import EPILOG, PathName, existing, paths_argument
from harness.commands.output import show


@click.command(epilog=EPILOG)
@click.argument("case", type=PathName(dir_okay=False))
@paths_argument
@click.option("--subject", default="impl.subjects", show_default=True, help="As for `run`.")
def replay(case: str, paths: Sequence[str], subject: str) -> None:
    """Try a stored counterexample again, to see whether the claim still fails on it.

    CASE is a file below cases/ of a report. It holds the whole case as data, so it works on a later version of the
    code, and shows there that the fault is gone.
    """
    from harness.report.argument import argument
    from harness.report.progress import width
    from harness.search.replay import replay_case

    again = replay_case(Path(case), existing(paths), subject)
    for note in again.notes:
        click.echo(f"note: {note}", err=True)
    if again.counterexample is not None:
        claim = f"  {again.place}: {' '.join(again.claim.split())}"
        headline = f"FALSIFIED: {again.falsifier} still fails on this case with {subject}"
        show([headline, claim, *argument(again.counterexample, width())])
        sys.exit(1)
    if again.doubt:
        show([f"UNDECIDED: {again.falsifier}: {again.doubt}"])
        sys.exit(1)
    show([f"SURVIVED: {again.falsifier} holds on this case with {subject}"])
