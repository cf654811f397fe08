"""What several commands have in common: arguments, options, exit codes."""

from __future__ import annotations

import errno
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from harness import __version__
from harness.configuration import configuration
from harness.findings import HandledError
from harness.shipped import shipped_contracts

CONTRACTS = "contracts"
EPILOG = "Exit codes: 0 all survived; 1 a verdict against; 2 the run could not be completed."

Command = TypeVar("Command", bound=Callable[..., Any])


class PathName(click.Path):
    """The name of a file or folder. An empty one would be taken for no option at all, or for the working directory."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not value:
            self.fail("an empty name; name a file or folder, or omit the option", param, ctx)
        try:
            Path(value).stat()
        except (OSError, ValueError) as error:  # ValueError: a NUL in it. Whether there is such a file, others ask
            if isinstance(error, OSError) and error.errno != errno.ENAMETOOLONG:
                return super().convert(value, param, ctx)
            self.fail(f"{value[:60]!r}...: no file can have a name of these {len(value)} characters", param, ctx)
        return super().convert(value, param, ctx)


def own_contracts(paths: Sequence[str]) -> tuple[str, ...]:
    """The paths given, else those of [tool.harness], else ./contracts; HandledError where there is none of them.

    For commands that write beside contracts, or compare them with what was released there.
    """
    found = tuple(paths) or configuration().contracts or _by_custom()
    if not found:
        raise HandledError(
            f"no folder {CONTRACTS}/ here: name a contract or a folder of contracts, or write `contracts = [...]` "
            "into [tool.harness] of pyproject.toml"
        )
    return found


def contracts_to_read(paths: Sequence[str]) -> tuple[str, ...]:
    """The same for commands that only read contracts: where there is none, the shipped ones, told on standard error."""
    found = tuple(paths) or contracts_here()
    if not found:
        told = f"no folder {CONTRACTS}/ here: the contracts shipped with harness {__version__} are read"
        click.echo(told, err=True)
    return found or (str(shipped_contracts()),)


def contracts_here() -> tuple[str, ...]:
    """The configured files and folders, else ./contracts if there is such a folder."""
    return configuration().contracts or _by_custom()


def _by_custom() -> tuple[str, ...]:
    return (CONTRACTS,) if Path(CONTRACTS).exists() else ()


class Shard(click.ParamType):  # type: ignore[type-arg]  # generic in newer releases of click only
    """`2/8`: the second of eight parts."""

    name = "INDEX/OF"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        index, slash, of = str(value).partition("/")
        digits = slash and all(part.isascii() and part.isdigit() and len(part) <= 6 for part in (index, of))
        if not digits or not 1 <= int(index) <= int(of):
            self.fail(f"{value!r} is not a part such as 2/8, the second of eight", param, ctx)
        return int(index), int(of)


paths_argument = click.argument("paths", nargs=-1, metavar="[PATH]...", type=PathName())


def subject_option(text: str) -> Callable[[Command], Command]:
    """`--subject`; without it, harness.configuration.subject_of tells what is configured."""
    return click.option("--subject", metavar="MODULE", help=f"{text}  [default: that of [tool.harness]]")


def report_option(text: str) -> Callable[[Command], Command]:
    """`--report`; without it, the folder is the configured one."""
    return click.option("--report", "folder", type=PathName(file_okay=False),
                        help=f"{text}  [default: that of [tool.harness], else build/report]")  # fmt: skip
