"""What a run shows while it runs: one line on standard error that is overwritten; nothing where that is no terminal."""

from __future__ import annotations

import shutil
import sys
import time
from typing import NamedTuple

import click

from harness.report.escaping import one_line
from harness.report.terminal_text import shorten
from harness.run.plan import Key, News, Plan
from harness.search.outcome import NOT_RUN, SURVIVED, Outcome

OFTEN = 0.1  # seconds between two lines: a terminal over a slow line is not to slow a run


class Current(NamedTuple):
    """A falsifier that is being tried."""

    since: float
    news: News


class Progress:
    """Falsifiers done, how many went against the subject, and what is being tried for longest."""

    def __init__(self) -> None:
        self.count = self.against = self.total = 0
        self.current: dict[Key, Current] = {}
        self.drawn = float("-inf")  # the clock may have begun a moment ago, with the machine
        self.shown = sys.stderr is not None and sys.stderr.isatty()

    def planned(self, plan: Plan) -> None:
        self.total = len(plan.tasks)
        self.draw()

    def begun(self, key: Key) -> None:
        self.current[key] = Current(time.monotonic(), News(0, 0.0))
        self.draw()

    def news(self, key: Key, news: News) -> None:
        self.current[key] = Current(self.current[key].since, news)
        self.draw(always=True)

    def ended(self, outcome: Outcome) -> None:
        self.count += 1
        self.against += outcome.verdict not in (SURVIVED, NOT_RUN)
        self.current.pop((outcome.contract, outcome.falsifier), None)
        if outcome.verdict not in (SURVIVED, NOT_RUN) and self.shown:  # bad news stays on the screen
            self.clear()
            news = one_line(f"{outcome.verdict.upper()} {outcome.falsifier}: {outcome.reason}")
            click.echo(shorten(news, width() - 1), err=True)
        self.draw()

    def say(self, text: str) -> None:
        """A line that stays, on standard error also where that is no terminal."""
        self.clear()
        click.echo(one_line(text), err=True)

    def show(self, text: str) -> None:
        """A line that the next one overwrites."""
        self._show(one_line(text)[: width() - 1])

    def clear(self) -> None:
        self._show("")

    def draw(self, always: bool = False) -> None:
        now = time.monotonic()
        if self.shown and (always or now - self.drawn >= OFTEN):
            self.drawn = now
            self._show(self.line(now)[: width() - 1])

    def line(self, now: float) -> str:
        """`12 of 76, 1 against; moe-router FALSIFY-MOE-ROUTER-001: 130 cases in 4 s, worst 0.31 of its bound`."""
        bad = f", {self.against} against" if self.against else ""
        told = f"{self.count} of {self.total}{bad}"
        if not self.current:
            return told
        (contract, falsifier), (since, news) = min(self.current.items(), key=lambda item: item[1].since)
        margin = f", worst {news.margin:.2g} of its bound" if news.margin else ""
        cases = f"{news.cases} cases" if news.cases else "starting"
        more = f" (+{len(self.current) - 1})" if len(self.current) > 1 else ""
        return f"{told}; {contract} {falsifier}: {cases} in {now - since:.0f} s{margin}{more}"

    def _show(self, text: str) -> None:
        if self.shown:
            click.echo(f"\r\x1b[K{text}", nl=False, err=True)


def width() -> int:
    """Columns to fill: those of the terminal, but from 80 to 100."""
    return max(80, min(100, shutil.get_terminal_size((100, 24)).columns))
