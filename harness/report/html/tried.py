"""Plot: what was tried. Kinds of each input as shares of a bar; values of each dimension as columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.report.ranking import Row


@dataclass(frozen=True)
class Part:
    """One kind, or one range of a dimension: how often, and its share of all or of the most frequent (percent)."""

    name: str
    cases: int
    share: float


@dataclass(frozen=True)
class Bar:
    """An input or a dimension with everything that was tried of it."""

    name: str
    parts: tuple[Part, ...]
    span: str = ""  # `1 to 256`: the least and the greatest value of a dimension

    @property
    def summary(self) -> str:
        """`normal 3, zeros 1`; kinds of quantised tensors by their block format."""
        formats: dict[str, list[str]] = {}
        for part in self.parts:
            head, _, kind = part.name.rpartition(" ")
            formats.setdefault(head, []).append(f"{kind} {part.cases}")
        return "; ".join(f"{head}: {', '.join(kinds)}" if head else ", ".join(kinds) for head, kinds in formats.items())

    @property
    def strokes(self) -> str:
        """The shares side by side with gaps, one stroke each along a line that is 100 long."""
        return "M0 4" + "m.6 0".join(f"h{max(0.2, part.share - 0.6):.3g}" for part in self.parts)

    @property
    def columns(self) -> str:
        """The shares upright, one stroke each, 10 apart and up to 100 high."""
        strokes = (f"M{10 * index + 5} 100V{100 - part.share:.0f}" for index, part in enumerate(self.parts))
        return "".join(strokes)


def kinds(tried: Mapping[str, Any]) -> list[Bar]:
    """Each input's kinds, the most frequent first."""
    return [Bar(name, tuple(_shares(counts.items()))) for name, counts in tried["kinds"].items() if counts]


def dimensions(tried: Mapping[str, Any]) -> list[Bar]:
    """Each dimension's values in ascending order."""
    return [Bar(name, tuple(_columns(ranges)), _span(ranges)) for name, ranges in tried["dimensions"].items() if ranges]


def by_contract(rows: Sequence[Row]) -> tuple[list[str], list[tuple[str, list[int]]], list[int]]:
    """Kinds down, contracts across: in how many cases an input of a contract was of a kind; last, the most of each."""
    totals: dict[str, dict[str, int]] = {}
    for row in rows:
        for counts in row.line["tried"]["kinds"].values():
            for kind, cases in counts.items():
                of = totals.setdefault(kind, {})
                of[row.contract["id"]] = of.get(row.contract["id"], 0) + cases
    contracts = sorted({name for of in totals.values() for name in of})
    table = [(kind, [of.get(name, 0) for name in contracts]) for kind, of in sorted(totals.items())]
    most = [max(counts[column] for _, counts in table) for column in range(len(contracts))]
    return contracts, table, most


def _shares(counts: Iterable[tuple[str, int]]) -> Iterable[Part]:
    ordered = sorted(counts, key=lambda item: (-item[1], item[0]))
    total = sum(cases for _, cases in ordered)
    for name, cases in ordered:
        yield Part(name, cases, 100 * cases / total)


def _columns(ranges: Sequence[Mapping[str, int]]) -> Iterable[Part]:
    most = max(part["cases"] for part in ranges)
    for part in sorted(ranges, key=lambda part: part["low"]):
        name = str(part["low"]) if part["low"] == part["high"] else f"{part['low']}-{part['high']}"
        yield Part(name, part["cases"], 100 * part["cases"] / most)


def _span(ranges: Sequence[Mapping[str, int]]) -> str:
    low, high = min(part["low"] for part in ranges), max(part["high"] for part in ranges)
    return str(low) if low == high else f"{low} to {high}"
