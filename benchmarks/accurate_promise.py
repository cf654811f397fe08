"""How far right kernels stay from what `accurate` without units promises, and what it finds.

    python benchmarks/accurate_promise.py --rows 64 --search 60 --seed 0

prints the tables of docs/bound.md ("What rounding errors probably add up to") in Markdown: kinds of terms and kernels
that were not used to choose the statistic; kinds for which the model fails; kernels that lose precision; a search for
terms and orders that leave the promise unseen; what it costs. Exits with 1 if a right kernel was refused.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from harness.language.arithmetic import float32
from harness.language.exact.probable import LAMBDA, promise
from harness.language.exact.region import Bounded, matvec
from tests.harness.language.soundness import dot_products as D
from tests.subjects.precision import RIGHT, WRONG

SOUND = float32()
MODEL = replace(SOUND, probable=True)
LENGTHS = (2048, 16384)
CASES = 20  # of a kernel that loses precision
Floats = Any


@dataclass(frozen=True)
class Case:
    """A matrix and a vector, their product, what is promised of it, and which elements are left unjudged."""

    w: Floats
    x: Floats
    value: Floats
    promised: Floats
    seen: Floats

    def ratio(self, result: Floats) -> Floats:
        """The error as a share of what is promised."""
        with np.errstate(all="ignore"):
            error = np.abs(result.astype(np.float64) - self.value)
            return np.where(error == 0, 0.0, error / self.promised)


def case_of(w: Floats, x: Floats, arithmetic: Any = MODEL) -> Case:
    """The product by the rules of the language."""
    with np.errstate(all="ignore"):
        value = matvec(Bounded(w, arithmetic), Bounded(x, arithmetic))
        promised, seen = promise(value) if arithmetic.probable else (value.bound(), np.False_)
    return Case(w, x, value.v, promised, np.broadcast_to(seen, value.v.shape))


@dataclass
class Row:
    """One kind of terms: results of right kernels, and how many of them were refused, unseen or seen."""

    results: int = 0
    refused: int = 0
    would_be: int = 0
    unjudged: float = 0.0
    rms: float = 0.0
    largest: float = 0.0
    order: str = ""


def measured(draw: D.Draw, rng: np.random.Generator, rows: int, n: int) -> Row:
    """All kernels on one kind."""
    case = case_of(*D.drawn(draw, rng, rows, n))
    row = Row(unjudged=float(case.seen.mean()))
    for name, result in D.kernels(case.w, case.x):
        ratio = case.ratio(result)
        row.results += ratio.size
        row.would_be += int((ratio > 1).sum())
        row.refused += int(((ratio > 1) & ~case.seen).sum())
        row.largest = max(row.largest, float(ratio[~case.seen].max(initial=0.0)))
        rms = float(np.sqrt((ratio**2).mean()))
        if rms > row.rms:
            row.rms, row.order = rms, name
    return row


def print_kinds(kinds: dict[str, D.Draw], rows: int, seed: int) -> tuple[int, int]:
    """A row per kind; how many results there were, and how many were refused."""
    print("| kind | worst order | rms, its errors | largest error judged | not judged | refused, were all judged |")
    print("|---|---|--:|--:|--:|--:|")
    results = refused = 0
    for number, (name, draw) in enumerate(kinds.items()):
        found = [measured(draw, np.random.default_rng([seed, number, n]), rows, n) for n in LENGTHS]
        results += sum(row.results for row in found)
        refused += sum(row.refused for row in found)
        worst = max(found, key=lambda row: row.rms)
        cells = [
            " / ".join(f"{LAMBDA * row.rms:.2f}" for row in found),
            " / ".join(f"{LAMBDA * row.largest:.1f}" for row in found),
            " / ".join(f"{row.unjudged:.0%}" for row in found),
            " / ".join(str(row.would_be) for row in found),
        ]
        print(f"| {name} | {worst.order} | {' | '.join(cells)} |")
    print(f"\n{results:,} results, {refused} refused.\n")
    return results, refused


def print_losses(seed: int, rows: int = 64, n: int = 2048) -> int:
    """Kernels on normal operands: in how many cases each is refused; how many right ones are."""
    print(f"| kernel, n = {n}, {rows} rows | `close` | `accurate` | accurate: largest error / promise |")
    print("|---|--:|--:|--:|")
    refused = 0
    for name, kernel in {**RIGHT, **WRONG}.items():
        rng = np.random.default_rng(seed)
        sound = sharp = 0
        worst = 0.0
        for _ in range(CASES):
            w, x = rng.standard_normal((rows, n)).astype(D.F), rng.standard_normal(n).astype(D.F)
            result, case = kernel(w, x), case_of(w, x)
            ratio = case.ratio(result)[~case.seen]
            sound += bool((case_of(w, x, SOUND).ratio(result) > 1).any())
            sharp += bool((ratio > 1).any())
            worst = max(worst, float(ratio.max(initial=0.0)))
        print(f"| {name} | {sound} of {CASES} | {sharp} of {CASES} | {worst:.2g} |")
        refused += sharp if name in RIGHT else 0
    print()
    return refused


# --- a search for terms and orders ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Recipe:
    """Terms as a sum of waves with an edge, of few levels or of many; an order as columns, parts, lanes, blocks."""

    waves: tuple[tuple[float, float, float], ...]  # height, period, share of the period
    edge: tuple[float, float, float]  # height, place, width in sqrt(n)
    noise: float
    levels: int  # 0: as they are
    columns: int
    parts: int
    lanes: int
    block: int

    def terms(self, rng: np.random.Generator, rows: int, n: int) -> Floats:
        i = np.arange(n)
        height, place, width = self.edge
        far = (i - place * n) / (width * n**0.5)
        terms = height * (np.where((far >= -1) & (far < 0), 1.0, 0.0) - np.where((far >= 0) & (far < 1), 1.0, 0.0))
        for high, period, share in self.waves:
            terms = terms + high * np.where(i % period < share * period, 1 - share, -share)
        terms = terms + self.noise * rng.standard_normal((rows, n))
        if self.levels:
            terms = np.rint(terms * self.levels) / self.levels * rng.uniform(0.5, 1, (rows, 1))
        return terms.astype(D.F)

    def total(self, p: Floats) -> Floats:
        ordered = np.concatenate([p[:, at :: self.columns] for at in range(self.columns)], 1)
        return D.split(ordered, self.parts, lambda part: D.lanes(part, self.lanes, lambda q: D.blocks(q, self.block)))


def changed(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    """A neighbour of it: one thing is another."""
    fresh = drawn_recipe(rng)
    name = str(rng.choice(list(Recipe.__dataclass_fields__)))
    if name == "waves" and rng.random() < 0.7:
        waves = [tuple(value * float(rng.uniform(0.8, 1.25)) for value in wave) for wave in recipe.waves]
        return replace(recipe, waves=tuple((high, period, min(share, 0.95)) for high, period, share in waves))
    return replace(recipe, **{name: getattr(fresh, name)})


def drawn_recipe(rng: np.random.Generator) -> Recipe:
    """Any."""
    waves = tuple(
        (float(rng.lognormal()), float(np.exp(rng.uniform(0.7, 7))), float(rng.uniform(0.05, 0.95)))
        for _ in range(rng.integers(0, 3))
    )
    edge = float(rng.choice([0.0, 1.0, 10.0])), float(rng.random()), float(rng.lognormal())
    return Recipe(
        waves, edge, float(10 ** rng.uniform(-5, 0.5)), int(rng.choice([0, 0, 1, 3, 10, 100])),
        int(rng.choice([1, 1, 1, 2, 3, 8])), int(rng.choice([1, 1, *range(2, 40)])),
        int(rng.choice([1, 1, *range(2, 130)])), int(rng.choice([1, 1, 1, 2, 4, 16, 32])),
    )  # fmt: skip


def search(seconds: float, seed: int, n: int = 4096, rows: int = 8) -> Iterator[tuple[float, Recipe]]:
    """Climbs from random recipes, for the largest error that is judged, as a share of the promise; the best of each."""
    rng, end = np.random.default_rng(seed), time.monotonic() + seconds
    while time.monotonic() < end:
        best, found = drawn_recipe(rng), 0.0
        for step in range(40):
            tried = changed(best, rng) if step else best
            case = case_of(tried.terms(rng, rows, n), np.ones(n, D.F))
            score = float(case.ratio(tried.total(case.w))[~case.seen].max(initial=0.0))
            if score >= found:
                best, found = tried, score
        yield found, best


def print_search(seconds: float, seed: int) -> int:
    """The largest that was found; how many climbs ended beyond the promise."""
    ends = sorted(search(seconds, seed), key=lambda end: -end[0])
    beyond = [end for end in ends if end[0] > 1]
    print(f"{len(ends)} climbs of 40 steps: largest error / promise {ends[0][0]:.2f}, {len(beyond)} beyond it.\n")
    for score, recipe in beyond or ends[:3]:
        print(f"    {score:.2f} {recipe}")
    print()
    return len(beyond)


def print_cost(seed: int, rows: int = 64) -> None:
    """Seconds of one claim, values included; the best of three."""
    print(f"| {rows} rows, n | `w @ x` in float64 | `close` | `accurate` | accurate / close |")
    print("|--:|--:|--:|--:|--:|")
    for n in LENGTHS:
        rng = np.random.default_rng(seed)
        w, x = rng.standard_normal((rows, n)).astype(D.F), rng.standard_normal(n).astype(D.F)
        product = min(_seconds(lambda w=w, x=x: (w.astype(np.float64) * x).sum(1)) for _ in range(3))
        sound, sharp = (min(_seconds(lambda w=w, x=x, ar=ar: case_of(w, x, ar)) for _ in range(3))
                        for ar in (SOUND, MODEL))  # fmt: skip
        cells = [f"{1000 * part:.1f} ms" for part in (product, sound, sharp)]
        print(f"| {n} | {' | '.join(cells)} | {sharp / sound:.1f} |")
    print()


def _seconds(call: Any) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def main() -> int:
    options = argparse.ArgumentParser(description="What `accurate` without units promises, measured.")
    options.add_argument("--rows", type=int, default=64, help="elements of each product (64)")
    options.add_argument("--search", type=float, default=60, help="seconds of the search for terms and orders (60)")
    options.add_argument("--seed", type=int, default=0, help="where everything starts (0)")
    chosen = options.parse_args()
    print(f"In units of u sqrt(W), of which {LAMBDA:.2f} are promised; n = 2048 / 16,384.\n")
    refused = print_kinds(D.HELD_OUT, chosen.rows, chosen.seed)[1]
    refused += print_kinds(D.FAILING, chosen.rows, chosen.seed)[1]
    refused += print_losses(chosen.seed)
    print_cost(chosen.seed)
    refused += print_search(chosen.search, chosen.seed) if chosen.search else 0
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
