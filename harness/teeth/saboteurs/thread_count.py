"""A result that depends on the number of threads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.program.model import Program
from harness.teeth.saboteurs.nudge import nudged
from harness.teeth.saboteurs.position import position
from harness.teeth.saboteurs.saboteur import Sabotaged

THREADS = "threads"  # the argument, or the dimension that it carries


class ThreadCount(Sabotaged):
    """More than one thread changes the last bit, as partial sums in another order do."""

    id = "SABOTEUR-THREAD-COUNT"
    story = "more than one thread gives a result that differs in its last bit"
    excuse = "a contract that does not promise the same bits for every number of threads admits another order of sums"

    @classmethod
    def applies(cls, program: Program) -> bool:
        return any(_threads(program, function) for function in program.scope.subjects)

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        number = position(function, arguments)
        returned = self.subject.call(program, function, arguments, dimensions)
        several = any(arguments[name] > 1 for name in _threads(program, function))
        return nudged(program, function, returned, number) if several else returned


def _threads(program: Program, function: str) -> list[str]:
    """The arguments that say how many threads there are."""
    carried = program.scope.subjects[function].arguments
    return [name for name, source in carried.items() if THREADS in (name, source)]
