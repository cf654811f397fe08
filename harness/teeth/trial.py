"""One trial of a claim with a fault planted: the equations' exact values are computed once for all faults of a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from harness.judge.claims import Judgement
from harness.language.arithmetic import Arithmetic
from harness.language.evaluate import Bindings
from harness.language.exact.domain import Exact
from harness.program.case import Case
from harness.program.model import FalsifierProgram, Program
from harness.search.trial import ClaimBindings, Trial
from harness.subjects.interrupt import Interrupted
from harness.subjects.subject import Subject
from harness.teeth.fault_bench import fingerprint

CLAIM, CHECKS = "claim", "checks"  # who noticed


class SharedBindings(ClaimBindings):
    """Exact values of one case, also those that follow from a subject's own choice."""

    def __init__(self, program: Program, case: Case, arithmetic: Arithmetic) -> None:
        super().__init__(Exact(arithmetic), program.equations, program.depends, case.given())
        self.witnessed: dict[Any, Bindings] = {}

    def replaced(self, given: Mapping[str, Any]) -> Bindings:
        if not all(isinstance(value, np.ndarray) for value in given.values()):
            return super().replaced(given)
        key = tuple((name, fingerprint(value)) for name, value in given.items())
        if key not in self.witnessed:
            self.witnessed[key] = super().replaced(given)
        return self.witnessed[key]


def noticed(
    program: Program, falsifier: FalsifierProgram, case: Case, subject: Subject, arithmetic: Arithmetic,
    bindings: SharedBindings,
) -> str | None:  # fmt: skip
    """Who notices that the subject is wrong: "claim", "checks", or "" for nobody. None: the case is not judged.

    Kills by the checks that every result goes through (its type and shape, arguments left alone), and kills of a
    result that is not a number by a claim about its size, say nothing of the claim: the emptiest one has them too.
    """
    trial = Trial(program, falsifier, case, subject, arithmetic, bindings=bindings)
    try:
        judgement = trial.judge()
    except Interrupted:
        raise
    except Exception:
        return None
    if judgement.holds is not False:
        return "" if judgement.holds else None
    assert judgement.evidence is not None
    return CHECKS if judgement.evidence.any_claim or not_a_number(judgement, trial) else CLAIM


def not_a_number(judgement: Judgement, trial: Trial) -> bool:
    """Whether the claim only failed because no comparison with NaN holds, and no bound admits infinity."""
    evidence = judgement.evidence
    assert evidence is not None
    if evidence.bound is not None:
        return not np.isfinite(float(evidence.got))
    if evidence.reason != "the claim is false":
        return False
    arrays = [value for results in trial.calls.done.values() for value in results.values()]
    return any(
        isinstance(value, np.ndarray) and value.dtype.kind == "f" and not np.isfinite(value).all() for value in arrays
    )
