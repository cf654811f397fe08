"""Which inputs of nothing but zeros do not matter: the claim fails in the same way with other numbers there."""

from __future__ import annotations

import numpy as np

from harness.judge.claims import Evidence
from harness.language.arithmetic import Arithmetic
from harness.language.packed import Packed
from harness.program.case import Case, Value
from harness.program.model import FalsifierProgram, Program
from harness.search.arrays import Draw, packed_array
from harness.search.may_be_drawn import may_be_drawn
from harness.search.trial import Trial, own_equations_hold
from harness.subjects.subject import Subject


def zeros_that_do_not_matter(
    program: Program, falsifier: FalsifierProgram, case: Case, evidence: Evidence, subject: Subject,
    arithmetic: Arithmetic,
) -> frozenset[str]:  # fmt: skip
    """The inputs by name. One after the other is replaced and stays so: of two zeros that suffice each, one matters."""
    found = set()
    for name, value in case.inputs.items():
        if np.count_nonzero(value.raw if isinstance(value, Packed) else value):
            continue
        other = case.with_input(name, _other(name, value))
        if not may_be_drawn(program, falsifier, other):
            continue
        if _fails_alike(program, falsifier, other, evidence, subject, arithmetic):
            case = other
            found.add(name)
    return frozenset(found)


def _other(name: str, value: Value) -> Value:
    """Numbers around 1 in place of zeros."""
    if isinstance(value, Packed):
        return packed_array(name, Draw("integers", dtype=value.format.name), value.shape, value.format)
    return np.ones(value.shape, value.dtype)


def _fails_alike(
    program: Program, falsifier: FalsifierProgram, case: Case, evidence: Evidence, subject: Subject,
    arithmetic: Arithmetic,
) -> bool:  # fmt: skip
    """Whether the claim fails for the same reason. A case that cannot be judged, or is none of the rule's, says no."""
    try:
        judged = Trial(program, falsifier, case, subject, arithmetic, disturb=True).judge()
    except Exception:
        return False
    found = judged.evidence
    alike = found is not None and (found.reason, found.stage) == (evidence.reason, evidence.stage)
    return alike and own_equations_hold(program, falsifier, case, arithmetic)
