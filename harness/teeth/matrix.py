"""The kill matrix of a contract as a record: what each falsifier kills, what survives and why, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from harness.program.model import Program
from harness.teeth.distinguish import Distinction
from harness.teeth.fault import PlantedFault
from harness.teeth.kills import KillRow
from harness.teeth.record import DECLARED, KINDS, MUTANT, SABOTEUR, SCHEMA

MIN_MUTATION_SCORE = 0.95  # killed mutants, of those that some case distinguishes from the original
# The state of a fault (`fate` in the record), worst first. Only the first two count against a contract.
STATES = LIVES, STALE_WAIVER, WAIVED, EXCUSED, NOT_DISTINGUISHED, EQUIVALENT, KILLED = (
    "lives", "stale waiver", "waived", "excused", "not distinguished", "equivalent", "killed",
)  # fmt: skip

State = tuple[str, str]  # one of STATES, and why


def kill_record(
    program: Program, keys: Mapping[str, Any], faults: Sequence[PlantedFault], rows: Mapping[str, KillRow],
    distinctions: Mapping[str, Distinction], proofs: Mapping[str, int],
) -> dict[str, Any]:  # fmt: skip
    """The record of one contract: the same bytes for the same contract, code and subject.

    `rows` by falsifier. Of mutants that no falsifier kills: `distinctions`, and `proofs` of equivalence, the number of
    combinations of values that were compared.
    """
    waived = {waiver.mutant: waiver.reason for waiver in program.contract.waived_mutants}
    states: dict[str, State] = {}
    for fault in faults:
        killed = any(fault.id in row.kills or fault.id in row.checks for row in rows.values())
        found = distinctions.get(fault.id), proofs.get(fault.id)
        states[fault.id] = _state(fault, killed, waived.get(fault.id), *found)
    metadata = program.contract.metadata
    return {
        "schema": SCHEMA,
        "contract": metadata.id,
        "version": metadata.version,
        "keys": dict(keys),
        "summary": _summary(program, faults, states, rows),
        "lives": _survivors(faults, states),
        "falsifiers": {name: _row(row, faults) for name, row in rows.items()},
        "faults": {fault.id: {"kind": fault.kind, "story": fault.story} for fault in faults},
    }


def _survivors(faults: Sequence[PlantedFault], states: Mapping[str, State]) -> list[dict[str, str]]:
    """Every fault that is not simply killed, worst first."""
    left = [fault for fault in faults if states[fault.id][0] != KILLED]
    left.sort(key=lambda fault: (STATES.index(states[fault.id][0]), KINDS.index(fault.kind)))
    return [
        {"fault": fault.id, "kind": fault.kind, "fate": states[fault.id][0], "reason": states[fault.id][1]}
        for fault in left
    ]


def _state(
    fault: PlantedFault, killed: bool, waiver: str | None, distinction: Distinction | None, proof: int | None
) -> State:
    """The state of a fault, and why."""
    if killed:
        return (KILLED, "") if waiver is None else (STALE_WAIVER, "waived, but some falsifier kills it")
    if waiver is not None:
        return WAIVED, waiver
    if fault.kind == SABOTEUR and fault.excuse:
        return EXCUSED, fault.excuse
    if fault.kind != MUTANT or distinction is None:
        return LIVES, "no falsifier kills it"
    if proof is not None:
        return EQUIVALENT, f"equal for each of {proof} values of what it reads"
    if distinction.difference:
        return LIVES, distinction.difference
    if distinction.exhausted:
        return EQUIVALENT, f"within the bound in each of the {distinction.cases} cases there are"
    return NOT_DISTINGUISHED, f"within the bound in {distinction.cases} cases"


def _row(row: KillRow, faults: Sequence[PlantedFault]) -> dict[str, Any]:
    """One falsifier: its kills, each with the number of cases it took, the earliest first."""
    order = {fault.id: place for place, fault in enumerate(faults)}

    def earliest_first(found: Mapping[str, int]) -> dict[str, int]:
        return dict(sorted(found.items(), key=lambda item: (item[1], order[item[0]])))

    record: dict[str, Any] = {"cases": row.cases, "kills": earliest_first(row.kills)}
    checks = {name: number for name, number in row.checks.items() if name not in row.kills}
    if checks:
        record["checks"] = earliest_first(checks)
    if row.refuted:
        record["refuted"] = row.refuted
    return record


def _summary(
    program: Program, faults: Sequence[PlantedFault], states: Mapping[str, State], rows: Mapping[str, KillRow]
) -> dict[str, Any]:
    """Killed and surviving faults in numbers, and whether the contract passes (`holds`)."""
    counted = {kind: dict.fromkeys(STATES, 0) for kind in KINDS}
    for fault in faults:
        counted[fault.kind][states[fault.id][0]] += 1
    mutants = counted[MUTANT]
    killed = mutants[KILLED] + mutants[STALE_WAIVER]
    distinguishable = killed + mutants[LIVES] + mutants[WAIVED]
    vacuous = [part.source.id for part in program.falsifiers if not rows[part.source.id].kills]
    enough = killed >= MIN_MUTATION_SCORE * (distinguishable - mutants[WAIVED])
    others = counted[DECLARED][LIVES] + counted[SABOTEUR][LIVES]
    stale = sum(counts[STALE_WAIVER] for counts in counted.values())
    return {
        "holds": not vacuous and not counted[DECLARED][LIVES] and enough and not stale,
        "falsifiers": len(program.falsifiers),
        "vacuous": vacuous,
        "declared": {"killed": counted[DECLARED][KILLED], "of": sum(counted[DECLARED].values())},
        "mutants": {
            "killed": killed, "distinguishable": distinguishable, "waived": mutants[WAIVED],
            "not_distinguished": mutants[NOT_DISTINGUISHED], "equivalent": mutants[EQUIVALENT],
        },
        "saboteurs": {
            "killed": counted[SABOTEUR][KILLED], "excused": counted[SABOTEUR][EXCUSED],
            "of": sum(counted[SABOTEUR].values()),
        },
        "open": others + mutants[LIVES],
    }  # fmt: skip
