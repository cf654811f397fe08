"""A report against an earlier one: what is new, known, changed, fixed, and of what nothing is known any more."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from harness.report.record import Record, lines_of
from harness.search.outcome import NOT_RUN, SURVIVED

Line = Mapping[str, Any]
Key = tuple[str, str]


def compared(record: Record, earlier: Mapping[str, Any]) -> Record:
    """The record with `baseline` and every line's `status` filled in; the record given is left alone.

    What failed there and survives here is fixed; what was run there and not here is gone, never fixed.
    """
    before = {(contract, line["id"]): line for contract, line in lines_of(earlier)}
    statuses: dict[Key, str | None] = {}
    found: dict[str, list[str]] = {"new": [], "known": [], "changed": []}
    fixed = []
    for contract, line in lines_of(record):
        old = before.get((contract, line["id"]))
        status = _status(line, old)
        statuses[contract, line["id"]] = status
        if status == "fixed" and old is not None:
            fixed.append(_earlier(contract, old, ""))
        elif status is not None:
            found[status].append(line["fingerprint"])
    now = {(contract, line["id"]): line for contract, line in lines_of(record)}
    gone = [
        _earlier(*key[:1], old, "not run" if key in now else "not part of this run")
        for key, old in before.items()
        if old["verdict"] != NOT_RUN and (key not in now or now[key]["verdict"] == NOT_RUN)
    ]
    contracts = [
        {**contract, "falsifiers": [{**line, "status": statuses[contract["id"], line["id"]]}
                                    for line in contract["falsifiers"]]}
        for contract in record["contracts"]
    ]  # fmt: skip
    base = {
        "digest": content_digest(earlier), "subject": earlier["subject"]["name"], "profile": earlier["profile"],
        "verdict": earlier["verdict"], **found, "fixed": fixed, "gone": gone,
    }  # fmt: skip
    return {**record, "contracts": contracts, "baseline": base}


def content_digest(record: Mapping[str, Any]) -> str:
    """Of everything but `run` and what was compared with: the same for two runs of the same inputs."""
    own = {key: value for key, value in record.items() if key not in ("run", "baseline")}
    own["contracts"] = [
        {**contract, "falsifiers": [{**line, "status": None} for line in contract["falsifiers"]]}
        for contract in record["contracts"]
    ]
    text = json.dumps(own, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _status(line: Line, old: Line | None) -> str | None:
    if line["verdict"] == NOT_RUN:
        return None
    failed = old is not None and old["verdict"] not in (SURVIVED, NOT_RUN)
    if line["verdict"] == SURVIVED:
        return "fixed" if failed else None
    if not failed or old is None:
        return "new"
    return "known" if old["fingerprint"] == line["fingerprint"] else "changed"


def _earlier(contract: str, line: Line, why: str) -> dict[str, str]:
    return {"contract": contract, "falsifier": line["id"], "rule": line["rule"], "fingerprint": line["fingerprint"],
            "verdict": line["verdict"], "why": why}  # fmt: skip
