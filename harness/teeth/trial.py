"""One trial of a claim with a fault planted. The exact values of a case are computed once for all faults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from harness.judge.claims import Judgement
from harness.language.arithmetic import Arithmetic
from harness.language.dtypes import is_real
from harness.language.evaluate import Bindings
from harness.language.exact.domain import Exact
from harness.language.syntax import Node, ResultField, walk
from harness.program.case import Case
from harness.program.model import FalsifierProgram, Program
from harness.search.engine import broken_by
from harness.search.trial import ClaimBindings, Trial
from harness.subjects.interrupt import Interrupted
from harness.subjects.reference import Refusal
from harness.subjects.subject import Subject
from harness.teeth.fault_bench import exact_key

CLAIM, CHECKS = "claim", "checks"  # what noticed the fault


class NotEvaluated(Exception):
    """The harness could not evaluate the claim: an error that is nobody's kill. The text is one line."""


class SharedBindings(ClaimBindings):
    """What is the same of one case for every fault: exact values, and what the contract says of refused calls.

    Values that follow from results of a subject are kept for equal results.
    """

    def __init__(self, program: Program, case: Case, arithmetic: Arithmetic) -> None:
        super().__init__(Exact(arithmetic), program.equations, program.depends, case.given(), program.by_rows)
        self.by_results: dict[Any, Bindings] = {}
        self.refusals: dict[Node, Refusal] = {}

    def replaced(self, given: Mapping[str, Any]) -> Bindings:
        if not all(isinstance(value, np.ndarray) for value in given.values()):
            return super().replaced(given)
        key = tuple((name, exact_key(value)) for name, value in given.items())
        if key not in self.by_results:
            self.by_results[key] = super().replaced(given)
        return self.by_results[key]


def noticed_by(
    program: Program, falsifier: FalsifierProgram, case: Case, subject: Subject, arithmetic: Arithmetic,
    bindings: SharedBindings,
) -> str | None:  # fmt: skip
    """What notices that the subject is wrong: CLAIM, CHECKS, or "" for nothing. None: the case cannot be judged.

    CHECKS are those of every result (type, shape, arguments unchanged), and a claim about the size of a result that
    is NaN or infinite. They are no evidence for the claim: a claim that says nothing has the same kills.
    Raises NotEvaluated where the claim cannot be evaluated: `harness run` calls that an error.
    """
    trial = Trial(program, falsifier, case, subject, arithmetic, bindings=bindings)
    if not any(isinstance(part, ResultField) for part in walk(falsifier.claim)):  # results are the faulty subject's
        trial.refusals = bindings.refusals
    try:
        judgement = trial.judge()
    except Interrupted:
        raise
    except Exception as error:
        raise NotEvaluated(broken_by(error)) from error
    if judgement.holds is not False:
        return "" if judgement.holds else None
    assert judgement.evidence is not None
    return CHECKS if judgement.evidence.any_claim or not_a_number(judgement, trial) else CLAIM


def not_a_number(judgement: Judgement, trial: Trial) -> bool:
    """Whether the claim failed only because a result is NaN or infinite, which no comparison or bound admits."""
    evidence = judgement.evidence
    assert evidence is not None
    if evidence.bound is not None:
        return not np.isfinite(float(evidence.got))
    if not evidence.reason.startswith("the claim is false"):
        return False
    arrays = [value for results in trial.calls.done.values() for value in results.values()]
    return any(
        isinstance(value, np.ndarray) and is_real(value.dtype) and not np.isfinite(value).all() for value in arrays
    )
