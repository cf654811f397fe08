"""Waivers: of mutants that there are, and each mutant or saboteur once."""

from __future__ import annotations

from harness.findings import nearest
from harness.program.check.checker import Checker
from harness.program.model import Program
from harness.program.mutants import mutants


def check_waivers(checker: Checker, program: Program) -> None:
    """Nothing is waived twice, and every waived mutant is one of this contract's.

    Silent where other findings may have changed which mutants there are.
    """
    if checker.findings:
        return
    contract = checker.contract
    _once(checker, "waived_mutants", "mutant", [waiver.mutant for waiver in contract.waived_mutants])
    _once(checker, "waived_saboteurs", "saboteur", [waiver.saboteur for waiver in contract.waived_saboteurs])
    known = mutants(program) if contract.waived_mutants else {}
    for index, waiver in enumerate(contract.waived_mutants):
        if waiver.mutant not in known:
            place = checker.at("waived_mutants", index, "mutant")
            hint = f"{nearest(waiver.mutant, known)}; `harness teeth` names those that live"
            checker.say(place, f"a waiver of a mutant that does not exist: {waiver.mutant!r}", hint=hint)


def _once(checker: Checker, section: str, key: str, waived: list[str]) -> None:
    for index, name in enumerate(waived):
        if name in waived[:index]:
            checker.say(checker.at(section, index, key), f"{name!r} is waived twice", hint="remove one of them")
