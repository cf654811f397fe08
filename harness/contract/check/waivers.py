"""Waivers: of mutants that there are, each once."""

from __future__ import annotations

from harness.contract.check.desk import Desk
from harness.contract.mutants import mutants
from harness.contract.program import Program
from harness.findings import nearest


def check_waivers(desk: Desk, program: Program) -> None:
    """Every waived mutant is one of this contract's. Silent where other findings may have changed which there are."""
    if desk.findings or not desk.contract.waived_mutants:
        return
    known = mutants(program)
    seen: set[str] = set()
    for index, waiver in enumerate(desk.contract.waived_mutants):
        place = desk.at("waived_mutants", index, "mutant")
        if waiver.mutant not in known:
            hint = f"{nearest(waiver.mutant, known)}; `harness teeth` names those that live"
            desk.say(place, f"a waiver of a mutant that does not exist: {waiver.mutant!r}", hint=hint)
        elif waiver.mutant in seen:
            desk.say(place, f"{waiver.mutant!r} is waived twice", hint="remove one of them")
        seen.add(waiver.mutant)
