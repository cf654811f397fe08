"""Equation mutants: small edits of an equation that keep its type. Each is a bug that somebody could write."""

from harness.language.mutate.mutant import Mutant
from harness.language.mutate.plan import mutants_of_equations, mutants_of_format

__all__ = ["Mutant", "mutants_of_equations", "mutants_of_format"]
