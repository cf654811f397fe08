"""SARIF 2.1.0 for code scanning: a rule per falsifier, a result per verdict against, at the claim's place.

What could not be completed is no result but a notification, and makes the invocation unsuccessful.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from harness.report.argument import argument
from harness.report.console import effort, replay_command
from harness.report.escaping import clean, one_line
from harness.report.headline import headline
from harness.report.ranking import Row, against, parse_place, ranked
from harness.report.terminal_text import counted
from harness.search.outcome import ERROR, FALSIFIED, NOT_RUN, UNDECIDED, VACUOUS

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
UNWRAPPED = 1_000_000  # columns
# "open" is SARIF's word for what the tool could not decide; its level must then be "none".
SHOWN_AS = {
    FALSIFIED: {"kind": "fail", "level": "error"},
    VACUOUS: {"kind": "fail", "level": "warning"},
    UNDECIDED: {"kind": "open", "level": "none"},
}
STATES = {"new": "new", "known": "unchanged", "changed": "updated"}
Record = Mapping[str, Any]


def render(record: Record, folder: str) -> str:
    """The log file; `folder` is where the stored cases are."""
    record = clean(record)
    rows = ranked(record)
    rules = [row for row in rows if row.verdict in SHOWN_AS]
    results = [_result(row, index, record, folder) for index, row in enumerate(rules)]
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver(record, rules)},
                "invocations": [_invocation(record, rows)],
                "columnKind": "unicodeCodePoints",
                "results": results + [_fixed(part) for part in (record["baseline"] or {}).get("fixed", ())],
                "properties": {"verdict": record["verdict"], "counts": record["counts"], "headline": headline(record)},
            }
        ],
    }
    # as JSON `\u0023` is `#`: a log's reader takes `##[` for a command
    return json.dumps(log, indent=1, ensure_ascii=False, allow_nan=False).replace("##[", "\\u0023#[") + "\n"


def _driver(record: Record, rows: list[Row]) -> dict[str, Any]:
    return {
        "name": "contract-harness",
        "version": record["provenance"]["harness"]["version"] or "unknown",
        "rules": [_rule(row) for row in rows],
    }


def _rule(row: Row) -> dict[str, Any]:
    contract, line = row.contract, row.line
    return {
        "id": row.name,
        "shortDescription": {"text": one_line(line["rule"]) or row.id},
        "fullDescription": {"text": f"The contract claims: {one_line(line['claim'])}"},
        "help": {"text": one_line(line["if_fails"]) or "See the contract."},
        "properties": {
            "contract": contract["id"],
            "version": contract["version"],
            "digest": contract["digest"],
            "discharges": line["discharges"],
        },
    }


def _result(row: Row, index: int, record: Record, folder: str) -> dict[str, Any]:
    found = {
        "ruleId": row.name,
        "ruleIndex": index,
        **SHOWN_AS[row.verdict],
        "message": {"text": message("\n".join(_told(row, record, folder)))},
        "locations": [location(row.line["place"])],
        "partialFingerprints": {"contractHarness/v2": row.fingerprint},
        "properties": {"verdict": row.verdict, "cases": row.line["cases"], "subject": record["subject"]["name"]},
    }
    state = STATES.get(row.line["status"] or "")
    return {**found, "baselineState": state} if state else found


def _told(row: Row, record: Record, folder: str) -> Iterator[str]:
    line = row.line
    yield f"{row.verdict}: {one_line(line['rule'])}: {one_line(line['reason'])}"
    if row.example is not None:
        yield from argument(row.example, UNWRAPPED)
        yield one_line(line["if_fails"])
        yield f"replay: {replay_command(row.contract['id'], line, record, folder)}"
    yield effort(line)


def _fixed(earlier: Record) -> dict[str, Any]:
    """What failed in the baseline and survives now: SARIF calls such a result absent."""
    return {
        "ruleId": f"{earlier['contract']}/{earlier['falsifier']}",
        "message": {"text": message(f"fixed: {one_line(earlier['rule'])} ({earlier['verdict']} before)")},
        "partialFingerprints": {"contractHarness/v2": earlier["fingerprint"]},
        "baselineState": "absent",
    }


def _invocation(record: Record, rows: list[Row]) -> dict[str, Any]:
    notes = [_note(group) for group in against(rows) if group[0].verdict in {ERROR, NOT_RUN}]
    notes += [
        {"level": "error", "message": {"text": message(f"the subject claims {claim!r}, which is not a contract here")}}
        for claim in record["unknown_claims"]
    ]
    return {
        "executionSuccessful": record["exit_code"] != 2,
        "exitCode": record["exit_code"],
        "toolExecutionNotifications": notes,
    }


def _note(group: list[Row]) -> dict[str, Any]:
    first = group[0]
    names = ", ".join(row.name for row in group)
    text = f"{first.verdict}: {counted(len(group), 'falsifier')}: {one_line(first.line['reason'])} ({names})"
    places = dict.fromkeys(row.line["place"] for row in group)
    return {"level": "error", "message": {"text": message(text)}, "locations": [location(place) for place in places]}


def location(place: str) -> dict[str, Any]:
    """A claim's `file:line:column` as a physical location."""
    where = parse_place(place)
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(where.path)},
            "region": {"startLine": where.line, "startColumn": where.column},
        }
    }


def _uri(path: str) -> str:
    """Relative paths stay so: a viewer reads them from the checkout."""
    posix = PurePosixPath(path.replace("\\", "/"))
    quoted = quote(str(posix), safe="/")
    return f"file://{quoted}" if posix.is_absolute() else quoted


def message(text: str) -> str:
    """SARIF reads `{0}` as a placeholder and `[text](1)` as a link: here neither is meant."""
    return text.replace("{", "{{").replace("}", "}}").replace("](", "] (")
