"""Workflow commands that GitHub shows beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from harness.gate.views.record_text import (
    Data,
    all_problems,
    change_text,
    how_lines,
    parties,
    summary_line,
    unreadable_text,
)

_PLACE = 3  # file, line, column


def github(record: Data) -> list[str]:
    """An error for each finding, a warning or notice for each change where it stands now."""
    return [*_unreadable(record), *_problems(record), *_changes(record), summary_line(record)]


def _unreadable(record: Data) -> Iterator[str]:
    for part in record["unreadable"]:
        yield _command("error", _place(part["place"]), "could not be read", unreadable_text(part))


def _place(text: str | None) -> dict[str, str]:
    """`file:line:column`, or a file alone, or none."""
    parts = text.rsplit(":", 2) if text else []
    if len(parts) == _PLACE and parts[1].isdecimal() and parts[2].isdecimal():
        return dict(zip(("file", "line", "col"), parts, strict=True))
    return {"file": text} if text else {}


def _problems(record: Data) -> Iterator[str]:
    for problem in all_problems(record):
        place = _place(problem["place"])
        hint = f"; {problem['hint']}" if problem["hint"] else ""
        yield _command("error", place, problem["problem"], f"{problem['message']}{hint} (key: {problem['key']})")


def _changes(record: Data) -> Iterator[str]:
    for contract in record["contracts"]:
        for change in contract["since"]["changes"] if contract["since"] else ():
            if change["waiver"]:
                continue
            at = change["new_place"] or {"file": contract["path"], "line": 1, "column": 1}
            place = {"file": at["file"], "line": str(at["line"]), "col": str(at["column"])}
            level = "warning" if change["level"] == "major" and contract["problems"] else "notice"
            shown = f"; {change['evidence']['told']}" if change["evidence"] else ""
            broken = " ".join([f"; breaks {parties(change)}.", *how_lines(change)])
            todo = f" To do: {change['fix']}" if level == "warning" else ""
            title = f"{change['level']}: {change['kind']}"
            yield _command(level, place, title, f"{change_text(change)}{shown}{broken}{todo}")


def _command(level: str, place: dict[str, str], title: str, message: str) -> str:
    properties = {**place, "title": title}
    said = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{level} {said}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
