"""Markdown for a pull request or a step summary: bounded, and it says what it left out.

Nothing of a contract or a subject is read as Markdown, HTML, a mention, an issue number or a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from harness.report.argument import argument
from harness.report.console import effort, replay_command
from harness.report.escaping import clean, defused, one_line
from harness.report.headline import action, denominator, tally
from harness.report.ranking import Row, against, ranked
from harness.report.relations import identified
from harness.report.sharpness import sharpness
from harness.report.terminal_text import WIDTH, counted, shorten
from harness.search.outcome import SURVIVED, VERDICTS

MOST = 59_000  # characters; GitHub takes 65,536 and asks for fewer than that of what it shows in mails
ROOM = 2_000  # of them, kept for what comes after the details
ROWS = 40  # of the table
HELD = 10  # of them at most, survivors: those that would have missed the largest error
OPEN = 2  # arguments that are unfolded
EXAMPLE = 6_000  # characters of one argument
AS_ENTITY = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
SYNTAX = re.compile(r"[\\`*_\[\]<>&|~$]|^[#+\-=>]|(?<=\d)[.)](?=\s)")  # the last: a list begins `1. `
ACTIVE = re.compile(r"@(?=\w)|#(?=[\w\[])|:(?=//)|www(?=\.)|(?<!\w):(?=[\w+-])|GH(?=-\d)", re.IGNORECASE)
INLINE = re.compile(r"[\\`*_\[\]<>&|~$#@:!]")
HTML = re.compile(r"[<>&#]")
Record = Mapping[str, Any]


def render(record: Record, folder: str) -> str:
    """The text; `folder` is where the stored cases are."""
    record = clean(record)
    rows = ranked(record)
    head = [*_head(record), *_changes(record), *_table(rows), *_not_tested(record)]
    foot = _foot(record)
    room = MOST - ROOM - sum(len(line) + 1 for line in [*head, *foot])
    details, left = [], []
    for number, group in enumerate(against(rows)):
        told = list(_details(group, record, folder, " open" if number < OPEN else ""))
        size = sum(len(line) + 1 for line in told)
        if size <= room:
            room -= size
            details += told
        else:
            left += group
    if left:
        named = ", ".join(code(row.name) for row in left[:20]) + (", ..." if len(left) > 20 else "")
        details += [f"**Left out for lack of space:** details of {counted(len(left), 'falsifier')}: {named}. "
                    "The full report has them.", ""]  # fmt: skip
    return "\n".join([*head, *details, *foot]) + "\n"


def _head(record: Record) -> Iterator[str]:
    yield f"## {record['verdict'].upper()}: {markdown_text(action(record))}"
    yield ""
    part = record["shard"]
    which = f" Part {part['index']} of {part['of']}." if part else ""
    yield f"{code(record['subject']['name'])} against {denominator(record)}: **{tally(record)}**.{which}"
    yield ""


def _changes(record: Record) -> Iterator[str]:
    base = record["baseline"]
    if base is None:
        return
    counts = ", ".join(f"{len(base[name])} {name}" for name in ("new", "known", "changed", "fixed", "gone"))
    yield f"Since the last report ({code(base['subject'])}, {base['verdict']}): {counts}."
    for name in ("fixed", "gone"):
        if base[name]:
            named = ", ".join(code(f"{part['contract']}/{part['falsifier']}") for part in base[name][:ROWS])
            yield f"{name}: {named}{', ...' if len(base[name]) > ROWS else ''}."
    yield ""


def _table(rows: list[Row]) -> Iterator[str]:
    """Worst first; survivors by how large an error they would have missed."""
    yield "| verdict | falsifier | rule | cases | open | error refused from | worst error / bound |"
    yield "|---|---|---|--:|--:|--:|--:|"
    held = [row for row in rows if row.verdict == SURVIVED][:HELD]
    shown = [row for row in rows if row.verdict != SURVIVED][: ROWS - len(held)] + held
    for row in shown:
        line = row.line
        verdict = row.verdict if row.verdict == SURVIVED else f"**{row.verdict}**"
        status = f" ({line['status']})" if line["status"] else ""
        cases = f"all {line['cases']}" if line["exhausted"] else str(line["cases"])
        rule = markdown_text(shorten(one_line(line["rule"]), WIDTH))
        numbers = f"{cases} | {line['undecided'] or ''} | {sharpness(line)} | {_ratio(row)}"
        yield f"| {verdict}{status} | {code(row.id)} | {rule} | {numbers} |"
    yield ""
    names = {row.name for row in shown}
    rest = [row for row in rows if row.name not in names]
    if rest:
        counts = ((verdict, sum(row.verdict == verdict for row in rest)) for verdict in VERDICTS)
        told = ", ".join(f"{count} {verdict}" for verdict, count in counts if count)
        yield f"**Left out of this table:** {counted(len(rest), 'falsifier')} ({told}). The full report has them."
        yield ""


def _ratio(row: Row) -> str:
    """Error / bound: of the counterexample, else the worst that held; empty where nothing was measured."""
    if row.example is not None and row.example["evidence"]["bound"] is not None:
        exceeds = row.example["evidence"]["exceeds"]
        return "infinite" if exceeds is None else f"{exceeds:.2g}"
    return f"{row.line['margin']:.2g}" if row.line["margin"] else ""


def _details(group: list[Row], record: Record, folder: str, opened: str) -> Iterator[str]:
    row = group[0]
    line = row.line
    if len(group) > 1:
        names = ", ".join(code(each.id) for each in group[:ROWS]) + (", ..." if len(group) > ROWS else "")
        yield f"**{row.verdict}**, {counted(len(group), 'falsifier')}: {markdown_text(line['reason'])}: {names}"
        yield ""
        return
    yield f"<details{opened}><summary><b>{row.verdict}</b>: {code(row.id)} {html_text(line['rule'])}</summary>"
    yield ""
    told = [f"{line['place']}: {one_line(line['claim'])}"]
    if row.example is None:
        told.append(one_line(line["reason"]))
    else:
        told += [*argument(row.example, WIDTH), f"  {one_line(line['if_fails'])}"]
    yield preformatted(cut("\n".join(told), EXAMPLE))
    yield ""
    if row.example is not None:
        others = line["also_fails"]
        if others["count"]:
            named = ", ".join(code(identified(part, row.contract["id"])) for part in others["shown"])
            yield f"Also fails: {named}{', ...' if others['count'] > len(others['shown']) else ''}."
            yield ""
        yield f"Replay: {code(replay_command(row.contract['id'], line, record, folder))}"
        yield ""
    yield markdown_text(effort(line)) + "."
    yield ""
    yield "</details>"
    yield ""


def _not_tested(record: Record) -> Iterator[str]:
    yield "### Not tested"
    yield ""
    for part in record["not_tested"]:
        count = f" ({part['count']})" if part["count"] else ""
        shown = part["shown"][:8]
        named = ", ".join(code(shorten(one_line(name), WIDTH)) for name in shown)
        more = ", ..." if part["count"] > len(shown) and shown else ""
        what, why = markdown_text(part["what"]), markdown_text(part["why"])
        yield f"- **{what}**{count}: {why}{': ' if named else ''}{named}{more}"
    if not record["not_tested"]:
        yield "Nothing that this run knows of was left out. It is still a search, not a proof."
    yield ""


def _foot(record: Record) -> list[str]:
    made = record["provenance"]
    parts = [f"profile {markdown_text(record['profile'])}", f"harness {markdown_text(made['harness']['version'])}"]
    if made["subject"]["digest"]:
        parts.append(f"subject {code(made['subject']['digest'][:16])}")
    return [f"<sub>{', '.join(parts)}. Margins are errors as a share of their derived bounds.</sub>"]


def markdown_text(text: str) -> str:
    """A line or a cell that is shown as it is: nothing in it is syntax, a mention, a reference or a link."""
    escaped = SYNTAX.sub(lambda found: AS_ENTITY.get(found[0], f"\\{found[0]}"), one_line(text))
    # GitHub looks for mentions, issues, addresses and emoji in what Markdown leaves; an empty comment parts them.
    return ACTIVE.sub(lambda found: f"{found[0]}<!-- -->", escaped)


def code(text: str) -> str:
    """The same in the font of code. An element, not back-ticks: those cannot hold every text, nor a bar in a table."""
    return f"<code>{INLINE.sub(_entity, one_line(text))}</code>"


def html_text(text: str) -> str:
    """The same between HTML tags, where Markdown is not read but mentions, issues and addresses are."""
    return ACTIVE.sub(
        lambda found: f"{found[0]}<!-- -->", HTML.sub(lambda found: AS_ENTITY.get(found[0], "#"), one_line(text))
    )


def preformatted(text: str) -> str:
    """Several lines as they stand; within `pre` only HTML counts."""
    lines = "\n".join(map(defused, text.splitlines()))
    return f"<pre>{HTML.sub(_entity, lines)}</pre>"


def _entity(found: re.Match[str]) -> str:
    return AS_ENTITY.get(found[0]) or f"&#{ord(found[0])};"


def cut(text: str, most: int) -> str:
    """At most so many characters, and how many are missing."""
    return text if len(text) <= most else f"{text[:most]}\n... ({len(text) - most} more characters)"
