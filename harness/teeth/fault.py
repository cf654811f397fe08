"""Every fault that is planted for one contract: declared faults, mutants of equations, saboteurs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harness.language.syntax import spell
from harness.program.model import Program
from harness.program.mutants import mutants
from harness.subjects.planting import NO_EDIT, Edit, edit_of_declared, edit_of_mutant
from harness.subjects.subject import Subject
from harness.teeth.record import DECLARED, MUTANT, SABOTEUR
from harness.teeth.saboteurs import saboteurs


@dataclass(frozen=True)
class PlantedFault:
    """One thing that is wrong.

    `edit`: what it changes in the contract's equations; or `wrap`: the saboteur to put around the real subject.
    `checked`: the checks of every call notice it, whatever the claim. `excuse`: why a good contract may let it
    survive, or "".
    """

    id: str
    kind: str
    story: str
    edit: Edit = NO_EDIT
    wrap: Callable[[Subject], Subject] | None = None
    checked: bool = False
    excuse: str = ""


def faults_of(program: Program) -> list[PlantedFault]:
    """In a fixed order: declared faults, mutants, saboteurs."""
    own = [
        PlantedFault(part.id, DECLARED, part.story, edit_of_declared(program, part.id))
        for part in program.contract.faults
    ]
    edited = [
        PlantedFault(
            name, MUTANT, f"{spell(mutant.node)}   instead of   {spell(mutant.was)}", edit_of_mutant(program, mutant)
        )
        for name, mutant in mutants(program).items()
    ]
    around = [
        PlantedFault(part.id, SABOTEUR, part.story, wrap=part.wrap, checked=part.engine, excuse=part.excuse)
        for part in saboteurs(program)
    ]
    return [*own, *edited, *around]
