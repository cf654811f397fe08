"""Annotations of GitHub Actions at the claims: workflow commands, one per line on standard output."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from harness.report.argument import difference
from harness.report.escaping import clean, one_line
from harness.report.headline import headline
from harness.report.ranking import Row, against, ranked
from harness.report.terminal_text import counted
from harness.search.outcome import ERROR, FALSIFIED, NOT_RUN

MOST = 10  # of each level that GitHub shows for one step; the tenth tells how many more there are
UNWRAPPED = 1_000_000  # columns
LEVELS = {FALSIFIED: "error", ERROR: "error", NOT_RUN: "error"}  # others: warning
Record = Mapping[str, Any]


def render(record: Record) -> str:
    """One command per line, worst first; the last one is the verdict."""
    return "\n".join(_commands(clean(record))) + "\n"


def _commands(record: Record) -> Iterator[str]:
    shown: dict[str, list[str]] = {"error": [], "warning": []}
    for group in against(ranked(record)):
        level = LEVELS.get(group[0].verdict, "warning")
        shown[level].append(_annotation(level, group))
    for level, commands in shown.items():
        if len(commands) <= MOST:
            yield from commands
        else:
            yield from commands[: MOST - 1]
            left = len(commands) - MOST + 1
            yield command(level, f"{left} more like these: see the report of the run", title="not shown here")
    for claim in record["unknown_claims"]:
        yield command("error", f"the subject claims {claim!r}, which is not a contract here", title="not run")
    yield command("notice", headline(record), title="contract-harness")


def _annotation(level: str, group: list[Row]) -> str:
    row = group[0]
    line, place = row.line, row.place
    told = [one_line(line["rule"]), one_line(line["reason"])]
    if len(group) > 1:
        told = [f"{counted(len(group), 'falsifier')}: {told[1]}", ", ".join(each.id for each in group)]
    elif row.example is not None:
        told = [told[0], *(one_line(part) for part in difference(row.example["evidence"], UNWRAPPED))]
        told.append(one_line(line["if_fails"]))
    title = f"{row.verdict}: {row.id}" if len(group) == 1 else row.verdict
    return command(level, "\n".join(told), file=place.path, line=place.line, col=place.column, title=title)


def command(name: str, text: str, **properties: str | int) -> str:
    """`::error file=...,line=...::text`, with everything escaped that the runner reads as something else."""
    named = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name} {named}::{_data(text)}"


def _data(text: str) -> str:
    """The percent sign first: it begins every escape."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
