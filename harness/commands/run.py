"""The command `harness run`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from harness.commands.options import EPILOG, PathName, Shard, existing, paths_argument
from harness.commands.output import show
from harness.commands.views import format_option, leave_views
from harness.run.profiles import DEFAULT, PROFILES


@click.command(epilog=EPILOG)
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
@click.option("--model", type=PathName(dir_okay=False), help="GGUF file whose weights replace drawn ones.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes; default: one per core.")
@click.option("--report", "folder", type=PathName(file_okay=False), default="build/report", show_default=True,
              help="Folder for report.json, the log of the run and the stored counterexamples.")  # fmt: skip
@format_option
@click.option("--baseline", type=PathName(), help="An earlier report, to say what is new, known or fixed since.")
@click.option("--shard", type=Shard(), help="One part of a run, such as 2/8; `harness merge` joins the parts.")
@click.option("--timeout", type=click.IntRange(1, 1_000_000), default=600, show_default=True,
              help="Seconds after which a case that has not returned is given up.")  # fmt: skip
def run(paths: Sequence[str], subject: str, profile: str, cases: int | None, select: str, model: str | None,
        jobs: int | None, folder: str, formats: Sequence[str], baseline: str | None, shard: tuple[int, int] | None,
        timeout: int,
) -> None:  # fmt: skip
    """Run every falsifier against an implementation and report what it survived."""
    from harness.report.console import render
    from harness.report.progress import width
    from harness.report.read import read_record
    from harness.run.plan import Order
    from harness.session import conduct

    earlier = read_record(Path(baseline)) if baseline is not None else None
    order = Order(existing(paths), subject, cases or PROFILES[profile], model or "", select, shard, timeout)
    named = profile if cases is None else f"{cases} cases"
    record = conduct(order, named, jobs or os.cpu_count() or 1, Path(folder), earlier)
    file = leave_views(record, folder, formats)
    show(render(record, folder, width(), file))
    sys.exit(record["exit_code"])
