"""Plot: the fault matrix. Which falsifier kills which planted fault, contract by contract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.report.ranking import Row

MOST = 40  # faults across; the rest are counted


@dataclass(frozen=True)
class Matrix:
    """One contract: falsifiers down, faults across; with each row its hits, and how many mutants it kills besides."""

    contract: str
    faults: tuple[str, ...]
    rows: tuple[tuple[Row, tuple[bool, ...], int], ...]
    idle: tuple[str, ...]  # falsifiers that kill none
    left: int


def matrices(rows: Sequence[Row]) -> list[Matrix]:
    """Of the contracts whose record says what their falsifiers kill."""
    contracts: dict[str, list[Row]] = {}
    for row in rows:
        if row.line.get("kills"):
            contracts.setdefault(row.contract["id"], []).append(row)
    return [_matrix(name, sorted(found, key=lambda row: row.id)) for name, found in sorted(contracts.items())]


def _matrix(contract: str, rows: list[Row]) -> Matrix:
    killers: dict[str, int] = {}
    for row in rows:
        for fault in row.line["kills"]["faults"]:
            killers[fault] = killers.get(fault, 0) + 1
    # faults that few falsifiers notice are the most interesting
    ordered = sorted(killers, key=lambda fault: (killers[fault], fault))
    shown = tuple(ordered[:MOST])
    cells = []
    for row in rows:
        kills = set(row.line["kills"]["faults"])
        if row.line["kills"]["count"]:
            uncounted = row.line["kills"]["count"] - len(kills)
            cells.append((row, tuple(fault in kills for fault in shown), uncounted))
    idle = tuple(row.id for row in rows if not row.line["kills"]["count"])
    return Matrix(contract, shown, tuple(cells), idle, len(ordered) - len(shown))
