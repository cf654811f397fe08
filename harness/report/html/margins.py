"""Plot: how near its bound every numeric falsifier came, on a logarithmic axis; what broke it stands beyond."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.report.html.scale import LogScale, covering
from harness.report.ranking import Row
from harness.report.terminal_text import counted
from harness.search.outcome import FALSIFIED, SURVIVED

MOST = 120  # rows; the farther ones are counted
NEAR = 0.5  # of the bound: coloured, because little more would be too much


@dataclass(frozen=True)
class Mark:
    """One falsifier: where it stands, and the value in words."""

    row: Row
    percent: float
    summary: str
    kind: str  # in, near, out


@dataclass(frozen=True)
class Margins:
    """Marks in order, the axis, and the text that says what the plot shows."""

    marks: tuple[Mark, ...]
    scale: LogScale
    bound: float
    summary: str
    left: int
    exact: int


def margins(rows: Sequence[Row]) -> Margins:
    """Those beyond the bound first, then the nearest."""
    measured = [(row, _ratio(row)) for row in rows]
    shown = [(row, ratio) for row, ratio in measured if ratio != 0.0]
    shown.sort(key=lambda pair: -1e300 if pair[1] is None else -pair[1])
    scale = covering([ratio for _, ratio in shown], least=1)
    marks = tuple(
        Mark(row, scale.percent(ratio), _ratio_text(ratio), "out" if ratio is None or ratio > 1 else _within(ratio))
        for row, ratio in shown[:MOST]
    )
    exact = sum(row.verdict == SURVIVED and not row.line["margin"] for row in rows)
    return Margins(marks, scale, scale.percent(1.0), _summary(shown), max(0, len(shown) - MOST), exact)


def _ratio(row: Row) -> float | None:
    """Error / bound: of the counterexample where it has one, else the worst that held; 0: none."""
    if row.verdict == FALSIFIED and row.example is not None and row.example["evidence"]["bound"] is not None:
        found: float | None = row.example["evidence"]["exceeds"]
        return found
    return float(row.line["margin"]) if row.verdict == SURVIVED else 0.0


def _is_out(ratio: float | None) -> bool:
    return ratio is None or ratio > 1


def _within(ratio: float) -> str:
    return "near" if ratio > NEAR else "in"


def _ratio_text(ratio: float | None) -> str:
    return "beyond any bound" if ratio is None else f"{ratio:.2g}"


def _summary(shown: Sequence[tuple[Row, float | None]]) -> str:
    out = sum(_is_out(ratio) for _, ratio in shown)
    held = [(ratio, row) for row, ratio in shown if ratio is not None and ratio <= 1]
    summary = [f"{counted(out, 'falsifier')} beyond the bound"]
    if held:
        nearest, row = max(held, key=lambda pair: pair[0])
        summary.append(f"{len(held)} within it, the nearest at {nearest:.2g} of it ({row.id})")
    return ", ".join(summary) + "."
