"""Where the processor time of `harness run` goes: drawing, building, calls, exact values, judging, cover.

    python benchmarks/run_cost.py [TEXT]     falsifiers whose contract or id contains TEXT; default: all

One process, the subject of this repository, 200 cases. A second of a call is a second of the subject, all
of its threads together; what none of the named phases took is `the rest` (imports, records, Python in between).
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

from harness.program.model import FalsifierProgram
from harness.run import work
from harness.run.allocation import keep_freed_memory
from harness.run.plan import Order
from harness.search import engine, recipe, trial
from harness.search.domain import domain_of
from harness.subjects import calls

PHASES = ("draw", "build", "call", "exact", "judge", "cover")


class Clock:
    """Seconds of the processor by phase; a phase inside another is not counted twice."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self.open: list[str] = ["the rest"]
        self.since = time.process_time()

    def turn(self) -> None:
        now = time.process_time()
        self.spent[self.open[-1]] += now - self.since
        self.since = now

    def around(self, phase: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **keywords: Any) -> Any:
            self.turn()
            self.open.append(phase)
            try:
                return function(*arguments, **keywords)
            finally:
                self.turn()
                self.open.pop()

        return timed


def watch(clock: Clock) -> None:
    """Put the clock around the functions of each phase."""
    places = {
        "draw": [(engine.Search, "_cases")], "the rest": [(engine.Search, "attempt")],
        "build": [(recipe.RecipeBook, "build")], "call": [(calls.Calls, "_execute")],
        "exact": [(trial.Trial, "value"), (trial.ClaimBindings, "value")],
        "judge": [(engine.Trial, "judge")], "cover": [(engine, "situations")],
    }  # fmt: skip
    situations = engine.situations
    engine.situations = lambda *arguments: list(situations(*arguments))  # a generator works where it is read
    for phase, owners in places.items():
        for owner, name in owners:
            setattr(owner, name, clock.around(phase, getattr(owner, name)))


def main() -> None:
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # as in the processes of a run
    keep_freed_memory()
    wanted = sys.argv[1].lower() if len(sys.argv) > 1 else ""
    clock, totals = Clock(), defaultdict[str, Counter[str]](Counter)
    watch(clock)
    order = Order(tuple(map(str, sorted(Path("contracts").glob("*-v*.yaml")))), "impl.subjects")
    print(f"{'CPU s':>30}" + "".join(f"{phase:>8}" for phase in (*PHASES, "rest")) + "   cases")
    for program in work._loaded(order)[0].values():
        domains: dict[str, list[FalsifierProgram]] = {}  # falsifiers of one domain run one after the other
        for falsifier in program.falsifiers:
            domains.setdefault(domain_of(program, falsifier), []).append(falsifier)
        for falsifier in chain.from_iterable(domains.values()):
            name = falsifier.source.id
            if wanted not in f"{program.id} {name}".lower():
                continue
            clock.turn()
            clock.spent = Counter()
            outcome = work.run_one(order, program.id, name)
            clock.turn()
            totals[program.id].update(clock.spent)
            show(name, clock.spent, f"{outcome.tally.cases:>8} {outcome.verdict if outcome.reason else ''}")
    for name, spent in totals.items():
        show(name, spent)
    show("all", sum(totals.values(), Counter()))


def show(name: str, spent: Counter[str], more: str = "") -> None:
    parts = "".join(f"{spent[phase]:8.2f}" for phase in (*PHASES, "the rest"))
    print(f"{name:22}{spent.total():8.2f}{parts}{more}", flush=True)


if __name__ == "__main__":
    main()
