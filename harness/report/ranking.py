"""Every falsifier of a record, worst first, and what several of them have in common told once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from harness.findings import Place
from harness.report.sharpness import bluntness
from harness.search.outcome import ERROR, NOT_RUN, SURVIVED, VERDICTS


@dataclass(frozen=True)
class Row:
    """One falsifier with the contract that it belongs to."""

    contract: Mapping[str, Any]
    line: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.line["id"])

    @property
    def verdict(self) -> str:
        return str(self.line["verdict"])

    @property
    def name(self) -> str:
        """The falsifier under its contract: unique in a record."""
        return f"{self.contract['id']}/{self.id}"

    @property
    def example(self) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = self.line["counterexample"]
        return found

    @property
    def place(self) -> Place:
        return parse_place(self.line["place"])

    @property
    def fingerprint(self) -> str:
        """What stays the same while the same thing is wrong, whatever its numbers."""
        return str(self.line["fingerprint"])


def ranked(record: Mapping[str, Any]) -> list[Row]:
    """Worst verdict first, then in the record's own order of them; survivors by how blunt they are.

    Those that would have missed the largest error come first; those that know no such error, by how near the bound
    they came.
    """
    rows = [Row(contract, line) for contract in record["contracts"] for line in contract["falsifiers"]]
    order = {fingerprint: index for index, fingerprint in enumerate(record["worst_first"])}

    def rank(row: Row) -> tuple[float, ...]:
        place = order.get(row.fingerprint, len(order))
        return VERDICTS.index(row.verdict), place, -bluntness(row.line), -row.line["margin"]

    return sorted(rows, key=rank)


def against(rows: Iterable[Row]) -> list[list[Row]]:
    """What did not survive, worst first; errors with one reason, and all that was not run for it, are one group."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row.verdict != SURVIVED:
            common = row.line["reason"] if row.verdict in {ERROR, NOT_RUN} and row.example is None else row.name
            groups.setdefault((row.verdict, common), []).append(row)
    return list(groups.values())


def parse_place(text: str) -> Place:
    """`file:line:column` apart; without numbers the whole text is the file."""
    path, *numbers = text.rsplit(":", 2)
    if len(numbers) == 2 and all(number.isascii() and number.isdigit() for number in numbers):
        return Place(path, max(1, int(numbers[0])), max(1, int(numbers[1])))
    return Place(text)
