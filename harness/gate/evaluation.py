"""Both versions of a contract as checked programs, built only when an expression has to be evaluated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from harness.findings import HandledError
from harness.gate.comparison import EvaluationResult

if TYPE_CHECKING:
    from harness.contract.model import Contract
    from harness.gate.meaning.evidence import RelationEvidence
    from harness.program.model import Program

MakeProgram = Callable[[], "Program"]  # a version as a checked program; raises HandledError where it is none


class Evaluated:
    """Asks harness.gate.meaning. What cannot be evaluated is `undecidable`, with the reason; never guessed at."""

    def __init__(self, old: MakeProgram, new: MakeProgram) -> None:
        """Both versions; the old one is written with the names of the new one."""
        self._made = old, new

    @cached_property
    def programs(self) -> tuple[Program, Program] | str:
        """Old and new, or why one of them is no sound contract."""
        found = []
        for what, made in zip(("old", "new"), self._made, strict=True):
            try:
                found.append(made())
            except HandledError as error:
                return f"the {what} version is not a sound contract: {str(error).splitlines()[0]}"
        return found[0], found[1]

    def equation(self, name: str) -> EvaluationResult:
        """One equation, by its name or as `format.name`."""
        from harness.gate.meaning.equations.equation import compare_equation

        found = self._asked(lambda old, new: compare_equation(old, new, name))
        if found.less:
            return replace(found, relation="moved")
        if found.relation in ("different", "undecidable") and self._reshaped(name):
            return EvaluationResult("reshaped", "its shape or its kind changed")
        return found

    def claim(self, falsifier: str) -> EvaluationResult:
        """What one falsifier claims."""
        from harness.gate.meaning.claims.claim import compare_claim

        return self._asked(lambda old, new: compare_claim(old, new, falsifier))

    def dimension(self, name: str) -> EvaluationResult:
        """The values of one dimension."""
        from harness.gate.meaning.domains.domain import compare_dimension

        return self._asked(lambda old, new: compare_dimension(old, new, name))

    def domain(self, falsifier: str) -> EvaluationResult:
        """The cases that one falsifier admits."""
        from harness.gate.meaning.domains.domain import compare_domain

        return self._asked(lambda old, new: compare_domain(old, new, falsifier))

    def result_format(self, subject: str, field: str) -> EvaluationResult:
        """The number format of one result."""
        from harness.gate.result_formats import compare_result_format

        if isinstance(self.programs, str):
            return EvaluationResult("undecidable", self.programs, told="unknown -> unknown")
        return compare_result_format(*self.programs, subject, field)

    def refusal(self, subject: str, old: tuple[int, ...], new: tuple[int, ...]) -> EvaluationResult:
        """Which calls entries of `refuses` refuse, any of them; entries are counted among all."""
        from harness.gate.meaning.refusals.refusal import compare_refusal

        return self._asked(lambda was, now: compare_refusal(was, now, subject, old, new))

    def _asked(self, question: Callable[..., RelationEvidence]) -> EvaluationResult:
        if isinstance(self.programs, str):
            return EvaluationResult("undecidable", self.programs)
        found = question(*self.programs)
        why = found.why if not found.counterexample else f"{found.why}\n{found.counterexample}"
        return EvaluationResult(found.relation, why, found.n, found.less)

    def _reshaped(self, name: str) -> bool:
        """Whether an equation of the contract has become another kind of number, or has other axes."""
        if isinstance(self.programs, str) or "." in name:
            return False
        types = [program.scope.names.get(name) for program in self.programs]
        looks = [(type(part), getattr(part, "kind", ""), len(part.shape)) if part else None for part in types]
        return None not in looks and looks[0] != looks[1]


def program_of(contract: Contract, neighbours: Mapping[str, Contract]) -> Program:
    """A contract, checked; `neighbours` are those that it may depend on."""
    from harness.program.check import check

    return check(contract, {**neighbours, contract.metadata.id: contract})
