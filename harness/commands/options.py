"""What several commands have in common: arguments, options, exit codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

CONTRACTS = ("contracts",)
EPILOG = "Exit codes: 0 all survived; 1 a verdict against; 2 the run could not be completed."
paths_argument = click.argument("paths", nargs=-1, metavar="[PATH]...")


def existing(paths: Sequence[str]) -> tuple[str, ...]:
    """The paths given, or where contracts are by custom."""
    return tuple(paths) or CONTRACTS


class Shard(click.ParamType[Any]):
    """`2/8`: the second of eight parts."""

    name = "INDEX/OF"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        index, slash, of = str(value).partition("/")
        digits = slash and all(part.isascii() and part.isdigit() and len(part) <= 6 for part in (index, of))
        if not digits or not 1 <= int(index) <= int(of):
            self.fail(f"{value!r} is not a part such as 2/8, the second of eight", param, ctx)
        return int(index), int(of)
