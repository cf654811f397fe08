"""Everything that is planted into one contract's subject: declared faults, mutants of equations, saboteurs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harness.language.syntax import spell
from harness.program.model import Program
from harness.program.mutants import mutants
from harness.subjects.planting import NOTHING, Planted, declared, mutated
from harness.subjects.subject import Subject
from harness.teeth.record import DECLARED, MUTANT, SABOTEUR
from harness.teeth.saboteurs import saboteurs


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    `planted`: what it changes in the contract's equations; or `wrap`: the real subject, sabotaged. `checked`: it is
    noticed by what every call is held to, whatever the claim. `excuse`: why a good contract may let it live, or "".
    """

    id: str
    kind: str
    story: str
    planted: Planted = NOTHING
    wrap: Callable[[Subject], Subject] | None = None
    checked: bool = False
    excuse: str = ""


def faults_of(program: Program) -> list[Fault]:
    """In a fixed order: declared faults, mutants, saboteurs."""
    own = [Fault(part.id, DECLARED, part.story, declared(program, part.id)) for part in program.contract.faults]
    edited = [
        Fault(name, MUTANT, f"{spell(mutant.node)}   instead of   {spell(mutant.was)}", mutated(program, mutant))
        for name, mutant in mutants(program).items()
    ]
    around = [
        Fault(part.id, SABOTEUR, part.story, wrap=part.wrap, checked=part.engine, excuse=part.excuse)
        for part in saboteurs(program)
    ]
    return [*own, *edited, *around]
