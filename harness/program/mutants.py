"""The mutants of a contract: those of every equation that a subject's results depend on."""

from __future__ import annotations

from harness.language.mutate import Mutant, mutants_of_equations, mutants_of_format
from harness.program.model import Program


def returned(program: Program) -> set[str]:
    """The equations that say what some subject returns, with everything below them.

    Those that read an input which the subject is not given (it gets a file that holds it) are not the subject's.
    """
    found: set[str] = set()
    for name, subject in program.contract.subjects.items():
        given = set(program.scope.subjects[name].arguments.values())
        for source in subject.returns.values():
            equation = source.text.strip()
            if equation in program.equations and computable(program, equation, given):
                found |= {equation} | (program.depends[equation] & set(program.equations))
    return found


def computable(program: Program, equation: str, given: set[str]) -> bool:
    """Whether everything that an equation reads is among what is given."""
    return program.depends[equation] & set(program.inputs) <= given


def mutants(program: Program) -> dict[str, Mutant]:
    """By id, in the order of the contract; those of its own block formats last."""
    found = mutants_of_equations(program.equations, program.scope, returned(program))
    for name in program.contract.formats:
        found += mutants_of_format(program.formats[name])
    return {mutant.id: mutant for mutant in found}
