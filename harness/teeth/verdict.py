"""Verdicts by kill records: a falsifier that has killed no planted fault is vacuous, it has not survived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from harness.findings import HandledError
from harness.program.model import Program
from harness.search.outcome import SURVIVED, VACUOUS, Outcome
from harness.teeth.record import MUTANT, KillRecord, read_kill_record, stale

CURRENT, STALE, NONE = "current", "stale", "none"


def teeth_of(program: Program) -> dict[str, Any]:
    """What the kill record of a contract says: whether it is current, why not, the kills by falsifier, the summary."""
    try:
        record = read_kill_record(program)
    except HandledError as error:  # a run that has ended is not refused for it: its falsifiers are vacuous
        return {"state": STALE, "why": str(error), "summary": None, "kills": {}}
    why = stale(program, record)
    state = NONE if record is None else STALE if why else CURRENT
    if record is None or why:
        return {"state": state, "why": why, "summary": None, "kills": {}}
    kills = {name: _kills(record, name) for name in record["falsifiers"]}
    return {"state": state, "why": "", "summary": record["summary"], "kills": kills}


def _kills(record: KillRecord, falsifier: str) -> dict[str, Any]:
    """How many faults a falsifier killed, of how many; declared faults and saboteurs by name (mutants are hundreds)."""
    killed, faults = record["falsifiers"][falsifier]["kills"], record["faults"]
    named = [fault for fault in killed if faults.get(fault, {}).get("kind") != MUTANT]
    return {"count": len(killed), "faults": named, "of": len(faults)}


def earned(outcome: Outcome, teeth: Mapping[str, Any]) -> Outcome:
    """The outcome with its kills; "survived" becomes "vacuous" where no kill shows that the falsifier can fail."""
    outcome = replace(outcome, kills=teeth["kills"].get(outcome.falsifier))
    if outcome.verdict != SURVIVED or (outcome.kills is not None and outcome.kills["count"]):
        return outcome
    reason = "no kill on record: `harness teeth` planted faults, and this falsifier noticed none of them"
    if teeth["state"] != CURRENT:
        reason = f"no kill on record for this version; run `harness teeth` ({teeth['why']})"
    return replace(outcome, verdict=VACUOUS, reason=reason)
