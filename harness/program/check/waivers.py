"""Waivers: of mutants that there are, each once."""

from __future__ import annotations

from harness.findings import nearest
from harness.program.check.checker import Checker
from harness.program.model import Program
from harness.program.mutants import mutants


def check_waivers(checker: Checker, program: Program) -> None:
    """Every waived mutant is one of this contract's. Silent where other findings may have changed which there are."""
    if checker.findings or not checker.contract.waived_mutants:
        return
    known = mutants(program)
    seen: set[str] = set()
    for index, waiver in enumerate(checker.contract.waived_mutants):
        place = checker.at("waived_mutants", index, "mutant")
        if waiver.mutant not in known:
            hint = f"{nearest(waiver.mutant, known)}; `harness teeth` names those that live"
            checker.say(place, f"a waiver of a mutant that does not exist: {waiver.mutant!r}", hint=hint)
        elif waiver.mutant in seen:
            checker.say(place, f"{waiver.mutant!r} is waived twice", hint="remove one of them")
        seen.add(waiver.mutant)
