"""Records of the first schema in the shape of the second: what they do not contain is left empty."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from harness.report.fingerprint import diverges, fingerprint
from harness.report.lines import bins, case_file
from harness.search.outcome import FALSIFIED, NOT_RUN, SURVIVED, VERDICTS

FIRST = "contract-harness/record/1"
SECOND = "contract-harness/record/2"
SHOWN = 20  # of what was not tested, as in the schema
NOBODY: Mapping[str, Any] = {"count": 0, "shown": []}

Record = Mapping[str, Any]


def upgrade(record: Record) -> Record:
    """A record of schema 1 as one of schema 2; others come back as they are."""
    if record["schema"] != FIRST:
        return record
    contracts = [
        {**contract, "falsifiers": [_line(contract["id"], line) for line in contract["falsifiers"]]}
        for contract in record["contracts"]
    ]
    bad = [line for contract in contracts for line in contract["falsifiers"] if line["verdict"] != SURVIVED]
    bad.sort(key=lambda line: VERDICTS.index(line["verdict"]))
    run = record["run"]
    return {
        **record,
        "schema": SECOND,
        "timeout": None,
        "shard": None,
        "interruption": "interrupted" if record["interrupted"] else "",
        "contracts": contracts,
        "teeth": {},
        "declined": [],
        "worst_first": [line["fingerprint"] for line in bad],
        "not_tested": list(_not_tested(record)),
        "baseline": None,
        "provenance": _provenance(record, run),
        "run": {
            **{name: run[name] for name in ("started", "seconds", "jobs", "falsifier_seconds")},
            "host": "", "folder": "", "parts": [],
        },
    }  # fmt: skip


def _line(contract: str, line: Record) -> dict[str, Any]:
    example = _example(line["counterexample"]) if line["counterexample"] else None
    parts = diverges(line["verdict"], line["reason"], example)
    tried = line["tried"]
    return {
        **line,
        "functions": [], "seed": "", "doubts": [], "cover": [], "kills": None, "series": [], "status": None,
        "fingerprint": fingerprint(contract, line["id"], parts),
        "diverges": parts,
        "distinct": 0,
        "margin_number": 0,
        "tried": {**tried, "dimensions": {name: _ranges(seen) for name, seen in tried["dimensions"].items()}},
        "also_fails": NOBODY,
        "stands": NOBODY,
        "case": case_file(contract, line["id"]) if example else None,
        "counterexample": example,
    }  # fmt: skip


def _ranges(seen: Mapping[str, int]) -> list[dict[str, int]]:
    return bins({int(value): cases for value, cases in seen.items()})


def _example(example: Record) -> dict[str, Any]:
    steps = [
        {
            "name": name,
            "text": "",
            "shape": [],
            "shown": shown,
            "at": None,
            "bound": None,
            "got": None,
            "verdict": "unseen",
        }
        for name, shown in example["steps"].items()
    ]
    inputs = {name: {"zero": False, **part} for name, part in example["inputs"].items()}
    error, exceeds = _distance(example["evidence"])
    evidence = {**example["evidence"], "error": error, "exceeds": exceeds, "equation": ""}
    return {
        **example,
        "subject": "",
        "inputs": inputs,
        "steps": steps,
        "stages": [],
        "blocks": [],
        "evidence": evidence,
    }


def _distance(evidence: Record) -> tuple[float | None, float | None]:
    """Error, and error / bound, from the nine digits that are shown."""
    if evidence["bound"] is None:
        return None, None
    try:
        error = abs(float(evidence["got"]) - float(evidence["expected"]))
    except ValueError:
        return None, None
    exceeds = error / evidence["bound"] if evidence["bound"] else math.inf
    return tuple(value if math.isfinite(value) else None for value in (error, exceeds))  # type: ignore[return-value]


def _not_tested(record: Record) -> Iterator[dict[str, Any]]:
    lines = [(contract["id"], line) for contract in record["contracts"] for line in contract["falsifiers"]]
    unrun = [f"{name}/{line['id']}: {line['reason']}" for name, line in lines if line["verdict"] == NOT_RUN]
    cases = [
        f"{name}/{line['id']}: {line['undecided']} of {line['cases']}" for name, line in lines if line["undecided"]
    ]
    unfit = [f"{part['contract']}/{part['falsifier']}: {part['reason']}" for part in record["not_applicable"]]
    partly = [f"{name}/{line['id']}" for name, line in lines if line["verdict"] == FALSIFIED]
    for what, why, names in (
        ("falsifiers that were not run", "they never came to a verdict in this run", unrun),
        ("claims of contracts that do not exist", "the subject claims them", record["unknown_claims"]),
        ("contracts that are not offered", "the subject does not claim them", record["not_offered"]),
        ("falsifiers that do not apply", "they say nothing about a model's own weights", unfit),
        ("cases that are undecided", "the bound leaves them open: counted, not judged", cases),
        ("falsified claims, beyond their first failure", "a search ends where a claim first fails", partly),
    ):
        if names:
            yield {"what": what, "why": why, "count": len(names), "shown": list(names)[:SHOWN]}
    if record["select"]:
        yield {"what": "falsifiers that were not selected", "why": f"only what matches {record['select']!r} was run",
               "count": 0, "shown": []}  # fmt: skip


def _provenance(record: Record, run: Record) -> dict[str, Any]:
    platform = {"system": run["platform"], "machine": "", "cpu": "", "features": [], "libc": ""}
    return {
        "harness": {"version": run["harness"], "digest": ""},
        "subject": {"name": record["subject"]["name"], "digest": "", "files": [], "count": 0},
        "python": run["python"], "packages": {}, "platforms": [platform], "threads": {}, "seeds": "", "model": None,
    }  # fmt: skip
