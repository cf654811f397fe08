"""A subject around another one, which passes everything on; others override what they watch, or make wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.program.model import Program
from harness.subjects.errors import Errors
from harness.subjects.subject import Subject
from harness.subjects.updates import delivered, gathered


class WrappedSubject:
    """Does and says what `subject` does."""

    def __init__(self, subject: Subject) -> None:
        self.subject, self.name = subject, subject.name

    def claims(self) -> tuple[str, ...] | None:
        return self.subject.claims()

    def missing(self, program: Program) -> list[str]:
        return self.subject.missing(program)

    def errors(self) -> Errors:
        return self.subject.errors()

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        return self.subject.call(program, function, arguments, dimensions)

    def results(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Any:
        """What the subject returns, with copies of what it updates."""
        returned = self.subject.call(program, function, arguments, dimensions)
        return gathered(program.scope.subjects[function], arguments, returned)

    @staticmethod
    def ended(program: Program, function: str, arguments: Mapping[str, Any], results: Any) -> Any:
        """What is returned of these results; the others are written into the arguments."""
        return delivered(program.scope.subjects[function], arguments, results)
