"""The views of a record on standard output, beside a report, and in the step summary of GitHub Actions."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from harness.commands.output import close_output
from harness.report.views import VIEWS

FORMATS = "\n".join(f"{name:9} {view.purpose}" for name, view in VIEWS.items())
BESIDE = [name for name in VIEWS if name not in ("console", "json")]  # a run prints the one and stores the other

format_option = click.option(
    "--format", "formats", type=click.Choice(BESIDE), multiple=True, default=("html",), metavar="NAME",
    help=f"Write this view beside report.json: {', '.join(BESIDE)} (see `harness report --help`); may be repeated. "
         "github is printed instead.  [default: html]",
)  # fmt: skip


def leave_views(record: Mapping[str, Any], folder: str, formats: Sequence[str]) -> str:
    """The views that were asked for, beside the record; the file to open.

    Annotations go to standard output, where GitHub reads them.
    """
    from harness.report.views import show
    from harness.report.write import write_views

    texts = {name: show(name, record, folder, 80) for name in dict.fromkeys(formats)}
    annotations = texts.pop("github", None)
    write_views({Path(folder) / VIEWS[name].file: text for name, text in texts.items()})
    if annotations is not None:
        print_text(annotations)
        add_summary(record, folder)
    return VIEWS[next(iter(texts), "json")].file


def add_summary(record: Mapping[str, Any], folder: str) -> None:
    """Markdown for the page of the workflow run, where there is one."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        from harness.report.markdown import render

        with Path(path).open("a", encoding="utf-8") as file:
            file.write(render(record, folder))


def print_text(text: str) -> None:
    """Print as UTF-8, whatever the terminal claims; a closed pipe (`| head`) is no error."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
        sys.stdout.flush()
    except BrokenPipeError:
        close_output()
