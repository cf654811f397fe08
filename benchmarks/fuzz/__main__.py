"""Fuzz everything that is read from outside, for a number of CPU-minutes.

    python -m benchmarks.fuzz --minutes 60 --seed 1

Good inputs are damaged and read: a traceback, more than ten seconds or more than a gibibyte is a finding. Findings are
made as short as they go and written to build/fuzz/, with what was raised. Prints a table in Markdown; exit code 1
where there is a finding. A process that a reader kills is a finding, too: its input is left in current-*.
"""

from __future__ import annotations

import argparse
import sys
import time
from multiprocessing import get_context
from pathlib import Path
from queue import Empty

from benchmarks.fuzz.campaign import Tally, campaign
from benchmarks.fuzz.kinds import KINDS

FOLDER = Path("build/fuzz")
HEAD = "| inputs | tried | read | refused | findings | slowest, s |\n|---|--:|--:|--:|--:|--:|"


def _told(name: str, tally: Tally | None) -> str:
    if tally is None:
        return f"| {name} | | | | the process died: see current-{name}* | |"
    read = tally.inputs - tally.refused - sum(tally.found.values())
    return f"| {name} | {tally.inputs} | {read} | {tally.refused} | {len(tally.found)} | {tally.slowest:.2f} |"


def main() -> int:
    options = argparse.ArgumentParser(description="Fuzz everything that is read from outside.")
    options.add_argument("--minutes", type=float, default=60.0, help="of CPU time, all kinds together (60)")
    options.add_argument("--seed", type=int, default=int(time.time()), help="of the damages (the time)")
    options.add_argument("kinds", nargs="*", metavar="KIND", help=f"of {', '.join(KINDS)} (all)")
    chosen = options.parse_args()
    names = chosen.kinds or list(KINDS)
    FOLDER.mkdir(parents=True, exist_ok=True)
    print(f"seed {chosen.seed}, {chosen.minutes:g} CPU-minutes\n\n{HEAD}", flush=True)
    bad = False
    for name in names:
        context = get_context("spawn")
        answers = context.Queue()
        seconds = 60 * chosen.minutes / len(names)
        process = context.Process(target=campaign, args=(name, chosen.seed, seconds, FOLDER, answers))
        process.start()
        tally: Tally | None = None
        while tally is None and (process.is_alive() or not answers.empty()):
            try:
                tally = answers.get(timeout=1)
            except Empty:
                continue
        process.join()
        print(_told(name, tally), flush=True)
        for signature, count in (tally.found if tally else {}).items():
            print(f"    {count} x {signature}", flush=True)
        bad = bad or tally is None or bool(tally.found)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
