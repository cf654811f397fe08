"""The command line. Heavy imports wait until a command needs them: `validate`, `list` and `explain` start at once."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

from harness import __version__
from harness.findings import HandledError, nearest
from harness.search.profiles import DEFAULT, PROFILES

CONTRACTS = ("contracts",)
EPILOG = "Exit codes: 0 all survived; 1 a verdict against; 2 the run could not be completed."
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
paths_argument = click.argument("paths", nargs=-1, metavar="[PATH]...")


# Commands with a module of their own, which is imported when one of them is asked for: {name: module}.
ELSEWHERE = {"teeth": "harness.teeth.cli"}


class Commands(click.Group):
    """Commands in the order in which one meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return [*self.commands, *ELSEWHERE]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in ELSEWHERE:
            command: click.Command = getattr(import_module(ELSEWHERE[cmd_name]), cmd_name)
            return command
        return super().get_command(ctx, cmd_name)


@click.group(cls=Commands, epilog=EPILOG, context_settings=SETTINGS)
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
    counts = f"contracts: {len(programs)}, falsifiers: {falsifiers}"
    _show([f"{counts}; all well formed. Whether they hold, `harness run` tells."])


@harness.command("list", epilog=EPILOG)
@paths_argument
def list_(paths: Sequence[str]) -> None:
    """List contracts and their falsifiers."""
    lines = []
    for program in _programs(paths):
        metadata = program.contract.metadata
        name = click.style(metadata.id, bold=True)
        lines.append(f"{name} {metadata.version} ({metadata.lifecycle})  {metadata.title}")
        lines += [f"  {falsifier.source.id}  {falsifier.source.rule}" for falsifier in program.falsifiers]
    _show(lines)


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
    _show(found[key])


@harness.command(epilog=EPILOG)
@paths_argument
@click.option("--subject", default="impl.subjects", show_default=True,
              help="Module with the functions that contracts name; `reference`: the contracts' own equations in "
                   "float32; `reference:FAULT`: with a declared fault or a mutant planted.")  # fmt: skip
@click.option(
    "--profile",
    type=click.Choice(list(PROFILES)),
    default=DEFAULT,
    show_default=True,
    help=f"Cases per sampled falsifier: {', '.join(f'{name} {PROFILES[name]}' for name in PROFILES)}.",
)
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
    from harness.report.progress import Progress, width
    from harness.report.record import make_record
    from harness.report.write import prepare, write_report
    from harness.search.run import Order, execute
    from harness.teeth.verdict import judge_teeth

    order = Order(_existing(paths), subject, cases or PROFILES[profile], model or "", select)
    jobs = jobs or os.cpu_count() or 1
    prepare(Path(folder))
    started = time.time()
    progress = Progress()
    try:
        result = execute(order, jobs, progress)
    finally:
        progress.clear()
    judge_teeth(result)
    facts = {"started": int(started), "seconds": round(time.time() - started, 2), "jobs": jobs, "harness": __version__,
             "python": platform.python_version(), "platform": platform.platform()}  # fmt: skip
    record = make_record(order, profile if cases is None else f"{cases} cases", result, facts)
    write_report(record, Path(folder))
    _show(render(record, folder, width()))
    sys.exit(record["exit_code"])


@harness.command(
    epilog="Exit codes: 0 complete; 1 something is missing, misshapen or left over; 2 the file cannot be read."
)
@click.argument("file", type=click.Path(dir_okay=False))
@paths_argument
def inspect(file: str, paths: Sequence[str]) -> None:
    """Hold a GGUF file against the tensor-name contract: roles by layers, types, shapes, and what is left over."""
    from harness.report.inventory import render
    from harness.search.inventory import take_inventory
    from harness.search.model_file import ModelFile

    inventory = take_inventory(ModelFile(Path(file)), _programs(paths))
    _show(render(inventory))
    sys.exit(0 if inventory.complete else 1)


@harness.command(epilog=EPILOG)
@click.argument("case", type=click.Path(dir_okay=False))
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

    again = replay_case(Path(case), _existing(paths), subject)
    for note in again.notes:
        click.echo(f"note: {note}", err=True)
    if again.counterexample is not None:
        claim = f"  {again.place}: {' '.join(again.claim.split())}"
        headline = f"FALSIFIED: {again.falsifier} still fails on this case with {subject}"
        _show([headline, claim, *argument(again.counterexample, width())])
        sys.exit(1)
    if again.doubt:
        _show([f"UNDECIDED: {again.falsifier}: {again.doubt}"])
        sys.exit(1)
    _show([f"SURVIVED: {again.falsifier} holds on this case with {subject}"])


def _show(lines: Iterable[str]) -> None:
    """Print a result; a reader who has seen enough (`| head`) does not change it."""
    try:
        for line in lines:
            click.echo(line)
    except BrokenPipeError:
        _close_output()


def _close_output() -> None:
    """What is still to be printed goes nowhere: Python would complain about it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _existing(paths: Sequence[str]) -> tuple[str, ...]:
    return tuple(paths) or CONTRACTS


def _programs(paths: Sequence[str]) -> list[Any]:
    from harness.contract.collection import load

    return load(_existing(paths))


def main() -> NoReturn:
    """Entry point: mistakes of the user end in a message and exit code 2, without a traceback."""
    code = 2
    try:
        harness.main(prog_name="harness", standalone_mode=False)
        sys.stdout.flush()
        code = 0
    except HandledError as error:
        click.echo(str(error), err=True)
    except click.ClickException as error:
        error.show()
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
    except OSError as error:
        click.echo(f"cannot go on: {error}", err=True)
        _close_output()
    except Exception:  # exit code 1 would say that something was falsified
        traceback.print_exc()
        click.echo("this is a defect of harness, not of what it was given", err=True)
    sys.exit(code)
