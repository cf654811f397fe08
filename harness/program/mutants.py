"""The mutants of a contract: those of every equation that a subject's results depend on."""

from __future__ import annotations

from harness.language.mutate import Mutant, mutants_of_equations, mutants_of_format
from harness.language.syntax import names
from harness.program.model import Program


def returned(program: Program) -> set[str]:
    """The equations that say what some subject returns, with everything below them that the subject has to compute.

    What a subject is given as an argument is not its own to compute, nor is what lies below that. Equations that read
    an input which the subject is not given (it gets a file that holds it) are not the subject's either.
    """
    found: set[str] = set()
    for name, subject in program.contract.subjects.items():
        given = set(program.scope.subjects[name].arguments.values())
        for source in subject.returns.values():
            equation = source.text.strip()
            if computable(program, equation, given):
                found |= computed(program, equation, given) & set(program.equations)
    return found


def computable(program: Program, equation: str, given: set[str]) -> bool:
    """Whether this is an equation, and everything that it reads can be had from what is given."""
    return equation in program.equations and computed(program, equation, given) & set(program.inputs) <= given


def computed(program: Program, equation: str, given: set[str]) -> set[str]:
    """The name of an equation and every name below it, down to those that are given, which are left out."""
    found: set[str] = set()
    open_ = {equation} - given
    while open_:
        found |= open_
        read = set().union(*(names(program.equations[name]) for name in open_ if name in program.equations))
        open_ = read - found - given
    return found


def mutants(program: Program) -> dict[str, Mutant]:
    """By id, in the order of the contract; those of its own block formats last."""
    found = mutants_of_equations(program.equations, program.scope, returned(program))
    for name in program.contract.formats:
        found += mutants_of_format(program.formats[name])
    return {mutant.id: mutant for mutant in found}
