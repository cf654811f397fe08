"""The record of a run: plain data, from which every view is a pure function. Its schema: record.schema.json.

A record is assembled from a header (what was planned, known before anything runs) and a line per falsifier. Runs,
event logs of runs that were killed, and parts from several machines are all assembled here, so they cannot differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from harness.contract.digest import digest
from harness.report.lines import Line, declared, described, found, not_run
from harness.report.not_tested import not_tested
from harness.report.relations import relate, worst_first
from harness.run.plan import Key, Order, Plan, Result
from harness.search.outcome import ERROR, FALSIFIED, NOT_RUN, SURVIVED, UNDECIDED, VACUOUS, VERDICTS

SCHEMA = "contract-harness/record/2"
EXIT_CODES = {SURVIVED: 0, FALSIFIED: 1, VACUOUS: 1, UNDECIDED: 1, NOT_RUN: 2, ERROR: 2}
CTRL_C = "interrupted"

Header = dict[str, Any]
Record = dict[str, Any]


def make_record(header: Header, result: Result, run: Mapping[str, Any]) -> Record:
    """The record of a run that came to its end, by itself or by Ctrl-C."""
    seconds = {" ".join(key): round(outcome.seconds, 3) for key, outcome in result.outcomes.items()}
    lines = {key: found(outcome) for key, outcome in result.outcomes.items()}
    return assemble(header, lines, {**run, "falsifier_seconds": seconds}, CTRL_C if result.interrupted else "")


def header(
    order: Order, profile: str, plan: Plan, teeth: Mapping[str, Mapping[str, Any]], provenance: Mapping[str, Any]
) -> Header:
    """Everything that is known once a run is planned; `contracts` lists the falsifiers that are to be run.

    teeth: by contract, what its kill record says (harness/teeth/verdict.py)
    """
    tasks = set(plan.tasks)
    contracts = []
    for program in plan.programs:
        metadata = program.contract.metadata
        contracts.append({
            "id": program.id, "version": metadata.version, "title": metadata.title, "lifecycle": metadata.lifecycle,
            "path": program.contract.path, "digest": digest(program.contract),
            "offered": program.id not in plan.not_offered, "declared": declared(program),
            "falsifiers": [
                described(program, falsifier, order.cases)
                for falsifier in program.falsifiers
                if (program.id, falsifier.source.id) in tasks
            ],
        })  # fmt: skip
    shard = None if order.shard is None else {"index": order.shard[0], "of": order.shard[1], "falsifiers": plan.of}
    return {
        **unplanned(order, profile, provenance),
        "subject": {"name": order.subject, "claims": None if plan.claims is None else list(plan.claims)},
        "shard": shard, "contracts": contracts,
        "teeth": {name: {key: said[key] for key in ("state", "why", "summary")} for name, said in teeth.items()},
        "not_offered": list(plan.not_offered),
        "declined": [
            {"contract": contract, "falsifier": falsifier, "obligation": obligation, "reason": reason}
            for contract, falsifier, obligation, reason in plan.declined
        ] + [
            {
                "contract": contract,
                "falsifier": f"{falsifier} ({rows} of {of} rows)",
                "obligation": obligation,
                "reason": reason,
            }
            for contract, falsifier, obligation, reason, (rows, of) in plan.declined_rows
        ],
        "unknown_claims": list(plan.unknown_claims),
        "not_applicable": [
            {"contract": contract, "falsifier": falsifier, "reason": reason}
            for contract, falsifier, reason in plan.not_applicable
        ],
    }  # fmt: skip


def unplanned(order: Order, profile: str, provenance: Mapping[str, Any]) -> Header:
    """The header before it is known what the subject offers."""
    return {
        "subject": {"name": order.subject, "claims": None}, "paths": list(order.contracts), "profile": profile,
        "cases_wanted": order.cases, "model": order.model or None, "select": order.select or None,
        "timeout": order.timeout, "shard": None, "contracts": [], "teeth": {}, "not_offered": [], "declined": [],
        "unknown_claims": [], "not_applicable": [], "provenance": dict(provenance),
    }  # fmt: skip


def assemble(
    header: Mapping[str, Any], found: Mapping[Key, Mapping[str, Any]], run: Mapping[str, Any], interruption: str = "",
    unrun: Mapping[Key, str] | None = None,
) -> Record:  # fmt: skip
    """A header and the lines found; what has no line was not run, for the reason in `unrun` or for `interruption`."""
    contracts, named = [], []
    for contract in header["contracts"]:
        lines: list[Line] = []
        for part in contract["falsifiers"]:
            key = (contract["id"], part["id"])
            line = found.get(key)
            if line is None:
                line = not_run(*key, part["wanted"], (unrun or {}).get(key) or interruption or "nothing is known of it")
            lines.append({**part, **line, "also_fails": None, "stands": None, "status": None})
        contracts.append({**contract, "falsifiers": lines})
        named += [(contract["id"], line) for line in lines]
    relate(named)
    record = {"schema": SCHEMA, **header, "contracts": contracts, "interruption": interruption, "baseline": None,
              "run": dict(run)}  # fmt: skip
    return summed_up(record)


def summed_up(record: Mapping[str, Any], with_gaps: bool = True) -> Record:
    """The record with all that follows from its lines: verdict, exit code, counts, order, and what was not tested.

    with_gaps False: what was not tested stays as the record says it.
    """
    named = lines_of(record)
    counts = Counter(line["verdict"] for _, line in named)
    complete = not record["unknown_claims"]
    whole = {
        **record, "verdict": overall(counts, complete), "exit_code": exit_code(counts, complete),
        "counts": {verdict: counts[verdict] for verdict in VERDICTS if counts[verdict]},
        "interrupted": bool(record["interruption"]),
        "worst_first": [line["fingerprint"] for _, line in worst_first(named)],
    }  # fmt: skip
    if with_gaps:
        whole["not_tested"] = not_tested(whole)
    return {key: whole[key] for key in ORDER}


ORDER = (
    "schema", "verdict", "exit_code", "counts", "subject", "paths", "profile", "cases_wanted", "model", "select",
    "timeout", "shard", "interrupted", "interruption", "worst_first", "contracts", "teeth", "not_offered", "declined",
    "unknown_claims", "not_applicable", "not_tested", "baseline", "provenance", "run",
)  # fmt: skip


def overall(counts: Mapping[str, int], complete: bool = True) -> str:
    """The worst verdict; a run of nothing is no success, nor is one that lacks something claimed."""
    worst = next((verdict for verdict in VERDICTS if counts.get(verdict)), NOT_RUN)
    return worst if complete or worst != SURVIVED else NOT_RUN


def exit_code(counts: Mapping[str, int], complete: bool = True) -> int:
    """2 where the run is not complete, 1 for a verdict against the subject or the contract, else 0."""
    if not complete or not any(counts.values()):
        return 2
    return max(EXIT_CODES[verdict] for verdict, count in counts.items() if count)


def lines_of(record: Mapping[str, Any]) -> list[tuple[str, Line]]:
    """Every falsifier of a record with its contract's id, in the order of the contracts."""
    return [(contract["id"], line) for contract in record["contracts"] for line in contract["falsifiers"]]
