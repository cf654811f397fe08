"""Whoever wants to know how a run goes on: its log, and the line that a person sees."""

from __future__ import annotations

from dataclasses import dataclass

from harness.run.plan import Key, Result
from harness.search.outcome import Outcome


@dataclass(frozen=True)
class News:
    """How far a search has come: cases, and the largest error as a share of its bound."""

    cases: int
    margin: float


class Watch:
    """Told of everything as it happens; does nothing. The methods are called in the process that leads the run."""

    def planned(self, result: Result) -> None:
        """What will be run is known; nothing has been run."""

    def begun(self, key: Key) -> None:
        """A process works on this falsifier now."""

    def news(self, key: Key, news: News) -> None:
        """A sign of life of a search, about once a second."""

    def ended(self, outcome: Outcome, total: int) -> None:
        """One of so many falsifiers is done."""


class Watches(Watch):
    """Several watches as one."""

    def __init__(self, *watches: Watch) -> None:
        self.watches = watches

    def planned(self, result: Result) -> None:
        for watch in self.watches:
            watch.planned(result)

    def begun(self, key: Key) -> None:
        for watch in self.watches:
            watch.begun(key)

    def news(self, key: Key, news: News) -> None:
        for watch in self.watches:
            watch.news(key, news)

    def ended(self, outcome: Outcome, total: int) -> None:
        for watch in self.watches:
            watch.ended(outcome, total)
