"""The kill matrix of a contract as a record: what each falsifier kills, what survives and why, and the verdict."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from harness.program.model import Program
from harness.teeth.distinguish import Distinction
from harness.teeth.fault import PlantedFault
from harness.teeth.kills import KillRow
from harness.teeth.objections import beyond_allowance, objections
from harness.teeth.record import DECLARED, KINDS, MUTANT, SABOTEUR, SCHEMA, errors_of
from harness.teeth.shown import Shown, add_shown

# The state of a fault (`fate` in the record), worst first. The first two count against a contract, and mutants that are
# not distinguished beyond the shares in objections.py.
STATES = LIVES, STALE_WAIVER, NOT_DISTINGUISHED, WAIVED, EXCUSED, WITHOUT_EFFECT, EQUIVALENT, KILLED = (
    "lives", "stale waiver", "not distinguished", "waived", "excused", "without effect", "equivalent", "killed",
)  # fmt: skip

State = tuple[str, str]  # one of STATES, and why


def kill_record(
    program: Program, keys: Mapping[str, Any], implementation: str, faults: Sequence[PlantedFault],
    rows: Mapping[str, KillRow], distinctions: Mapping[str, Distinction], proofs: Mapping[str, int],
) -> dict[str, Any]:  # fmt: skip
    """The record of one contract: the same bytes for the same contract, versions and implementation.

    `implementation`: what saboteurs wrapped. `rows` by falsifier. Of mutants that no falsifier kills: `distinctions`,
    and `proofs` of equivalence, the number of combinations of values that were compared.
    """
    waived = {waiver.mutant: waiver.reason for waiver in program.contract.waived_mutants}
    waived |= {waiver.saboteur: waiver.reason for waiver in program.contract.waived_saboteurs}
    states: dict[str, State] = {}
    for fault in faults:
        killed = any(fault.id in row.kills or fault.id in row.checks for row in rows.values())
        if not killed and _without_effect(fault, rows.values()):
            states[fault.id] = WITHOUT_EFFECT, "it changes no result of any case that was tried"
            continue
        found = distinctions.get(fault.id), proofs.get(fault.id)
        states[fault.id] = _state(fault, killed, waived.get(fault.id), *found)
    lives = [*_survivors(faults, states), *_unplanted(program, faults)]
    summary = _summary(program, faults, states, rows, distinctions)
    falsifiers = {name: _row(row, faults) for name, row in rows.items()}
    errors = errors_of({"falsifiers": falsifiers})  # what else is missing follows from them
    shown: dict[str, Shown] = {}
    for row in rows.values():
        add_shown(shown, row.shown)
    summary["objections"] = list(errors.values()) or list(objections(program, summary, lives, distinctions, shown))
    metadata = program.contract.metadata
    return {
        "schema": SCHEMA,
        "contract": metadata.id,
        "version": metadata.version,
        "keys": dict(keys),
        "implementation": implementation,
        "summary": {"holds": not summary["objections"], **summary},
        "lives": lives,
        "falsifiers": falsifiers,
        "faults": {fault.id: {"kind": fault.kind, "story": fault.story} for fault in faults},
    }


def _without_effect(fault: PlantedFault, rows: Collection[KillRow]) -> bool:
    """Whether a saboteur was called, and never changed an outcome."""
    tried = any(fault.id in row.tried for row in rows)
    return fault.kind == SABOTEUR and tried and not any(fault.id in row.changed for row in rows)


def _unplanted(program: Program, faults: Sequence[PlantedFault]) -> list[dict[str, str]]:
    """Waivers of saboteurs that are not planted into this contract."""
    planted = {fault.id for fault in faults}
    return [
        {"fault": waiver.saboteur, "kind": SABOTEUR, "fate": STALE_WAIVER,
         "reason": "waived, but it is not planted into this contract"}
        for waiver in program.contract.waived_saboteurs if waiver.saboteur not in planted
    ]  # fmt: skip


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
    if distinction.exhausted and distinction.hidden is None:
        return EQUIVALENT, f"the same values in each of the {distinction.cases} cases there are"
    if distinction.hidden is None:
        return NOT_DISTINGUISHED, f"the same values in {distinction.cases} cases"
    return NOT_DISTINGUISHED, f"within the bound in {distinction.cases} cases: {distinction.hidden.told()}"


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
    if row.errors:
        record["errors"] = dict(row.errors)
    return record


def _summary(
    program: Program, faults: Sequence[PlantedFault], states: Mapping[str, State], rows: Mapping[str, KillRow],
    distinctions: Mapping[str, Distinction],
) -> dict[str, Any]:  # fmt: skip
    """Killed and surviving faults in numbers."""
    counted = {kind: dict.fromkeys(STATES, 0) for kind in KINDS}
    for fault in faults:
        counted[fault.kind][states[fault.id][0]] += 1
    mutants = counted[MUTANT]
    killed = mutants[KILLED] + mutants[STALE_WAIVER]
    distinguishable = killed + mutants[LIVES] + mutants[WAIVED]
    vacuous = [part.source.id for part in program.falsifiers if not rows[part.source.id].kills]
    open_ = [fault.id for fault in faults if states[fault.id][0] == NOT_DISTINGUISHED]
    hidden = sum(distinctions[name].hidden is not None for name in open_)
    of = distinguishable - mutants[WAIVED] + len(open_)
    others = counted[DECLARED][LIVES] + counted[SABOTEUR][LIVES]
    return {
        "falsifiers": len(program.falsifiers),
        "vacuous": vacuous,
        "declared": {"killed": counted[DECLARED][KILLED], "of": sum(counted[DECLARED].values())},
        "mutants": {
            "killed": killed, "distinguishable": distinguishable, "waived": mutants[WAIVED],
            "not_distinguished": len(open_), "beyond": beyond_allowance(len(open_) - hidden, hidden, of),
            "equivalent": mutants[EQUIVALENT],
        },
        "saboteurs": {
            "killed": counted[SABOTEUR][KILLED] + counted[SABOTEUR][STALE_WAIVER],
            "excused": counted[SABOTEUR][EXCUSED], "waived": counted[SABOTEUR][WAIVED],
            "without_effect": counted[SABOTEUR][WITHOUT_EFFECT], "of": sum(counted[SABOTEUR].values()),
        },
        "open": others + mutants[LIVES],
    }  # fmt: skip
