"""Markdown for a job summary or a comment."""

from __future__ import annotations

from collections.abc import Iterator

from harness.gate.views.record_text import (
    Data,
    change_message,
    how_lines,
    parties,
    place_text,
    summary_line,
    unreadable_text,
)


def markdown(record: Data) -> list[str]:
    """A table of contracts, a table of changes, and the findings."""
    return list(_lines(record))


def _lines(record: Data) -> Iterator[str]:
    yield "## Contract versions"
    yield ""
    yield _cell(summary_line(record))
    if record["unreadable"]:
        yield ""
        yield "### Could not be read"
        yield ""
        for part in record["unreadable"]:
            yield f"- {_code(part['place']) + ': ' if part['place'] else ''}{_cell(unreadable_text(part))}"
    shown = [contract for contract in record["contracts"] if contract["verdict"] != "unchanged"]
    if shown:
        yield ""
        yield "| contract | declared | base | needs | breaks | verdict |"
        yield "|---|---|---|---|---|---|"
        for contract in shown:
            base = contract["since"]
            since = f"{base['version']} ({_cell(base['base'])})" if base else "none"
            broken = parties(base) if base else "nobody"
            cells = (contract["id"], contract["declared"], since, contract["needed"], broken, contract["verdict"])
            yield f"| {' | '.join(cells)} |"
    for contract in shown:
        yield from _changes(contract)
    problems = [*(problem for contract in shown for problem in contract["problems"]), *record["problems"]]
    if problems:
        yield ""
        yield "### Findings"
        yield ""
        for problem in problems:
            hint = f" {_cell(problem['hint'])}." if problem["hint"] else ""
            yield f"- `{problem['place']}`: {_cell(problem['message'])}.{hint} Key: {_code(problem['key'])}"


def _changes(contract: Data) -> Iterator[str]:
    since = contract["since"]
    if not since or not since["changes"]:
        return
    yield ""
    yield f"### {contract['id']}, since {_cell(since['base'])}"
    yield ""
    yield "| level | kind | breaks | what | where | key |"
    yield "|---|---|---|---|---|---|"
    for change in since["changes"]:
        level = f"waived ({change['level']})" if change["waiver"] else change["level"]
        level += f", assurance {change['assurance']}" if change["assurance"] else ""
        place = place_text(change["new_place"]) or f"removed from {place_text(change['old_place'])}"
        shown = f"<br>{_cell(change['evidence']['told'])}" if change["evidence"] else ""
        stops = contract["problems"] and change["level"] == contract["needed"] and not change["waiver"]
        todo = f"<br>To do: {_cell(change['fix'])}" if stops and change["fix"] else ""
        how = "".join(f"<br>{_cell(line)}" for line in how_lines(change))
        what = f"{_code(change['path'])}: {_cell(change_message(change))}{shown}{how}{todo}"
        yield f"| {level} | {change['kind']} | {parties(change)} | {what} | {_code(place)} | {_code(change['key'])} |"


def _cell(text: str) -> str:
    """Text that stays inside its cell and means itself."""
    for character in "\\`*_[]<>|#":
        text = text.replace(character, f"\\{character}")
    return text.replace("\n", "<br>")


def _code(text: str) -> str:
    return "`" + text.replace("`", "'").replace("|", "\\|").replace("\n", " ") + "`"
