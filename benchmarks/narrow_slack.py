"""How sharp the bounds of narrow sums and of float64 are: narrow.py and double.py of tests/harness/language/soundness.

    python benchmarks/narrow_slack.py --cases 1000 --seed 0

prints, for every arithmetic, how many sums were computed, how many were outside their bound (there must be none), how
many were not judged, and the median and the largest error / bound; Markdown. It exits with 1 if any was outside, with
the recipe on stderr.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from harness.language.arithmetic import float64
from tests.harness.language.soundness import double, narrow
from tests.harness.language.soundness.narrow import Outcome


@dataclass
class Tally:
    """What was seen of one arithmetic, or of one equation in float64."""

    name: str
    sums: int = 0
    outside: int = 0
    unjudged: int = 0
    ratios: list[np.ndarray] = field(default_factory=list)

    def add(self, outcome: Outcome, recipe: object) -> None:
        outside = int(outcome.outside.sum())
        if outside and not self.outside:
            print(f"OUTSIDE {recipe}", file=sys.stderr)
        self.sums += outcome.value.size
        self.outside += outside
        self.unjudged += int((~outcome.judged).sum())
        self.ratios.append(outcome.ratios)

    @property
    def row(self) -> str:
        ratios = np.concatenate(self.ratios)
        slack = f"{np.median(ratios):.1g} | {ratios.max():.2g}" if ratios.size else "exact | exact"
        return f"| {self.name} | {self.sums:,} | {self.outside} | {self.unjudged / self.sums:.0%} | {slack} |"


def narrow_sums(cases: int, seed: int) -> Iterator[Tally]:
    """Every arithmetic, on as many recipes of 64 rows."""
    for name in narrow.ARITHMETICS:
        rng, tally = np.random.default_rng([seed, len(name)]), Tally(name)
        for _ in range(cases):
            recipe = narrow.recipe_of(rng, name, rows=64)
            tally.add(narrow.attack(recipe), recipe)
        yield tally


def in_double(cases: int, seed: int) -> Iterator[Tally]:
    """Every equation in float64, by kernels in float64 and in NumPy's longest format."""
    for text in double.EQUATIONS:
        tally = Tally(f"`{text}`")
        for case in range(cases // 4):
            form, ulps = double.FORMS[case % 3], 1 + case % 2
            tally.add(double.attack(text, seed + case, form, float64(exp_ulps=ulps)), (text, seed + case, form, ulps))
        yield tally


def table(what: str, tallies: Iterable[Tally]) -> tuple[int, int]:
    """Prints a table, and gives its sums and how many of them were outside."""
    print(f"| {what} | results | outside | not judged | median | largest |")
    print("|---|--:|--:|--:|--:|--:|")
    seen = list(tallies)
    for tally in seen:
        print(tally.row)
    print()
    return sum(tally.sums for tally in seen), sum(tally.outside for tally in seen)


def main() -> int:
    options = argparse.ArgumentParser(description="How sharp the bounds of narrow sums and of float64 are.")
    options.add_argument("--cases", type=int, default=1000, help="recipes for each arithmetic, of 64 rows (1000)")
    options.add_argument("--seed", type=int, default=0, help="where the search starts (0)")
    chosen = options.parse_args()
    found = [
        table("sums", narrow_sums(chosen.cases, chosen.seed)),
        table("float64", in_double(chosen.cases, chosen.seed)),
    ]
    results, outside = (sum(part) for part in zip(*found, strict=True))
    print(f"{results:,} results, {outside} outside.")
    return 1 if outside else 0


if __name__ == "__main__":
    sys.exit(main())
