"""What a run shows while it runs: one line on standard error that is overwritten; nothing where that is no terminal."""

from __future__ import annotations

import shutil
import sys

import click

from harness.search.outcome import SURVIVED, Outcome


class Progress:
    """Falsifiers done, how many went against the subject, and the last one."""

    def __init__(self) -> None:
        self.count = 0
        self.against = 0
        self.shown = sys.stderr is not None and sys.stderr.isatty()

    def __call__(self, outcome: Outcome, total: int) -> None:
        self.count += 1
        self.against += outcome.verdict != SURVIVED
        bad = f", {self.against} against" if self.against else ""
        margin = f" at {outcome.tally.margin:.2g} of its bound" if outcome.tally.margin else ""
        told = f"{self.count} of {total} falsifiers{bad}; last {outcome.falsifier}: {outcome.verdict}{margin}"
        self._show(told[: width() - 1])

    def clear(self) -> None:
        self._show("")

    def _show(self, text: str) -> None:
        if self.shown:
            click.echo(f"\r\x1b[K{text}", nl=False, err=True)


def width() -> int:
    """Columns to fill: those of the terminal, but from 80 to 100."""
    return max(80, min(100, shutil.get_terminal_size((100, 24)).columns))
