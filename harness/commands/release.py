"""The command `harness release`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date

import click

from harness.commands.options import own_contracts, paths_argument
from harness.commands.output import show


@click.command(epilog="Exit codes: 0 released, or released before; 1 the gate has a finding; 2 could not be completed.")
@paths_argument
def release(paths: Sequence[str]) -> None:
    """Freeze the declared versions of contracts, so that later edits are compared with them.

    Copies go to contracts/released/<id>/<version>.yaml, their digests to contracts/released/digests.json. A version
    that was released is never overwritten; releasing it again changes nothing.
    """
    from harness.gate.releases.freeze import freeze

    done, stopped = freeze(own_contracts(paths), date.today())
    if stopped:
        show([f"{problem.place}: {problem.message}; {problem.hint}" for problem in stopped])
        show([f"STOPPED  nothing was released; findings: {len(stopped)}. Run `harness gate` for details."])
        sys.exit(1)
    made = [frozen.release for frozen in done if frozen.now]
    show([f"released {release.id} {release.version}  {release.path}" for release in made])
    show([f"contracts: {len(done)}, released now: {len(made)}, released before: {len(done) - len(made)}."])
