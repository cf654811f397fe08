"""A result that depends on how often the function was called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from harness.program.model import Program
from harness.subjects.subject import Subject
from harness.teeth.saboteurs.nudge import nudged
from harness.teeth.saboteurs.position import position
from harness.teeth.saboteurs.saboteur import Sabotaged


class CallCount(Sabotaged):
    """Every second call of a function is answered with the smallest change, as timing or leftovers would have it."""

    id = "SABOTEUR-CALL-COUNT"
    story = "every second call of a function gives a result that differs in its last bit"
    excuse = "a contract that does not promise repeatable bits admits it where the change is within the bound"

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.calls: Counter[str] = Counter()

    @classmethod
    def applies(cls, program: Program) -> bool:
        return bool(program.scope.subjects)

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        number = position(function, arguments)
        returned = self.subject.call(program, function, arguments, dimensions)
        self.calls[function] += 1
        return returned if self.calls[function] % 2 else nudged(program, function, returned, number)
