"""The command line. Heavy imports wait until a command needs them: `validate`, `list` and `explain` start at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from harness import __version__
from harness.findings import HandledError, nearest

CONTRACTS = ("contracts",)
PROFILES = {"smoke": 25, "ci": 200, "deep": 10_000}
EPILOG = "Exit codes: 0 all survived; 1 a verdict against; 2 the run could not be completed."
paths_argument = click.argument("paths", nargs=-1, metavar="[PATH]...")


class Command(click.Group):
    """Commands in the order in which one meets them, and a user's mistake as one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=Command, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="harness")
def harness() -> None:
    """Contracts of inference kernels, executed: falsifiers search for inputs on which an implementation breaks them.

    PATH is a contract file or a folder of them; where none is given, ./contracts.
    """


@harness.command(epilog=EPILOG)
@paths_argument
def validate(paths: Sequence[str]) -> None:
    """Check contracts without running anything: schema, names, shapes, and that nothing is left unused."""
    programs = _programs(paths)
    falsifiers = sum(len(program.falsifiers) for program in programs)
    click.echo(f"{len(programs)} contracts with {falsifiers} falsifiers are well formed; whether they hold, `harness run` tells")


@harness.command("list", epilog=EPILOG)
@paths_argument
def list_(paths: Sequence[str]) -> None:
    """List contracts and their falsifiers."""
    for program in _programs(paths):
        metadata = program.contract.metadata
        click.echo(f"{click.style(metadata.id, bold=True)} {metadata.version} ({metadata.lifecycle})  {metadata.title}")
        for falsifier in program.falsifiers:
            click.echo(f"  {falsifier.source.id}  {falsifier.source.rule}")


@harness.command(epilog=EPILOG)
@click.argument("identifier", metavar="ID")
@paths_argument
def explain(identifier: str, paths: Sequence[str]) -> None:
    """Explain one contract, falsifier, obligation, equation or fault by its id."""
    from harness.report.explain import explanations

    found = explanations(_programs(paths))
    key = next((name for name in found if name.lower() == identifier.lower()), None)
    if key is None:
        raise HandledError(f"nothing is called {identifier!r}; {nearest(identifier, found)}")
    for line in found[key]:
        click.echo(line)


@harness.command(epilog=EPILOG)
@paths_argument
@click.option("--subject", default="impl.subjects", show_default=True,
              help="Module with the functions that contracts name; `reference`: the contracts' own equations in float32; "
                   "`reference:FAULT-ID`: with a declared fault planted.")  # fmt: skip
@click.option("--profile", type=click.Choice(list(PROFILES)), default="ci", show_default=True,
              help="Cases per sampled falsifier: " + ", ".join(f"{name} {count}" for name, count in PROFILES.items()) + ".")
@click.option("--cases", type=click.IntRange(1, 10_000_000), help="Another number of cases per falsifier.")
@click.option("--select", default="", metavar="TEXT", help="Only falsifiers whose contract, id or rule contains TEXT.")
@click.option("--model", type=click.Path(dir_okay=False), help="GGUF file whose weights take the place of drawn ones.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes; default: one per core.")
@click.option("--report", "folder", type=click.Path(file_okay=False), default="build/report", show_default=True,
              help="Folder for record.json and the stored counterexamples.")  # fmt: skip
def run(paths: Sequence[str], subject: str, profile: str, cases: int | None, select: str, model: str | None,
        jobs: int | None, folder: str) -> None:  # fmt: skip
    """Run every falsifier against an implementation and report what it survived."""
    import platform
    import time

    from harness.report.console import render
    from harness.report.record import make_record
    from harness.report.write import write_report
    from harness.search.run import Order, execute

    order = Order(_existing(paths), subject, cases or PROFILES[profile], model or "", select)
    started = time.time()
    progress = _Progress()
    result = execute(order, jobs or os.cpu_count() or 1, progress)
    progress.clear()
    facts = {"started": int(started), "seconds": round(time.time() - started, 2), "python": platform.python_version(),
             "platform": platform.platform(), "harness": __version__}  # fmt: skip
    record = make_record(order, profile if cases is None else f"{cases} cases", result, facts)
    write_report(record, Path(folder))
    for line in render(record, folder):
        click.echo(line)
    sys.exit(record["exit_code"])


@harness.command(epilog=EPILOG)
@click.argument("case", type=click.Path(dir_okay=False))
@paths_argument
@click.option("--subject", default="impl.subjects", show_default=True, help="As for `run`.")
def replay(case: str, paths: Sequence[str], subject: str) -> None:
    """Try a stored counterexample again: does the claim still fail on it?

    CASE is a file below cases/ of a report. It holds the whole case as data, so it works on a later version of the
    code, and shows there that the fault is gone.
    """
    from harness.report.console import argument
    from harness.search.replay import replay_case

    again = replay_case(Path(case), _existing(paths), subject)
    for note in again.notes:
        click.echo(f"note: {note}", err=True)
    if again.counterexample is not None:
        click.echo(f"FALSIFIED: {again.falsifier} still fails on this case with {subject}")
        click.echo(f"  {again.place}: {' '.join(again.claim.split())}")
        for line in argument(again.counterexample):
            click.echo(line)
        sys.exit(1)
    if again.doubt:
        click.echo(f"UNDECIDED: {again.falsifier}: {again.doubt}")
        sys.exit(1)
    click.echo(f"SURVIVED: {again.falsifier} holds on this case with {subject}")


class _Progress:
    """One line on standard error that is overwritten; nothing where that is no terminal."""

    def __init__(self) -> None:
        self.count = 0
        self.shown = sys.stderr.isatty()

    def __call__(self, outcome: Any) -> None:
        self.count += 1
        if self.shown:
            told = f"{self.count} falsifiers tried, last {outcome.falsifier}: {outcome.verdict}"
            click.echo(f"\r\x1b[K{told}", nl=False, err=True)

    def clear(self) -> None:
        if self.shown:
            click.echo("\r\x1b[K", nl=False, err=True)


def _existing(paths: Sequence[str]) -> tuple[str, ...]:
    return tuple(paths) or CONTRACTS


def _programs(paths: Sequence[str]) -> list[Any]:
    from harness.contract.collection import load

    return load(_existing(paths))


def main() -> NoReturn:
    """Entry point: mistakes of the user end in a message and exit code 2, without a traceback."""
    try:
        harness.main(standalone_mode=False)
        code = 0
    except HandledError as error:
        click.echo(str(error), err=True)
        code = 2
    except click.ClickException as error:
        error.show()
        code = 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        code = 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = 2
    sys.exit(code)
