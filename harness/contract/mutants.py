"""The mutants of a contract: those of every equation that a subject's results depend on."""

from __future__ import annotations

from harness.contract.program import Program
from harness.language.mutate import Mutant, mutants_of_equations, mutants_of_format


def returned(program: Program) -> set[str]:
    """The equations that say what some subject returns, with everything below them."""
    found: set[str] = set()
    for subject in program.contract.subjects.values():
        for source in subject.returns.values():
            name = source.text.strip()
            if name in program.equations:
                found |= {name} | program.depends[name]
    return found


def mutants(program: Program) -> dict[str, Mutant]:
    """By id, in the order of the contract; those of its own block formats last."""
    wanted = returned(program) & set(program.equations)
    found = mutants_of_equations(program.equations, program.scope, wanted)
    for name in program.contract.formats:
        found += mutants_of_format(program.formats[name])
    return {mutant.id: mutant for mutant in found}
