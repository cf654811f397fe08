"""A counterexample as plain data: what a reader needs to follow it, and a replay to judge its case again."""

from __future__ import annotations

import math
from typing import Any

from harness.contract.digest import digest
from harness.judge.claims import Evidence
from harness.language.arithmetic import Arithmetic
from harness.printable import printable
from harness.program.case import Case
from harness.program.model import FalsifierProgram, Program
from harness.search.outcome import share
from harness.search.steps import steps
from harness.search.stored_case import encode
from harness.search.zeros import zeros_that_do_not_matter
from harness.subjects.subject import Subject


def counterexample(
    program: Program, falsifier: FalsifierProgram, case: Case, evidence: Evidence, subject: Subject,
    arithmetic: Arithmetic,
) -> dict[str, Any]:  # fmt: skip
    """The failing case, its evidence and the steps that lead to it, by the keys of a stored counterexample.

    The subject is called again, for the intermediate results that it returns, and to tell which zeros do not matter.
    """
    shown = steps(program, falsifier, case, subject, arithmetic, evidence.index)
    returned = [part.returns for part in program.contract.subjects.values()]
    irrelevant = zeros_that_do_not_matter(program, falsifier, case, evidence, subject, arithmetic)
    staged = (parts[evidence.stage].text.strip() for parts in returned if evidence.stage in parts)
    return {
        "contract": program.id,
        "version": program.contract.metadata.version,
        "digest": digest(program.contract),
        "falsifier": falsifier.source.id,
        "subject": subject.name,
        "claim": falsifier.source.claim.text,
        "place": str(falsifier.source.claim.place),
        "dimensions": {name: int(value) for name, value in case.dimensions.items()},
        "table": dict(case.table),
        "recipe": case.recipe,
        "inputs": {name: encode(value) | {"zero": name in irrelevant} for name, value in case.inputs.items()},
        "steps": shown.steps,
        "stages": shown.stages,
        "blocks": shown.blocks,
        "evidence": _evidence(case, evidence, next(staged, shown.equation)),
        **({"memory": case.memory} if case.memory else {}),
    }


def reason_of(case: Case, evidence: Evidence) -> str:
    """Why the claim fails, with the memory that arguments lie in where it is not the usual."""
    return f"{evidence.reason}, with arguments in {case.memory} memory" if case.memory else evidence.reason


def _evidence(case: Case, evidence: Evidence, equation: str) -> dict[str, Any]:
    """Why the claim fails, with the equation that the result was compared with."""
    exceeds = None
    if evidence.error is not None and evidence.bound is not None:
        exceeds = finite(share(evidence.error, evidence.bound))
    return {
        "reason": reason_of(case, evidence), "expected": printable(evidence.expected), "got": printable(evidence.got),
        "error": finite(evidence.error), "bound": finite(evidence.bound), "exceeds": exceeds,
        "index": None if evidence.index is None else list(evidence.index),
        "wrong": evidence.wrong, "of": evidence.of, "stage": evidence.stage,
        "equation": equation, "ulps": evidence.ulps,
    }  # fmt: skip


def finite(value: float | None) -> float | None:
    """A number that JSON can hold; None for any other."""
    return value if value is not None and math.isfinite(value) else None
