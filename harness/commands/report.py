"""The command `harness report`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from harness.commands.options import PathName
from harness.commands.output import show as output_lines
from harness.commands.views import FORMATS, add_summary, print_text
from harness.findings import HandledError
from harness.report.views import VIEWS


@click.command(
    epilog="Exit codes: 0 rendered, whatever the verdict; 2 it cannot be read or written.",
    help=f"""Show the record of an earlier run in any form.

RECORD is the folder of a report, or its report.json. The folder of a run that was killed has only its event log; a
report made from that says which falsifiers were not run. Formats:

\b
{FORMATS}

In GitHub Actions `--format github` also appends the Markdown to the step summary.
""",
)
@click.argument("record", type=PathName())
@click.option("--format", "formats", type=click.Choice(list(VIEWS)), multiple=True, metavar="NAME",
              help="One of the formats above; may be repeated. Default: console.")  # fmt: skip
@click.option("--output", type=PathName(), help="File to write; a folder where there are several formats.")
@click.option("--baseline", type=PathName(), metavar="OLD",
              help="An earlier report, to say what is new, known or fixed since.")  # fmt: skip
def report(record: str, formats: Sequence[str], output: str | None, baseline: str | None) -> None:
    """Read, compare where asked to, render, and only then write."""
    from harness.report.baseline import compared
    from harness.report.progress import width
    from harness.report.read import read_record
    from harness.report.views import show
    from harness.report.write import write_views

    names = tuple(dict.fromkeys(formats)) or ("console",)
    if len(names) > 1 and output is None:
        raise HandledError(f"{len(names)} formats cannot share standard output: name a folder with --output")
    path = Path(record)
    found = read_record(path)
    if baseline is not None:
        found = compared(found, read_record(Path(baseline)))
    folder = str(path if path.is_dir() else path.parent)
    if names == ("console",) and output is None:
        from harness.report.console import render

        output_lines(render(found, folder, width()))
        return
    texts = {name: show(name, found, folder, width()) for name in names}
    if "github" in names:
        add_summary(found, folder)
    if output is None:
        print_text(texts[names[0]])
        return
    alone = len(names) == 1 and not Path(output).is_dir()
    files = {Path(output) if alone else Path(output) / VIEWS[name].file: text for name, text in texts.items()}
    write_views(files)
    for file in files:
        click.echo(f"written: {file}", err=True)
