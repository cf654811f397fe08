"""Standard output, which a reader may close early."""

from __future__ import annotations

import os
from collections.abc import Iterable

import click

from harness.report.escaping import defused


def show(lines: Iterable[str]) -> None:
    """Print a result; a closed pipe (`| head`) is no error."""
    try:
        for line in lines:
            click.echo(defused(line))
    except BrokenPipeError:
        close_output()


def close_output() -> None:
    """Discard what is still to be printed, so that Python does not complain about the closed pipe at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
