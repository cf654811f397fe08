"""The page: a pure function of the record, through Jinja templates that escape everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from harness.report.console import effort, replay_command
from harness.report.escaping import clean, defused_markup, one_line
from harness.report.headline import MEANINGS, action, denominator, tally
from harness.report.html import figures
from harness.report.html.anchors import anchors
from harness.report.html.margins import Margins, margins
from harness.report.html.matrix import Matrix, matrices
from harness.report.html.series import Plot, plot
from harness.report.html.tried import Bar, by_contract, dimensions, kinds
from harness.report.ranking import Row, against, ranked
from harness.report.relations import identified
from harness.report.sharpness import admitted, sharpness, unjudged
from harness.report.terminal_text import counted, quoted_value
from harness.search.outcome import SURVIVED, VERDICTS

TEMPLATES = Path(__file__).with_name("templates")
FRONT = 10  # rows of the table on the first screen
OPEN = 6  # causes that are unfolded
MANY = 300  # falsifiers, of which little is told each
LARGEST = 690_000  # bytes; where plenty is more, less is told
Record = Mapping[str, Any]


@dataclass(frozen=True)
class Detail:
    """The detail shown: groups of what went wrong in full, and survivors with plots, the first of their order."""

    explained: int
    drawn: int


PLENTY, SOME, LITTLE = Detail(40, 40), Detail(30, 15), Detail(15, 0)


@dataclass(frozen=True)
class Page:
    """What the templates read."""

    record: Record
    folder: str
    detail: Detail

    @cached_property
    def rows(self) -> list[Row]:
        """Every falsifier, worst first."""
        return ranked(self.record)

    @cached_property
    def anchors(self) -> dict[str, str]:
        return anchors(row.name for row in self.rows)

    def anchor(self, row: Row) -> str:
        return self.anchors[row.name]

    @cached_property
    def groups(self) -> list[list[Row]]:
        """What did not survive; what has one cause is one group."""
        return against(self.rows)

    @cached_property
    def front(self) -> list[list[Row]]:
        """What the table of the first screen shows: what has one cause takes one line."""
        survivors = [[row] for row in self.rows if row.verdict == SURVIVED]
        return [*self.groups, *survivors][:FRONT]

    @cached_property
    def opened(self) -> frozenset[str]:
        """Those that are unfolded: the first of each cause, so that the screen shows different things."""
        causes: dict[tuple[str, str, str], str] = {}
        for row, *_ in self.groups:
            parts = row.line["diverges"] or {"at": "", "how": ""}
            causes.setdefault((row.contract["id"], parts["at"], parts["how"]), row.name)
        return frozenset(list(causes.values())[:OPEN])

    @cached_property
    def survivors(self) -> list[tuple[Record, list[Row]]]:
        """Survivors by contract, in the order of the record."""
        by_id: dict[str, list[Row]] = {}
        for row in self.rows:
            if row.verdict == SURVIVED:
                by_id.setdefault(row.contract["id"], []).append(row)
        return [(part, by_id[part["id"]]) for part in self.record["contracts"] if part["id"] in by_id]

    @cached_property
    def drawn(self) -> frozenset[str]:
        """Survivors whose plots are drawn."""
        return frozenset([row.name for row in self.rows if row.verdict == SURVIVED][: self.detail.drawn])

    @property
    def verdict(self) -> str:
        return str(self.record["verdict"])

    @property
    def action(self) -> str:
        return action(self.record)

    @property
    def against(self) -> str:
        return f"{denominator(self.record)}: {tally(self.record)}"

    @property
    def shares(self) -> list[tuple[str, int, float, float]]:
        """Verdicts with count, start and width of their part of the bar, worst first."""
        counts, total, start, parts = self.record["counts"], sum(self.record["counts"].values()), 0.0, []
        for verdict in VERDICTS:
            if counts.get(verdict):
                width = 100 * counts[verdict] / total
                parts.append((verdict, counts[verdict], round(start, 3), round(width, 3)))
                start += width
        return parts

    @property
    def margins(self) -> Margins:
        return margins(self.rows)

    @property
    def matrices(self) -> list[Matrix]:
        return matrices(self.rows)

    @property
    def by_contract(self) -> tuple[list[str], list[tuple[str, list[int]]], list[int]]:
        return by_contract(self.rows)

    def kinds(self, row: Row) -> list[Bar]:
        return kinds(row.line["tried"])

    def dimensions(self, row: Row) -> list[Bar]:
        return dimensions(row.line["tried"])

    def plot(self, row: Row) -> Plot | None:
        return plot(row.line["series"])

    def effort(self, row: Row) -> str:
        return effort(row.line)

    def replay(self, row: Row) -> str:
        return replay_command(row.contract["id"], row.line, self.record, self.folder)

    def diverging(self, row: Row) -> str:
        """The first step where subject and contract differ, if the record has it."""
        parts = row.line["diverges"]
        return str(parts["at"]) if parts else ""

    def verdict_counts(self, rows: Sequence[Row]) -> str:
        counts = Counter(row.verdict for row in rows)
        return ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS if counts[verdict])


def render(record: Record, folder: str) -> str:
    """The whole file; `folder` is where the stored cases are."""
    template, record, text = _template(), clean(record), ""
    for detail in (PLENTY, SOME, LITTLE):
        page = Page(record, folder, detail)
        if len(page.rows) > MANY and detail is not LITTLE:
            continue
        text = template.render(page=page)
        if len(text) < LARGEST:
            break
    return defused_markup(text)


@cache
def _template() -> Any:
    """Compiled once; Jinja is loaded when a page is asked for."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "short": figures.three_digits, "bytes": figures.byte_count, "shape": figures.shape, "day": figures.day,
        "beyond": figures.beyond, "line": one_line, "quoted": quoted_value,
    }  # fmt: skip
    environment.globals |= {
        "counted": counted, "meanings": MEANINGS, "sharpness": sharpness, "unjudged": unjudged, "admitted": admitted,
        "identified": identified,
    }  # fmt: skip
    return environment.get_template("page.html.j2")
