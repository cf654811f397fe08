"""Text for people, in 80 columns: per contract the verdict, then what changed, greatest first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.gate.views.record_text import (
    Data,
    change_places,
    change_text,
    contract_headline,
    how_lines,
    parties,
    summary_line,
    unreadable_text,
    wrap_line,
)

_LEVELS = ("major", "minor", "patch")


def console(record: Data) -> list[str]:
    """The whole report; contracts about which there is nothing to say share one line."""
    return list(_lines(record))


def _lines(record: Data) -> Iterator[str]:
    for part in record["unreadable"]:
        place = f"{part['place']}: " if part["place"] else ""
        yield from wrap_line(f"{place}{unreadable_text(part)} [could not be read]", 0, 2)
    quiet = [contract for contract in record["contracts"] if contract["verdict"] == "unchanged"]
    for contract in sorted(record["contracts"], key=lambda part: (not part["problems"], part["id"])):
        if contract not in quiet:
            yield from _contract(contract)
    if quiet:
        ids = ", ".join(contract["id"] for contract in quiet[:12]) + (", ..." if len(quiet) > 12 else "")
        yield from wrap_line(f"unchanged: {len(quiet)} ({ids})", 0, 2)
    for problem in record["problems"]:
        yield from _problem(problem)
    for problem in record["waived"]:
        waiver = problem["waiver"]
        yield from wrap_line(f"waived until {waiver['expires']}: {problem['key']} ({waiver['reason']})", 0, 2)
    yield from wrap_line(summary_line(record), 0, 2)


def _contract(contract: Data) -> Iterator[str]:
    yield from wrap_line(contract_headline(contract), 0, 2)
    if contract["note"]:
        yield from wrap_line(f"note: {contract['note']}", 2, 4)
    for problem in contract["problems"]:
        yield from _problem(problem, 2)
    since, also = contract["since"], contract["also"]
    if since and since["changes"]:
        yield f"  since {since['base']}, version {since['version']}:"
        yield from _changes(since["changes"], contract)
    if also is not None:
        new = also["changes"]
        yield f"  since {also['base']}, version {also['version']}: {_summary(new)}; breaks {parties(also)}"
        for change in _sorted(new):
            yield f"    {change['level']:5}  {change['kind']}  {change['path']}"


def _summary(changes: list[Any]) -> str:
    counts = [(level, sum(change["level"] == level for change in changes)) for level in _LEVELS]
    return ", ".join(f"{count} {level}" for level, count in counts if count) or "nothing"


def _sorted(changes: list[Any]) -> list[Any]:
    return sorted(changes, key=lambda change: _LEVELS.index(change["level"]))


def _changes(changes: list[Any], contract: Data) -> Iterator[str]:
    for change in _sorted(changes):
        assurance = f" [assurance {change['assurance']}]" if change["assurance"] else ""
        yield f"    {change['level']:5}  {change['kind']}: breaks {parties(change)}{assurance}"
        place, was, before = change_places(change).partition(" (was ")
        yield from _below(place)
        if was:
            yield from _below(f"was {before.rstrip(')')}")
        yield from _below(change_text(change))
        if change["waiver"]:
            yield from _below(f"waived until {change['waiver']['expires']}: {change['waiver']['reason']}")
            continue
        if change["evidence"]:
            first, *rest = change["evidence"]["told"].splitlines()
            counted_already = not change["evidence"]["cases"] or "cases" in first
            cases = "" if counted_already else f" ({change['evidence']['cases']} cases)"
            for line in (first + cases, *rest):
                yield from _below(line)
        for line in how_lines(change):
            yield from _below(line)
        if contract["problems"] and change["level"] == contract["needed"]:
            if change["why"] not in change["how"].values():
                yield from _below(change["why"])
            if change["fix"]:
                yield from _below(f"to do: {change['fix']}")
            yield f"{' ' * 11}key: {change['key']}"


def _below(text: str) -> list[str]:
    """Under the kind of a change."""
    return wrap_line(text, 11, 13)


def _problem(problem: Data, indent: int = 0) -> Iterator[str]:
    message = f"{problem['place']}: {problem['message']} [{problem['problem']}]"
    yield from wrap_line(message, indent, indent + 2)
    if problem["hint"]:
        yield from wrap_line(f"to do: {problem['hint']}", indent + 2, indent + 4)
    yield f"{' ' * indent}  key: {problem['key']}"  # in one line, whatever its length: it is copied
