"""Whether a survival was earned: no falsifier has the word "survived" that has not shown that it can fail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from harness.findings import HandledError
from harness.program.model import Program
from harness.search.outcome import SURVIVED, VACUOUS, Outcome
from harness.teeth.record import MUTANT, Record, read_record, stale

CURRENT, STALE, NONE = "current", "stale", "none"


def teeth_of(program: Program) -> dict[str, Any]:
    """What the kill record of a contract says today: its state, why it does not count, kills, the matrix in numbers."""
    try:
        record = read_record(program)
    except HandledError as error:  # after a whole run it is late to refuse; it will not say "survived"
        return {"state": STALE, "why": str(error), "summary": None, "kills": {}}
    why = stale(program, record)
    state = NONE if record is None else STALE if why else CURRENT
    if record is None or why:
        return {"state": state, "why": why, "summary": None, "kills": {}}
    kills = {name: _kills(record, name) for name in record["falsifiers"]}
    return {"state": state, "why": "", "summary": record["summary"], "kills": kills}


def _kills(record: Record, falsifier: str) -> dict[str, Any]:
    """How many faults a falsifier killed, of how many; by name all but mutants, which are hundreds."""
    killed, faults = record["falsifiers"][falsifier]["kills"], record["faults"]
    named = [fault for fault in killed if faults.get(fault, {}).get("kind") != MUTANT]
    return {"count": len(killed), "faults": named, "of": len(faults)}


def earned(outcome: Outcome, teeth: Mapping[str, Any]) -> Outcome:
    """The outcome with its kills; vacuous in the place of survived where nothing shows that the falsifier can fail."""
    outcome = replace(outcome, kills=teeth["kills"].get(outcome.falsifier))
    if outcome.verdict != SURVIVED or (outcome.kills is not None and outcome.kills["count"]):
        return outcome
    reason = "no kill on record: `harness teeth` planted faults, and this falsifier noticed none of them"
    if teeth["state"] != CURRENT:
        reason = f"no kill on record for this version; run `harness teeth` ({teeth['why']})"
    return replace(outcome, verdict=VACUOUS, reason=reason)
