"""From what every falsifier did to the record: who kills what, what lives and why, and the verdict on the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from harness.program.model import Program
from harness.teeth.distinguish import Told
from harness.teeth.fault import Fault
from harness.teeth.kills import Bites
from harness.teeth.record import DECLARED, KINDS, MUTANT, SABOTEUR, SCHEMA

LEAST_SHARE = 0.95  # of the mutants that can be told apart
# What becomes of a fault, worst first. Only the first two count against a contract.
LIVES, STALE_WAIVER, WAIVED, EXCUSED, UNTOLD, EQUAL, KILLED = (
    "lives", "stale waiver", "waived", "excused", "not distinguished", "equivalent", "killed",
)  # fmt: skip


def make_record(
    program: Program, keys: Mapping[str, Any], faults: Sequence[Fault], bites: Mapping[str, Bites],
    told: Mapping[str, Told], proofs: Mapping[str, int],
) -> dict[str, Any]:  # fmt: skip
    """The record: the same bytes for the same contract, code and subject."""
    killers = {fault.id: [name for name, done in bites.items() if fault.id in done.kills] for fault in faults}
    caught = {fault.id: any(fault.id in done.checks for done in bites.values()) for fault in faults}
    waived = {waiver.mutant: waiver.reason for waiver in program.contract.waived_mutants}
    fates: dict[str, tuple[str, str]] = {}
    for fault in faults:
        dead = bool(killers[fault.id]) or caught[fault.id]
        fates[fault.id] = _fate(fault, dead, waived.get(fault.id), told.get(fault.id), proofs.get(fault.id))
    metadata = program.contract.metadata
    return {
        "schema": SCHEMA,
        "contract": metadata.id,
        "version": metadata.version,
        "keys": dict(keys),
        "summary": _summary(program, faults, fates, bites),
        "lives": [
            {"fault": name, "kind": fault.kind, "fate": fates[name][0], "reason": fates[name][1]}
            for name, fault in sorted(
                ((fault.id, fault) for fault in faults if fates[fault.id][0] != KILLED),
                key=lambda item: (ORDER.index(fates[item[0]][0]), KINDS.index(item[1].kind)),
            )
        ],
        "falsifiers": {name: _line(done, faults) for name, done in bites.items()},
        "faults": {fault.id: {"kind": fault.kind, "story": fault.story} for fault in faults},
    }


ORDER = (LIVES, STALE_WAIVER, WAIVED, EXCUSED, UNTOLD, EQUAL, KILLED)


def _fate(fault: Fault, dead: bool, waiver: str | None, told: Told | None, proof: int | None) -> tuple[str, str]:
    """What became of a fault, and why."""
    if dead:
        return (KILLED, "") if waiver is None else (STALE_WAIVER, "waived, but some falsifier kills it")
    if waiver is not None:
        return WAIVED, waiver
    if fault.kind == SABOTEUR and fault.excuse:
        return EXCUSED, fault.excuse
    if fault.kind != MUTANT or told is None:
        return LIVES, "no falsifier kills it"
    if proof is not None:
        return EQUAL, f"equal for each of {proof} values of what it reads"
    if told.difference:
        return LIVES, told.difference
    if told.exhausted:
        return EQUAL, f"within the bound in each of the {told.cases} cases there are"
    return UNTOLD, f"within the bound in {told.cases} cases"


def _line(done: Bites, faults: Sequence[Fault]) -> dict[str, Any]:
    """One falsifier: its kills, each with the number of cases it took, in the order in which they fell."""
    order = {fault.id: place for place, fault in enumerate(faults)}

    def sorted_(found: Mapping[str, int]) -> dict[str, int]:
        return dict(sorted(found.items(), key=lambda item: (item[1], order[item[0]])))

    line: dict[str, Any] = {"cases": done.cases, "kills": sorted_(done.kills)}
    checks = {name: number for name, number in done.checks.items() if name not in done.kills}
    if checks:
        line["checks"] = sorted_(checks)
    if done.refuted:
        line["refuted"] = done.refuted
    return line


def _summary(
    program: Program, faults: Sequence[Fault], fates: Mapping[str, tuple[str, str]], bites: Mapping[str, Bites]
) -> dict[str, Any]:
    counted = {kind: dict.fromkeys(ORDER, 0) for kind in KINDS}
    for fault in faults:
        counted[fault.kind][fates[fault.id][0]] += 1
    mutants = counted[MUTANT]
    dead = mutants[KILLED] + mutants[STALE_WAIVER]
    distinguishable = dead + mutants[LIVES] + mutants[WAIVED]
    toothless = [part.source.id for part in program.falsifiers if not bites[part.source.id].kills]
    enough = dead >= LEAST_SHARE * (distinguishable - mutants[WAIVED])
    others = counted[DECLARED][LIVES] + counted[SABOTEUR][LIVES]
    stale = sum(counts[STALE_WAIVER] for counts in counted.values())
    return {
        "holds": not toothless and not counted[DECLARED][LIVES] and enough and not stale,
        "falsifiers": len(program.falsifiers),
        "vacuous": toothless,
        "declared": {"killed": counted[DECLARED][KILLED], "of": sum(counted[DECLARED].values())},
        "mutants": {
            "killed": dead, "distinguishable": distinguishable, "waived": mutants[WAIVED],
            "not_distinguished": mutants[UNTOLD], "equivalent": mutants[EQUAL],
        },
        "saboteurs": {
            "killed": counted[SABOTEUR][KILLED], "excused": counted[SABOTEUR][EXCUSED],
            "of": sum(counted[SABOTEUR].values()),
        },
        "open": others + mutants[LIVES],
    }  # fmt: skip
