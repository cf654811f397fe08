"""Verdicts by kill records: a falsifier that has killed no planted fault is vacuous, it has not survived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness.findings import HandledError
from harness.program.model import Program
from harness.search.outcome import ERROR, SURVIVED, VACUOUS, Outcome
from harness.teeth.objections import against_all
from harness.teeth.record import MUTANT, KillRecord, errors_of, how_to_make, read_kill_record, stale

CURRENT, EARNED, STALE, NONE = "current", "earned", "stale", "none"
Teeth = dict[str, Any]


def teeth_of(program: Program, path: Path | None = None) -> Teeth:
    """What the kill record of a contract says: whether it is current, why not, the kills by falsifier, the summary.

    `path`: where the record lies if not beside the contract.
    """
    try:
        record = read_kill_record(program, path)
    except HandledError as error:  # a run that has ended is not refused for it: its falsifiers are vacuous
        return without(STALE, str(error), how_to_make(program))
    why = stale(program, record)
    if record is None or why:
        return without(NONE if record is None else STALE, why, how_to_make(program))
    return told(record, CURRENT)


def told(record: KillRecord, state: str) -> Teeth:
    """What a record says that counts, with its state: CURRENT, or EARNED by a run."""
    kills = {name: _kills(record, name) for name in record["falsifiers"]}
    summary, errors = record["summary"], errors_of(record)
    return {"state": state, "why": "", "summary": summary, "kills": kills, "errors": errors,
            "against": against_all(summary, errors)}  # fmt: skip


def without(state: str, why: str, todo: str = "run `harness teeth`") -> Teeth:
    """The same of a contract without a record that counts; `todo`: what makes one."""
    return {"state": state, "why": why, "todo": todo, "summary": None, "kills": {}, "errors": {}, "against": []}


def _kills(record: KillRecord, falsifier: str) -> dict[str, Any]:
    """How many faults a falsifier killed, of how many; declared faults and saboteurs by name (mutants are hundreds)."""
    killed, faults = record["falsifiers"][falsifier]["kills"], record["faults"]
    named = [fault for fault in killed if faults.get(fault, {}).get("kind") != MUTANT]
    return {"count": len(killed), "faults": named, "of": len(faults)}


def earned(outcome: Outcome, teeth: Mapping[str, Any]) -> Outcome:
    """The outcome with its kills; "survived" becomes "vacuous" where no kill shows that the falsifier can fail.

    So it does where the kill record does not hold: some wrong kernel would have survived as well. It becomes an error
    where that could not be found out, because the claim cannot be evaluated with a fault planted.
    """
    outcome = replace(outcome, kills=teeth["kills"].get(outcome.falsifier))
    if outcome.verdict != SURVIVED:
        return outcome
    broken = teeth.get("errors", {}).get(outcome.falsifier)
    if broken:
        return replace(outcome, verdict=ERROR, reason=f"what it can notice is not known: {broken}")
    if outcome.kills is not None and outcome.kills["count"]:
        return _held_against(outcome, teeth.get("against", ()))
    reason = "no kill on record: `harness teeth` planted faults, and this falsifier noticed none of them"
    if teeth["state"] not in (CURRENT, EARNED):
        reason = f"no kill on record for this version; {teeth['todo']} ({teeth['why']})"
    return replace(outcome, verdict=VACUOUS, reason=reason)


def _held_against(outcome: Outcome, against: Sequence[str]) -> Outcome:
    """The outcome; vacuous where the kill record has something against the whole contract, which is told."""
    if not against:
        return outcome
    more = f" (and {len(against) - 1} more: `harness teeth`)" if len(against) > 1 else ""
    reason = f"a wrong kernel would survive this contract, too: {against[0]}{more}"
    return replace(outcome, verdict=VACUOUS, reason=reason)
