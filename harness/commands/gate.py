"""The command `harness gate`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import click

from harness.commands.options import own_contracts, paths_argument
from harness.commands.output import show
from harness.findings import HandledError

FORMATS = ("text", "json", "github", "markdown")
EPILOG = "Exit codes: 0 passed; 1 findings; 2 could not be completed (a contract, base or option that cannot be read)."


@click.command(epilog=EPILOG)
@paths_argument
@click.option("--against", default="", metavar="REF|FOLDER|FILE",
              help="Compare with a git ref, a folder or a file instead of the latest frozen release. A path that "
                   "exists is taken for a path.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True,
              help="What is printed.")  # fmt: skip
@click.option("--write", "files", multiple=True, metavar="FORMAT=FILE",
              help="Write another format to a file, such as markdown=summary.md; may be repeated.")  # fmt: skip
@click.option(
    "--explain", "kind", metavar="KIND", help="Explain one kind of change or finding, and exit; `all` lists them."
)
def gate(paths: Sequence[str], against: str, form: str, files: Sequence[str], kind: str | None) -> None:
    """Say which version bump the edits of contracts need, why, and whom they break.

    Each contract is compared with the greatest release in contracts/released/ that is not above its declared version.
    One question decides: does the edit break someone who relied on the old version?
    """
    if kind is not None:
        show(_explained(kind))
        return
    from harness.gate.gate import gate as decide
    from harness.gate.record import gate_record
    from harness.gate.views import VIEWS

    wanted = [_asked(text) for text in files]
    record = gate_record(decide(own_contracts(paths), against, date.today()))
    for name, path in wanted:
        _write(path, VIEWS[name](record))
    show(VIEWS[form](record))
    sys.exit(record["exit_code"])


def _explained(kind: str) -> list[str]:
    from harness.gate.kinds import explain, kinds

    if kind != "all":
        return list(explain(kind))
    from harness.gate.problems import PROBLEMS

    lines = [f"{part.level!s:5}  {part.id:30} breaks {part.breaks}" for part in kinds().values()]
    return [*lines, *(f"stops  {id}" for id in PROBLEMS)]


def _asked(text: str) -> tuple[str, Path]:
    """FORMAT=FILE."""
    name, equals, path = text.partition("=")
    if name not in FORMATS or not equals or not path:
        raise HandledError(f"--write {text}: expected FORMAT=FILE with one of {', '.join(FORMATS)}")
    return name, Path(path)


def _write(path: Path, lines: Iterable[str]) -> None:
    from harness.report.write import write_text

    try:
        write_text(path, "".join(f"{line}\n" for line in lines))
    except OSError as error:
        raise HandledError(f"--write: {path} cannot be written: {error.strerror or error}") from None
