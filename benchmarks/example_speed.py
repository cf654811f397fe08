"""Cases per second of every example, and of its falsifiers beside the same rules as plain Hypothesis tests.

    python benchmarks/example_speed.py [TEXT] [--rounds 5] [--cases 200]

The first right kernel of each example, in one process, one thread; every search draws its cases anew. A twin
(benchmarks/example_twins.py) runs in the same rounds, in an order drawn anew, for as many cases. Compared is the time
of the processor within a round; the median over the rounds and the quartiles of the ratio are printed. What
came out stands in docs/decisions.md. Exits with 1 if a kernel does not survive.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from hypothesis import HealthCheck, seed, settings

from benchmarks.example_twins import TWINS
from benchmarks.rounds import Spread, paired
from harness.program.model import FalsifierProgram, Program
from harness.search import engine
from harness.search.domain import Remembered
from harness.search.outcome import SURVIVED
from harness.subjects.subject import ModuleSubject
from tests.example_kernels import NAMES, kernels, program

ROUNDS, CASES = 5, 200


class NotSurvived(Exception):
    """A right kernel whose search ends otherwise: its time says nothing."""


@dataclass
class Pair:
    """A falsifier of an example and, if it has one, its twin; milliseconds of the processor per case, by round."""

    example: str
    falsifier: FalsifierProgram
    ours: list[float] = field(default_factory=list)
    twins: list[float] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.falsifier.source.id

    def search(self, cases: int) -> float:
        """Milliseconds per case of a search that draws its cases anew."""
        engine.STREAMS, kernel = Remembered(), kernels(self.example).RIGHT[0]
        search = engine.Search(
            self.program, self.falsifier, ModuleSubject(kernel.__name__, kernel()), cases, fixed=None
        )
        started = time.process_time()
        outcome = search.run()
        spent = time.process_time() - started
        if outcome.verdict != SURVIVED:
            raise NotSurvived(f"{self.name}: {kernel.__name__} {outcome.verdict}, {outcome.reason}")
        return spent * 1e3 / outcome.tally.cases

    def twin(self, cases: int, number: int) -> float:
        """Milliseconds per case of the plain test."""
        test = TWINS[self.name](kernels(self.example).RIGHT[0]())
        test = settings(
            max_examples=cases, database=None, deadline=None, suppress_health_check=list(HealthCheck)
        )(seed(number)(test))  # fmt: skip
        started = time.process_time()
        test()
        return (time.process_time() - started) * 1e3 / cases

    @property
    def program(self) -> Program:
        return program(self.example)


def measured(pairs: list[Pair], rounds: int, cases: int, tell: Callable[[str], None]) -> None:
    """Fill in the times of all pairs; a first round warms up and is not counted."""
    order = random.Random(0)
    for number in range(rounds + 1):
        tell(f"round {number} of {rounds}")
        for pair in pairs:
            count = cases if number else min(cases, 20)
            both = [True, False] if pair.name in TWINS else [True]
            for ours in order.sample(both, len(both)):
                spent = pair.search(count) if ours else pair.twin(count, number)
                if number:
                    (pair.ours if ours else pair.twins).append(spent)


def table(pairs: list[Pair]) -> list[str]:
    """The times as a table in Markdown."""
    lines = ["| falsifier | cases per second | ms per case | twin, ms | times the twin |", "|---|---:|---:|---:|---:|"]
    for pair in pairs:
        ours = Spread.of(pair.ours)
        row = f"| {pair.name.removeprefix('FALSIFY-')} | {1e3 / ours.median:.0f} | {ours.median:.2f} |"
        if pair.twins:
            ratio = paired(pair.ours, pair.twins)
            row += f" {Spread.of(pair.twins).median:.2f} | {ratio.median:.2f} ({ratio.q1:.2f} to {ratio.q3:.2f}) |"
        else:
            row += " | |"
        lines.append(row)
    return lines


def whole(text: str) -> int:
    """A whole number from 1 on."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, got {text!r}")
    return int(text)


def main() -> int:
    options = argparse.ArgumentParser(description="Cases per second of the examples, beside plain Hypothesis tests.")
    options.add_argument("text", nargs="?", default="", help="falsifiers whose id contains it (default: all)")
    options.add_argument("--rounds", type=whole, default=ROUNDS, help=f"measurements of each ({ROUNDS})")
    options.add_argument("--cases", type=whole, default=CASES, help=f"cases of each search ({CASES})")
    chosen = options.parse_args()
    warnings.simplefilter("ignore")
    found = [
        Pair(name, part) for name in NAMES for part in program(name).falsifiers if chosen.text.upper() in part.source.id
    ]
    if not found:
        options.error(f"no falsifier of an example has {chosen.text!r} in its id")
    try:
        measured(found, chosen.rounds, chosen.cases, lambda line: print(line, file=sys.stderr))
    except NotSurvived as wrong:
        print(wrong, file=sys.stderr)
        return 1
    print("\n".join(table(found)))
    ratios = sorted(paired(pair.ours, pair.twins).median for pair in found if pair.twins)
    if ratios:
        print(f"\ntimes the twin: {ratios[0]:.2f} to {ratios[-1]:.2f}, median {ratios[len(ratios) // 2]:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
