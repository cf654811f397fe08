"""What came out of one falsifier: a verdict with its evidence and its denominator."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.program.model import CoverProgram
from harness.search.compared import Compared

SURVIVED, FALSIFIED, VACUOUS, UNDECIDED, NOT_RUN, ERROR = (
    "survived", "falsified", "vacuous", "undecided", "not run", "error",
)  # fmt: skip
VERDICTS = (ERROR, FALSIFIED, VACUOUS, UNDECIDED, NOT_RUN, SURVIVED)  # worst first
OPEN_SHARE = 0.2  # more undecided cases than this, of any kind, is a verdict of its own
SHARE_LEAST = 100  # a share that is promised is judged among at least so many cases
OPEN_LEAST = 20  # ... among at least so many cases of the kind
POINTS = 64  # of a series, at most


@dataclass
class Series:
    """The worst element's error and bound over the cases, in at most POINTS points.

    A point stands for `stride` successive cases and is the worst of them (the largest error / bound, the first of
    equal ones); when there are too many points, neighbours are joined and the stride doubles.
    """

    stride: int = 1
    points: list[tuple[int, float, float]] = field(default_factory=list)  # case, error, bound

    def add(self, case: int, error: float, bound: float) -> None:
        """Cases are numbered from 1 and come in that order."""
        self._put((case, error, bound))
        if len(self.points) > POINTS:
            points, self.points, self.stride = self.points, [], self.stride * 2
            for point in points:
                self._put(point)

    def _put(self, point: tuple[int, float, float]) -> None:
        last = self.points[-1] if self.points else None
        if last is None or (last[0] - 1) // self.stride != (point[0] - 1) // self.stride:
            self.points.append(point)
        elif share(*point[1:]) > share(*last[1:]):
            self.points[-1] = point


def identity(case: Any) -> bytes:
    """Short, and the same in every process: which recipe, in which row of the tables."""
    text = f"{case.recipe}\0{sorted(case.table.items())}"
    return hashlib.blake2b(text.encode(), digest_size=8).digest()


def share(error: float, bound: float) -> float:
    """An error as a share of its bound."""
    return 0.0 if error == 0 else error / bound if bound else float("inf")


@dataclass
class Tally:
    """Counts while a search runs; frozen at the first failure, before shrinking."""

    cases: int = 0
    discarded: int = 0
    undecided: int = 0
    executions: int = 0  # all trials, shrinking included
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    open_kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    doubts: Counter[str] = field(default_factory=Counter)
    dimensions: dict[str, Counter[int]] = field(default_factory=dict)
    judged: int = 0
    entries: int = 0
    margin: float = 0.0
    margin_case: str = ""
    margin_number: int = 0  # which case that was, counted from 1
    series: Series = field(default_factory=Series)
    recipes: set[bytes] = field(default_factory=set)  # of `identity`: how many cases were distinct
    situations: Counter[str] = field(default_factory=Counter)  # decided cases of each situation to be covered
    compared: Compared = field(default_factory=Compared)
    sampled: dict[str, tuple[int, int]] = field(default_factory=dict)  # rows judged of all, where there were most

    def count(self, case: Any) -> None:
        self.cases += 1
        self.recipes.add(identity(case))
        for pair in case.kinds.items():
            self.kinds[pair] += 1
        for name, value in case.dimensions.items():
            self.dimensions.setdefault(name, Counter())[value] += 1

    def sample(self, equation: str, rows: int, of: int) -> None:
        """Of an equation only some rows were judged in the case that was counted last."""
        if rows < of and of > self.sampled.get(equation, (0, 0))[1]:
            self.sampled[equation] = rows, of

    def measure(self, case: Any, judgement: Any) -> None:
        """How near its bound the case that was counted last came, and what its comparisons could have noticed."""
        if judgement.error is not None and judgement.bound is not None:
            self.series.add(self.cases, judgement.error, judgement.bound)
        if judgement.holds is not None:
            self.compared.add(judgement.comparisons, case.kinds)
            self.compared.bitwise |= judgement.bitwise
        if judgement.holds and judgement.ratio > self.margin:
            self.margin, self.margin_case, self.margin_number = judgement.ratio, case.recipe, self.cases

    def too_open(self, allowed: float) -> str:
        """The kind with too many undecided cases, or ""."""
        shares = {pair: self.open_kinds[pair] / count for pair, count in self.kinds.items() if count >= OPEN_LEAST}
        worst = max(shares, key=lambda pair: shares[pair], default=None)
        if worst is not None and shares[worst] > allowed:
            return f"{shares[worst]:.0%} of the cases with {worst[0]}: {worst[1]} are undecided (at most {allowed:.0%})"
        if self.cases and self.undecided / self.cases > allowed:
            return f"{self.undecided / self.cases:.0%} of the cases are undecided (at most {allowed:.0%})"
        return ""

    def uncovered(self, cover: Iterable[CoverProgram], exhausted: bool) -> str:
        """The situation that occurred too seldom, or "".

        Where every case there is was tried, how often it occurs is nobody's choice: once will do. Few cases say
        nothing of a share.
        """
        for part in cover:
            seen = self.situations[part.situation]
            if exhausted and not seen:
                return f"covers `{part.situation}` in none of the {self.cases} cases there are"
            if not exhausted and self.cases >= SHARE_LEAST and seen < part.least * self.cases:
                return f"covers `{part.situation}` in {seen / self.cases:.1%} of the cases, {part.least:.1%} promised"
        return ""


@dataclass(frozen=True)
class Outcome:
    """One line of a report. `counterexample`: the minimal case as data, with expected and got.

    `kills`: how many planted faults the falsifier kills (`count`), the first of them (`faults`), and `of` how many, by
    the kill record (harness/teeth/verdict.py); None where no current record tells. `cover`: the situations that had to
    occur.
    """

    contract: str
    falsifier: str
    verdict: str
    reason: str = ""
    tally: Tally = field(default_factory=Tally)
    wanted: int = 0
    exhausted: bool = False
    counterexample: Mapping[str, Any] | None = None
    seconds: float = 0.0
    kills: Mapping[str, Any] | None = None
    cover: tuple[CoverProgram, ...] = ()
