"""The command `harness gate`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

import click

from harness.commands.options import PathName, own_contracts, paths_argument
from harness.commands.output import show
from harness.commands.views import print_text
from harness.findings import HandledError
from harness.report.escaping import clean, visible

FORMATS = ("text", "json", "github", "markdown")
EPILOG = "Exit codes: 0 passed; 1 findings; 2 something cannot be read (the rest is judged), or a wrong option."


class _GateCommand(click.Command):
    """Tells mistakes of the command line in the formats that were asked for, too: a job must show why it failed."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        given = [*args]
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            _tell(HandledError(error.format_message()), *_formats_in(given))
            raise


@click.command(epilog=EPILOG, cls=_GateCommand)
@paths_argument
@click.option("--against", type=PathName(), metavar="REF|FOLDER|FILE",
              help="Compare with a git ref, a folder or a file; the releases there count, too. A path that "
                   "exists is taken for a path.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True,
              help="What is printed.")  # fmt: skip
@click.option("--write", "files", multiple=True, metavar="FORMAT=FILE",
              help="Write another format to a file, such as markdown=summary.md; may be repeated.")  # fmt: skip
@click.option(
    "--explain", "kind", metavar="KIND", help="Explain one kind of change or finding, and exit; `all` lists them."
)
def gate(paths: Sequence[str], against: str | None, form: str, files: Sequence[str], kind: str | None) -> None:
    """Say which version bump the edits of contracts need, why, and whom they break.

    Each contract is compared with the greatest release in contracts/released/ that is not above its declared version.
    One question decides: does the edit break someone who relied on the old version?
    """
    if kind is not None:
        show(_explained(kind))
        return
    try:
        wanted = [_asked(text) for text in files]
        code = _gated(own_contracts(paths), against or "", form, wanted)
    except (HandledError, PermissionError) as error:
        if isinstance(error, PermissionError):
            error = HandledError(f"{error.filename}: cannot be read: {error.strerror}")
        _tell(error, form, files)
        raise error from None
    sys.exit(code)


def _gated(paths: Sequence[str], against: str, form: str, wanted: Iterable[tuple[str, Path]]) -> int:
    from harness.gate.gate import gate as decide
    from harness.gate.record import gate_record
    from harness.gate.views import VIEWS

    result = decide(paths, against, date.today())
    record = clean(gate_record(result))
    for name, path in wanted:
        _write(path, VIEWS[name](record))
    judged = bool(result.verdicts or result.problems)
    if judged or form != "text":  # a report of nothing says no more than the error itself
        _print(form, VIEWS[form](record))
    if not judged or form != "text":  # which tells it itself
        for part in result.unreadable:
            click.echo(visible(str(part)), err=True)
    return result.exit_code


def _print(form: str, lines: Iterable[str]) -> None:
    """A view on standard output. GitHub's commands are meant as such, everything else must not be taken for one."""
    if form == "github":
        print_text("".join(f"{line}\n" for line in lines))
    else:
        show(lines)


def _tell(error: HandledError, form: str, files: Iterable[str]) -> None:
    """A gate that was not completed, in the formats that were asked for; as text, standard error has it."""
    from harness.gate.gate import GateResult
    from harness.gate.record import gate_record
    from harness.gate.unreadable import unreadable
    from harness.gate.views import VIEWS

    record = clean(gate_record(GateResult("", unreadable=unreadable(error))))
    if form in FORMATS and form != "text":
        _print(form, VIEWS[form](record))
    for name, equals, path in (text.partition("=") for text in files):
        if name in FORMATS and equals and path:
            with suppress(HandledError):  # it may be the mistake that is told
                _write(Path(path), VIEWS[name](record))


def _formats_in(arguments: Sequence[str]) -> tuple[str, list[str]]:
    """What `--format` and `--write` say on a command line that is wrong elsewhere."""
    found: dict[str, list[str]] = {"--format": [], "--write": []}
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=True):
        option, equals, value = argument.partition("=")
        if option in found:
            found[option].append(value if equals else following)
    return (found["--format"] or [""])[-1], found["--write"]


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
