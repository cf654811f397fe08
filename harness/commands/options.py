"""What several commands have in common: arguments, options, exit codes."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

CONTRACTS = ("contracts",)
EPILOG = "Exit codes: 0 all survived; 1 a verdict against; 2 the run could not be completed."


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


def existing(paths: Sequence[str]) -> tuple[str, ...]:
    """The paths given, or where contracts are by custom."""
    return tuple(paths) or CONTRACTS


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
