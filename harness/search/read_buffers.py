"""Whether results of a subject depend on what its output buffers held before: then a buffer was read."""

from __future__ import annotations

from harness.language.arithmetic import Arithmetic
from harness.language.syntax import spell
from harness.program.case import Case
from harness.program.model import FalsifierProgram, Program
from harness.search.trial import Trial
from harness.subjects.calls import call_of
from harness.subjects.subject import Subject


def calls_that_read_buffers(
    program: Program, falsifier: FalsifierProgram, case: Case, subject: Subject, arithmetic: Arithmetic
) -> list[str]:
    """The calls of a failing case whose results are others with other numbers in their buffers, and the same again."""
    if not any(part.buffers for part in program.scope.subjects.values()):
        return []
    trial = Trial(program, falsifier, case, subject, arithmetic)
    trial.judge()
    return list(dict.fromkeys(spell(call_of(node)) for node in trial.calls.done if trial.calls.reads_buffers(node)))
