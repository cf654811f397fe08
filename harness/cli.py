"""The command line. Heavy imports wait until a command needs them: `validate`, `list` and `explain` start at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from harness import __version__
from harness.commands.gate import gate
from harness.commands.merge import merge
from harness.commands.options import EPILOG, PathName, contracts_here, contracts_to_read, paths_argument
from harness.commands.output import close_output, show
from harness.commands.release import release
from harness.commands.replay import replay
from harness.commands.report import report
from harness.commands.run import run
from harness.commands.teeth import teeth
from harness.findings import HandledError, nearest
from harness.report.escaping import visible
from harness.shipped import TOPICS, manual_page, shipped_contract

NO_VERDICT = "Exit codes: 0 well formed; 2 a contract or a name that is not."
NOWHERE = f"{os.devnull}/hypothesis"  # no folder can be made there, so nothing is kept
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Commands(click.Group):
    """Commands in the order in which one meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(self.commands)


@click.group(cls=Commands, epilog=EPILOG, context_settings=SETTINGS)
@click.version_option(__version__, prog_name="harness")
def harness() -> None:
    """Contracts of inference kernels, executed: falsifiers search for inputs on which an implementation breaks them.

    PATH is a contract file or a folder of them. Where none is given: the `contracts` of the table [tool.harness] in
    pyproject.toml, else ./contracts, else, for commands that only read, the contracts shipped with harness. The same
    table may name `subject`, `profile` and `report`; options win over it.
    """


@harness.command(epilog=NO_VERDICT)
@paths_argument
def validate(paths: Sequence[str]) -> None:
    """Check contracts without running anything: schema, names, shapes, and that nothing is left unused."""
    programs = _programs(paths)
    falsifiers = sum(len(program.falsifiers) for program in programs)
    counts = f"contracts: {len(programs)}, falsifiers: {falsifiers}"
    show([f"{counts}; all well formed. Whether they hold, `harness run` tells."])


@harness.command("list", epilog=NO_VERDICT)
@paths_argument
def list_(paths: Sequence[str]) -> None:
    """List contracts and their falsifiers."""
    lines = []
    for program in _programs(paths):
        metadata = program.contract.metadata
        name = click.style(metadata.id, bold=True)
        lines.append(f"{name} {metadata.version} ({metadata.lifecycle})  {metadata.title}")
        lines += [f"  {falsifier.source.id}  {falsifier.source.rule}" for falsifier in program.falsifiers]
    show(lines)


@harness.command(
    epilog=NO_VERDICT,
    help=f"""Explain one contract, falsifier, obligation, equation or fault by its id, or show a page of the manual.

The pages are {", ".join(TOPICS)}. A contract with one of these names is explained where PATH is given.
""",
)
@click.argument("identifier", metavar="ID")
@paths_argument
def explain(identifier: str, paths: Sequence[str]) -> None:
    """Look the id up, pages of the manual first."""
    from harness.report.explain import explanations

    if identifier in TOPICS and not paths:
        show(manual_page(identifier).splitlines())
        return
    found = explanations(_programs(paths))
    key = next((name for name in found if name.lower() == identifier.lower()), None)
    if key is None:
        raise HandledError(f"nothing is called {identifier!r}; {nearest(identifier, [*found, *TOPICS])}")
    show(found[key])


harness.add_command(run)
harness.add_command(report)
harness.add_command(merge)
harness.add_command(teeth)


@harness.command(
    epilog="Exit codes: 0 complete; 1 something is missing, misshapen or left over; 2 the file cannot be read."
)
@click.argument("file", type=PathName(dir_okay=False))
@paths_argument
def inspect(file: str, paths: Sequence[str]) -> None:
    """Hold a GGUF file against the tensor-name contract: roles by layers, types, shapes, and what is left over.

    The contract is `tensor-names` of the given ones; where they have none of this id, the one shipped with harness.
    """
    from harness.model_files.gguf import ModelFile
    from harness.model_files.inventory import take_inventory
    from harness.report.inventory import render

    inventory = take_inventory(ModelFile(Path(file)), _tensor_names(paths))
    show(render(inventory))
    sys.exit(0 if inventory.complete else 1)


harness.add_command(replay)
harness.add_command(gate)
harness.add_command(release)


def _programs(paths: Sequence[str]) -> list[Any]:
    from harness.program.collection import load

    return load(contracts_to_read(paths))


def _tensor_names(paths: Sequence[str]) -> list[Any]:
    """The program of the tensor-name contract among others; nothing else is read where no PATH is given."""
    from harness.model_files.inventory import CONTRACT

    for path in paths:
        if not Path(path).exists():
            told = f"without PATH, the {CONTRACT} shipped with harness is read"
            raise HandledError(f"{path}: no such file or folder; {told}")
    here = [Path(place) for place in contracts_here()]
    files = [file for place in here for file in (sorted(place.iterdir()) if place.is_dir() else [place])]
    found = [str(file) for file in files if file.match(f"{CONTRACT}-v*.yaml")]
    programs = _programs(paths or found) if paths or found else []
    shipped = shipped_contract(CONTRACT)
    if shipped is not None and all(program.id != CONTRACT for program in programs):
        click.echo(f"no {CONTRACT} among the contracts: that shipped with harness {__version__} is read", err=True)
        programs = _programs([str(shipped)])
    return programs


def _told(error: OSError) -> str:
    """`file: what the system says`, in one line that may be long but has an end."""
    from harness.printable import printable

    what = error.strerror or str(error)
    return printable(f"{printable(str(error.filename), 120)}: {what}" if error.filename else what)


def main() -> NoReturn:
    """Entry point: mistakes of the user end in a message and exit code 2, without a traceback."""
    code = 2
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", NOWHERE)
    try:
        harness.main(prog_name="harness", standalone_mode=False)
        sys.stdout.flush()
        code = 0
    except HandledError as error:
        click.echo(visible(str(error)), err=True)
    except click.ClickException as error:
        error.show()
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
    except OSError as error:
        click.echo(f"cannot go on: {_told(error)}", err=True)
        close_output()
    except MemoryError:
        click.echo("cannot go on: out of memory", err=True)
    except Exception:  # exit code 1 would say that something was falsified
        import traceback

        traceback.print_exc()
        click.echo("this is a defect of harness, not of what it was given", err=True)
    sys.exit(code)
