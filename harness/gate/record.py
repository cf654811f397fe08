"""The result as plain data: what --format json prints. Its schema: gate.schema.json."""

from __future__ import annotations

from typing import Any

from harness.findings import Place
from harness.gate.decide import KeyedChange, Since, Verdict
from harness.gate.gate import GateResult
from harness.gate.kinds import kind_of
from harness.gate.problems import Problem
from harness.gate.unreadable import Unreadable
from harness.gate.waivers import Waiver

SCHEMA = "contract-harness/gate/1"


def gate_record(result: GateResult) -> dict[str, Any]:
    """Everything a view needs; the same inputs give the same bytes."""
    return {
        "schema": SCHEMA,
        "exit_code": result.exit_code,
        "against": result.against or None,
        "contracts": [_contract(verdict) for verdict in result.verdicts],
        "problems": [_problem(problem) for problem in result.problems],
        "waived": [{**_problem(problem), "waiver": _waiver(waiver)} for problem, waiver in result.waived],
        "unreadable": [_unreadable(part) for part in result.unreadable],
    }


def _unreadable(part: Unreadable) -> dict[str, Any]:
    return {
        "place": part.place or None,
        "message": part.message,
        "expected": part.expected or None,
        "got": part.got or None,
        "hint": part.hint or None,
    }


def _contract(verdict: Verdict) -> dict[str, Any]:
    candidate = verdict.candidate
    return {
        "id": candidate.id,
        "path": candidate.name,
        "lifecycle": candidate.about.lifecycle,
        "declared": str(candidate.version),
        "verdict": verdict.word,
        "needed": str(verdict.needed),
        "raised": str(verdict.declared),
        "least_version": str(verdict.wanted) if verdict.wanted else None,
        "note": verdict.note or None,
        "since": _since(verdict.since),
        "also": _since(verdict.also),
        "problems": [_problem(problem) for problem in verdict.problems],
    }


def _since(since: Since | None) -> dict[str, Any] | None:
    if since is None:
        return None
    changes = [_change(keyed) for keyed in since.changes]
    return {
        "base": since.base,
        "version": str(since.version),
        "needed": str(since.needed),
        "breaks": since.breaks,
        "changes": changes,
    }


def _change(keyed: KeyedChange) -> dict[str, Any]:
    change, kind = keyed.change, kind_of(keyed.change)
    return {
        "key": keyed.key,
        "kind": change.kind,
        "level": str(kind.level),
        "breaks": kind.breaks,
        "how": dict(kind.how),
        "assurance": kind.assurance or None,
        "path": change.path,
        "old_place": _place(change.old_place),
        "new_place": _place(change.new_place),
        "old": change.old,
        "new": change.new,
        "message": kind.told(change),
        "why": kind.why,
        "fix": kind.fix or None,
        "evidence": {"told": change.shown, "cases": change.cases} if change.shown else None,
        "waiver": _waiver(keyed.waiver) if keyed.waiver else None,
    }


def _place(place: Place | None) -> dict[str, Any] | None:
    return None if place is None else {"file": place.path, "line": place.line, "column": place.column}


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "key": problem.key,
        "problem": problem.id,
        "contract": problem.contract,
        "place": problem.place,
        "message": problem.message,
        "hint": problem.hint or None,
    }


def _waiver(waiver: Waiver) -> dict[str, Any]:
    return {"reason": waiver.reason, "expires": waiver.expires.isoformat(), "place": waiver.place}
