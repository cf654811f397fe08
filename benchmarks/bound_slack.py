"""How sharp the error bounds are: the adversary of tests/harness/language/soundness at scale.

    python benchmarks/bound_slack.py --seconds 60 --seed 0

    python benchmarks/bound_slack.py --only cumsum flash --exp-ulps 1 2 4 --processes 2

prints the number of cases, of failures (there must be none) and, for each rule and kind of operand, the median and
the largest error / bound; then the bound relative to the values for normal data, 256 and 2048 long. Markdown.
With `--only` these are the rules with such a part in their names, one row for each of them.
"exact": every bound was zero, and met. "not judged": every bound was infinite.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.harness.language.soundness.adversary import Outcome, Recipe, attack
from tests.harness.language.soundness.emulate import ORDERS
from tests.harness.language.soundness.rules import RULES, Rule

FORMS_PER_CASE = 4
SHOWN_FAILURES = 10
FLUSHED = 0.25  # of the cases


@dataclass
class Tally:
    """What was seen of one rule on one kind of operand."""

    cases: int = 0
    failures: int = 0
    unjudged: int = 0  # no entry has a finite bound
    ratios: list[float] = field(default_factory=list)

    def add(self, outcome: Outcome) -> bool:
        failed = bool(outcome.outside.any())
        self.cases += 1
        self.failures += failed
        self.unjudged += not outcome.judged.any()
        if outcome.ratio == outcome.ratio:
            self.ratios.append(outcome.ratio)
        return failed

    def join(self, other: Tally) -> None:
        self.cases += other.cases
        self.failures += other.failures
        self.unjudged += other.unjudged
        self.ratios += other.ratios


Tallies = dict[tuple[str, str], Tally]


def recipes(rule: Rule, rng: np.random.Generator, exp_ulps: list[int]) -> list[Recipe]:
    """One case, computed in some of its forms."""
    kind, seed = str(rng.choice(rule.kinds)), int(rng.integers(2**31))
    flush, ulps = bool(rng.random() < FLUSHED), int(rng.choice(exp_ulps))
    forms = rng.choice(rule.forms, FORMS_PER_CASE)
    orders = rng.choice(ORDERS, FORMS_PER_CASE)
    return [
        Recipe(rule.name, kind, seed, str(form), str(order), bool(rng.integers(2)), flush, exp_ulps=ulps)
        for form, order in zip(forms, orders, strict=True)
    ]


def search(seconds: float, seed: int, only: list[str], exp_ulps: list[int]) -> Tallies:
    """All these rules in turn until the time is over."""
    rng = np.random.default_rng(seed)
    tallies: Tallies = defaultdict(Tally)
    shown, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        for rule in chosen(only):
            for recipe in recipes(rule, rng, exp_ulps):
                if tallies[rule.name, recipe.kind].add(attack(recipe)) and shown < SHOWN_FAILURES:
                    shown += 1
                    print(f"FAILED {recipe}", file=sys.stderr)
    return tallies


def chosen(only: list[str]) -> list[Rule]:
    return [rule for rule in RULES.values() if not only or any(part in rule.name for part in only)]


def search_in(processes: int, seconds: float, seed: int, only: list[str], exp_ulps: list[int]) -> Tallies:
    """The same in several processes, each from a seed of its own."""
    if processes == 1:
        return search(seconds, seed, only, exp_ulps)
    whole: Tallies = defaultdict(Tally)
    with multiprocessing.Pool(processes) as pool:
        asked = [(seconds, seed + 1000 * i, only, exp_ulps) for i in range(processes)]
        for tallies in pool.starmap(search, asked):
            for key, tally in tallies.items():
                whole[key].join(tally)
    return whole


def print_totals(tallies: Tallies) -> int:
    cases, failures, unjudged = (
        sum(getattr(tally, name) for tally in tallies.values()) for name in ("cases", "failures", "unjudged")
    )
    print(f"{cases:,} cases, {failures} failures; {unjudged:,} not judged (the bound is infinite).\n")
    return int(failures)


def print_rules(tallies: Tallies, only: list[str]) -> None:
    """A row for each rule, all kinds together."""
    print("| rule | declared | forms | kernels | not judged | median | largest |")
    print("|---|---|--:|--:|--:|--:|--:|")
    for rule in chosen(only):
        whole = Tally()
        for kind in rule.kinds:
            whole.join(tallies.get((rule.name, kind), Tally()))
        share = whole.unjudged / max(1, whole.cases)
        sizes = f"{np.median(whole.ratios):.2g} | {max(whole.ratios):.3g}" if whole.ratios else "exact | exact"
        declared = ", ".join(DECLARED.get(name, name) for name in rule.declared)
        print(f"| {rule.name} | {declared} | {len(rule.forms)} | {whole.cases:,} | {share:.0%} | {sizes} |")


def print_slack(tallies: Tallies) -> None:
    """A table per family of operands: rules down, kinds across, "median / largest" in each cell."""
    for kinds, rules in families():
        print(f"| rule | cases | not judged | {' | '.join(kinds)} |")
        print(f"|---|--:|--:|{'---|' * len(kinds)}")
        for rule in rules:
            row = {kind: tallies.get((rule.name, kind), Tally()) for kind in kinds}
            cases = sum(tally.cases for tally in row.values())
            share = sum(tally.unjudged for tally in row.values()) / max(1, cases)
            cells = [cell(row[kind]) for kind in kinds]
            print(f"| {' | '.join([rule.name, f'{cases:,}', f'{share:.0%}', *cells])} |")
        print()


def families() -> list[tuple[tuple[str, ...], list[Rule]]]:
    """Rules whose kinds are among those of another stand in its table."""
    found: list[tuple[tuple[str, ...], list[Rule]]] = []
    for rule in RULES.values():
        for kinds, rules in found:
            if set(rule.kinds) <= set(kinds):
                rules.append(rule)
                break
        else:
            found.append((rule.kinds, [rule]))
    return found


def cell(tally: Tally) -> str:
    if tally.ratios:
        return f"{np.median(tally.ratios):.1g} / {max(tally.ratios):.2g}"
    if not tally.cases:
        return ""
    return "not judged" if tally.unjudged == tally.cases else "exact"


def print_sharpness(seed: int, samples: int = 20) -> None:
    """Median of bound / rms(value), and error / bound, for normal operands of fixed lengths."""
    print("| rule | length | bound / rms | median error/bound | largest |")
    print("|---|--:|--:|--:|--:|")
    for rule in RULES.values():
        for length in rule.lengths:
            bounds, ratios = [], []
            for sample in range(samples):
                form, order = rule.forms[sample % len(rule.forms)], ORDERS[sample % len(ORDERS)]
                outcome = attack(Recipe(rule.name, "normal", seed + sample, form, order, False, False, length))
                rms = np.sqrt(np.mean(outcome.value**2))
                if rms > 0:
                    bounds.append(np.median(outcome.bound) / rms)
                    ratios.append(outcome.ratio)
            figures = [np.median(bounds), np.nanmedian(ratios), np.nanmax(ratios)]
            print(f"| {rule.name} | {length} | {' | '.join(f'{figure:.1e}' for figure in figures)} |")


DECLARED = {
    "online": "`softmax: online`", "folded": "`exp: exp2`", "merged": "`merge: lse`",
    "sigmoid_by_tanh": "`sigmoid: tanh`", "rounded_reduction": "`reduction: rounded`",
}  # fmt: skip


def main() -> int:
    options = argparse.ArgumentParser(description="How sharp the error bounds are.")
    options.add_argument("--seconds", type=float, default=60, help="how long to search (60)")
    options.add_argument("--seed", type=int, default=0, help="where the search starts (0)")
    options.add_argument("--only", nargs="+", default=[], metavar="PART", help="rules with such a part in their names")
    options.add_argument("--exp-ulps", nargs="+", type=int, default=[2], help="one of these for each case (2)")
    options.add_argument("--processes", type=int, default=1, help="how many search side by side (1)")
    given = options.parse_args()
    tallies = search_in(given.processes, given.seconds, given.seed, given.only, given.exp_ulps)
    failures = print_totals(tallies)
    if given.only:
        print_rules(tallies, given.only)
    else:
        print_slack(tallies)
        print_sharpness(given.seed)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
