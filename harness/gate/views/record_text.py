"""Words that several views share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from harness.findings import worded
from harness.report.terminal_text import wrap

Data = Mapping[str, Any]
WIDTH = 80  # columns
_LONGEST = 240
_AROUND = 40  # of what old and new share, on each side of what differs


def contract_headline(contract: Data) -> str:
    """`moe-router 1.0.0 -> 1.0.1: needs major, raised by patch; breaks readers; stopped`."""
    since = contract["since"]
    declared = contract["declared"]
    if since is None:
        return f"{contract['id']} {declared}: {contract['verdict']}"
    if contract["verdict"] == "unchanged":
        return f"{contract['id']} {declared}: unchanged since {since['base']}"
    versions = declared if since["version"] == declared else f"{since['version']} -> {declared}"
    needs = "nothing" if contract["needed"] == "none" else contract["needed"]
    raised = f"needs {needs}, raised by {contract['raised']}"
    return f"{contract['id']} {versions}: {raised}; breaks {parties(since)}; {contract['verdict']}"


def parties(part: Data) -> str:
    """Whom a change breaks, or all that changed since a base."""
    return {"reader": "readers", "implementer": "implementers", "both": "readers and implementers"}.get(
        part["breaks"], "nobody"
    )


def how_lines(change: Data) -> list[str]:
    """What a change means to readers and to implementers, a line each; nothing where it breaks nobody."""
    return [f"{party.capitalize()}s: {text}" for party, text in change["how"].items()]


def place_text(place: Data | None) -> str:
    """file:line:column."""
    return "" if place is None else f"{place['file']}:{place['line']}:{place['column']}"


def change_places(change: Data) -> str:
    """Where a change stands, and where it stood."""
    new, old = place_text(change["new_place"]), place_text(change["old_place"])
    if new and old:
        return f"{new} (was {old})"
    return new or f"removed from {old}"


def change_text(change: Data) -> str:
    """What changed, in a text of bounded length."""
    return f"{change['path']}: {change_message(change)}"


def change_message(change: Data) -> str:
    """The message; where old and new are long, what both begin and end with is left out, so that the edit is seen."""
    message, old, new = change["message"], change["old"], change["new"]
    if len(message) > _LONGEST and old and new:
        head, tail = _shared(old, new)
        for value in (old, new):
            message = message.replace(value, _middle(value, head, tail), 1)
    return shorten_middle(message)


def _shared(old: str, new: str) -> tuple[int, int]:
    """How many characters are the same at the start, and behind those at the end."""
    most = min(len(old), len(new))
    head = next((i for i in range(most) if old[i] != new[i]), most)
    tail = next((i for i in range(most - head) if old[-1 - i] != new[-1 - i]), most - head)
    return head, tail


def _middle(value: str, head: int, tail: int) -> str:
    start, stop = max(0, head - _AROUND), min(len(value), len(value) - tail + _AROUND)
    return ("[...] " if start else "") + value[start:stop].strip() + (" [...]" if stop < len(value) else "")


def shorten_middle(text: str) -> str:
    """Both ends of a long text: what was and what is."""
    half = _LONGEST // 2
    return text if len(text) <= _LONGEST else f"{text[:half].rstrip()} [...] {text[-half:].strip()}"


def wrap_line(text: str, indent: int = 0, hanging: int | None = None) -> list[str]:
    """Lines of at most 80 columns where words allow it; keys and places are never broken."""
    return wrap(text, WIDTH, indent, hanging, break_words=False)


def summary_line(record: Data) -> str:
    """The last line: the verdict, its denominator, and what to do."""
    contracts = record["contracts"]
    stopped = sum(bool(contract["problems"]) for contract in contracts)
    unchanged = sum(contract["verdict"] == "unchanged" for contract in contracts)
    findings = sum(len(contract["problems"]) for contract in contracts) + len(record["problems"])
    counts = f"contracts: {len(contracts)}, unchanged: {unchanged}, stopped: {stopped}, findings: {findings}"
    unread = len(record["unreadable"])
    if unread:
        rest = "Mend what could not be read; only the rest was judged."
        return f"INCOMPLETE  {counts}, could not be read: {unread}. {rest}"
    if not findings:
        return f"PASSED  {counts}."
    return f"STOPPED  {counts}. Declare the versions named above, undo the changes, or waive findings by their keys."


def all_problems(record: Data) -> Iterator[Data]:
    """Those of contracts first, then those of releases and waivers."""
    for contract in record["contracts"]:
        yield from contract["problems"]
    yield from record["problems"]


def unreadable_text(part: Data) -> str:
    """What could not be read, without its place: `message; expected a, got b; what to do`."""
    return worded(part["message"], part["expected"], part["got"], part["hint"])
