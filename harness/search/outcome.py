"""What came out of one falsifier: a verdict with its evidence and its denominator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.contract.program import CoverProgram

SURVIVED, FALSIFIED, VACUOUS, UNDECIDED, NOT_RUN, ERROR = (
    "survived", "falsified", "vacuous", "undecided", "not run", "error",
)  # fmt: skip
VERDICTS = (ERROR, FALSIFIED, VACUOUS, UNDECIDED, NOT_RUN, SURVIVED)  # worst first
OPEN_SHARE = 0.2  # more undecided cases than this, of any kind, is a verdict of its own
SHARE_LEAST = 100  # a share that is promised is judged among at least so many cases
OPEN_LEAST = 20  # ... among at least so many cases of the kind


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
    situations: Counter[str] = field(default_factory=Counter)  # decided cases of each situation to be covered

    def count(self, case: Any) -> None:
        self.cases += 1
        for pair in case.kinds.items():
            self.kinds[pair] += 1
        for name, value in case.dimensions.items():
            self.dimensions.setdefault(name, Counter())[value] += 1

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
    the kill record (harness/teeth/verdict.py); None where no current record tells.
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
