"""The record of a run: plain data, from which every view is a pure function. Its schema: record.schema.json."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from harness.contract.digest import digest
from harness.contract.program import FalsifierProgram, Program
from harness.search.outcome import ERROR, FALSIFIED, NOT_RUN, SURVIVED, UNDECIDED, VACUOUS, VERDICTS, Outcome, Tally
from harness.search.plan import Order, Result

SCHEMA = "contract-harness/record/1"
EXIT_CODES = {SURVIVED: 0, FALSIFIED: 1, VACUOUS: 1, UNDECIDED: 1, NOT_RUN: 2, ERROR: 2}


def make_record(order: Order, profile: str, result: Result, run: Mapping[str, Any]) -> dict[str, Any]:
    """Everything a reader needs; what varies between two runs of the same inputs is in `run` alone."""
    outcomes = {(outcome.contract, outcome.falsifier): outcome for outcome in result.outcomes}
    counts = Counter(outcome.verdict for outcome in result.outcomes)
    complete = not result.unknown_claims
    return {
        "schema": SCHEMA,
        "verdict": overall(counts, complete),
        "exit_code": exit_code(counts, complete),
        "counts": {verdict: counts[verdict] for verdict in VERDICTS if counts[verdict]},
        "subject": {"name": order.subject, "claims": None if result.claims is None else list(result.claims)},
        "paths": list(order.contracts),
        "profile": profile,
        "cases_wanted": order.cases,
        "model": order.model or None,
        "select": order.select or None,
        "interrupted": result.interrupted,
        "contracts": [_contract(program, outcomes, result) for program in result.programs],
        "teeth": {
            name: {"state": said["state"], "why": said["why"], "summary": said["summary"]}
            for name, said in result.teeth.items()
        },
        "not_offered": list(result.not_offered),
        "declined": [
            {"contract": contract, "falsifier": falsifier, "obligation": obligation, "reason": reason}
            for contract, falsifier, obligation, reason in result.declined
        ],
        "unknown_claims": list(result.unknown_claims),
        "not_applicable": [
            {"contract": contract, "falsifier": falsifier, "reason": reason}
            for contract, falsifier, reason in result.not_applicable
        ],
        "run": {
            **run,
            "falsifier_seconds": {
                f"{outcome.contract} {outcome.falsifier}": round(outcome.seconds, 3) for outcome in result.outcomes
            },
        },
    }


def overall(counts: Mapping[str, int], complete: bool = True) -> str:
    """The worst verdict; a run of nothing is no success, nor is one that lacks something claimed."""
    worst = next((verdict for verdict in VERDICTS if counts.get(verdict)), NOT_RUN)
    return worst if complete or worst != SURVIVED else NOT_RUN


def exit_code(counts: Mapping[str, int], complete: bool = True) -> int:
    """2 where the run is not complete, 1 for a verdict against the subject or the contract, else 0."""
    if not complete or not any(counts.values()):
        return 2
    return max(EXIT_CODES[verdict] for verdict, count in counts.items() if count)


def _contract(program: Program, outcomes: Mapping[tuple[str, str], Outcome], result: Result) -> dict[str, Any]:
    metadata = program.contract.metadata
    return {
        "id": program.id, "version": metadata.version, "title": metadata.title, "lifecycle": metadata.lifecycle,
        "path": program.contract.path, "digest": digest(program.contract),
        "offered": program.id not in result.not_offered,
        "falsifiers": [
            _line(falsifier, outcomes[program.id, falsifier.source.id])
            for falsifier in program.falsifiers
            if (program.id, falsifier.source.id) in outcomes
        ],
    }  # fmt: skip


def _line(falsifier: FalsifierProgram, outcome: Outcome) -> dict[str, Any]:
    source, tally = falsifier.source, outcome.tally
    return {
        "id": source.id, "rule": source.rule, "discharges": list(source.discharges), "claim": source.claim.text,
        "place": str(source.claim.place), "if_fails": source.if_fails, "verdict": outcome.verdict,
        "reason": outcome.reason, "cases": tally.cases, "wanted": outcome.wanted, "exhausted": outcome.exhausted,
        "discarded": tally.discarded, "undecided": tally.undecided, "executions": tally.executions,
        "elements": {"judged": tally.judged, "seen": tally.entries},
        "cover": _cover(falsifier, tally),
        "margin": tally.margin, "margin_case": tally.margin_case, "tried": _tried(tally),
        "kills": outcome.kills, "counterexample": outcome.counterexample,
    }  # fmt: skip


def _cover(falsifier: FalsifierProgram, tally: Tally) -> list[dict[str, Any]]:
    """How often each situation that the contract wants occurred."""
    return [
        {"situation": part.situation, "least": part.least, "seen": tally.situations[part.situation], "of": tally.cases}
        for part in falsifier.cover
    ]


def _tried(tally: Tally) -> dict[str, Any]:
    """How often each kind of each input, and each value of each dimension, took part."""
    kinds: dict[str, dict[str, int]] = {}
    for (name, kind), count in sorted(tally.kinds.items()):
        kinds.setdefault(name, {})[kind] = count
    dimensions = {
        name: {str(value): count for value, count in sorted(counts.items())}
        for name, counts in tally.dimensions.items()
    }
    return {"kinds": kinds, "dimensions": dimensions}
