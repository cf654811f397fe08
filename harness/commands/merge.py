"""The command `harness merge`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from harness.commands.options import EPILOG, PathName, report_option
from harness.commands.output import show
from harness.commands.views import format_option, leave_views
from harness.configuration import configuration
from harness.findings import HandledError


def _folder(part: str) -> Path:
    """The folder that a part lies in."""
    path = Path(part).resolve()
    return path if path.is_dir() else path.parent


@click.command(epilog=EPILOG)
@click.argument("parts", nargs=-1, required=True, metavar="PART...", type=PathName())
@report_option("Folder for the report of the whole run.")
@format_option
@click.option("--baseline", type=PathName(), help="As for `run`.")
def merge(parts: Sequence[str], folder: str | None, formats: Sequence[str], baseline: str | None) -> None:
    """Join the reports of all parts of a run (`run --shard 1/3`, ...) into one.

    PART is a part's folder or its report.json. The parts must come from the same contracts, subject and harness, and
    none may be missing.
    """
    from harness.report.baseline import compared
    from harness.report.console import render
    from harness.report.merge import merged
    from harness.report.progress import width
    from harness.report.read import read_record
    from harness.report.write import prepare, write_report

    folder = folder or configuration().report
    within = next((part for part in parts if _folder(part) == Path(folder).resolve()), None)
    if within is not None:
        raise HandledError(f"--report {folder}: part {within} lies there and would be lost; name another folder")
    read = [(Path(part), read_record(Path(part))) for part in parts]
    earlier = read_record(Path(baseline)) if baseline is not None else None
    record = merged(read, folder)
    if earlier is not None:
        record = compared(record, earlier)
    prepare(Path(folder))
    write_report(record, Path(folder))
    file = leave_views(record, folder, formats)
    show(render(record, folder, width(), file))
    sys.exit(record["exit_code"])
