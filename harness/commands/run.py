"""The command `harness run`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from harness.commands.options import (
    EPILOG,
    PathName,
    Shard,
    contracts_to_read,
    paths_argument,
    report_option,
    subject_option,
)
from harness.commands.output import show
from harness.commands.views import format_option, leave_views
from harness.configuration import configuration, subject_of
from harness.run.profiles import DEFAULT, PROFILES


@click.command(epilog=EPILOG)
@paths_argument
@subject_option("Module with the functions that contracts name; `reference`: the contracts' own equations in float32; "
                "`reference:FAULT`: with a declared fault or a mutant planted.")  # fmt: skip
@click.option("--profile", type=click.Choice(list(PROFILES)),
              help=f"Cases per sampled falsifier: {', '.join(f'{name} {PROFILES[name]}' for name in PROFILES)}.  "
                   f"[default: that of [tool.harness], else {DEFAULT}]")  # fmt: skip
@click.option("--cases", type=click.IntRange(1, 10_000_000), help="Another number of cases per falsifier.")
@click.option("--select", default="", metavar="TEXT", help="Only falsifiers whose contract, id or rule contains TEXT.")
@click.option("--model", type=PathName(dir_okay=False), help="GGUF file whose weights replace drawn ones.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes; default: one per core.")
@report_option("Folder for report.json, the log of the run and the stored counterexamples.")
@format_option
@click.option("--baseline", type=PathName(), help="An earlier report, to say what is new, known or fixed since.")
@click.option("--shard", type=Shard(), help="One part of a run, such as 2/8; `harness merge` joins the parts.")
@click.option(
    "--no-teeth",
    is_flag=True,
    help="Plant no faults where a contract has no current kill record: what survives is then vacuous.",
)
@click.option("--timeout", type=click.IntRange(1, 1_000_000), default=600, show_default=True,
              help="Seconds after which a case that has not returned is given up.")  # fmt: skip
def run(paths: Sequence[str], subject: str | None, profile: str | None, cases: int | None, select: str,
        model: str | None, jobs: int | None, folder: str | None, formats: Sequence[str], baseline: str | None,
        shard: tuple[int, int] | None, no_teeth: bool, timeout: int,
) -> None:  # fmt: skip
    """Run every falsifier against an implementation and report what it survived."""
    from harness.report.console import render
    from harness.report.progress import width
    from harness.report.read import read_record
    from harness.run.plan import Order
    from harness.session import run_session

    configured = configuration()
    chosen = subject_of(subject, configured)
    profile, folder = profile or configured.profile, folder or configured.report
    earlier = read_record(Path(baseline)) if baseline is not None else None
    contracts = contracts_to_read(paths)
    order = Order(contracts, chosen, cases or PROFILES[profile], model or "", select, shard, timeout)
    named = profile if cases is None else f"{cases} cases"
    record = run_session(order, named, jobs or os.cpu_count() or 1, Path(folder), earlier, not no_teeth)
    file = leave_views(record, folder, formats)
    show(render(record, folder, width(), file))
    sys.exit(record["exit_code"])
