"""Whether a subject, or the contract itself, reads the padding of an input: then another padding changes something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from harness.judge.claims import Evidence
from harness.language.arithmetic import Arithmetic
from harness.language.claims import SIGNATURES as CLAIMS
from harness.language.exact.choice import Choice, Truth
from harness.language.exact.region import Bounded
from harness.language.syntax import Call, Node, children, names, spell
from harness.language.undecided import Undecided
from harness.program.case import Case
from harness.program.model import FalsifierProgram, Program
from harness.search.padding import in_padding, others, padded
from harness.search.trial import ContractMistake, Trial
from harness.subjects.subject import Subject


def padding_that_is_read(
    program: Program, falsifier: FalsifierProgram, case: Case, evidence: Evidence, subject: Subject,
    arithmetic: Arithmetic,
) -> list[str]:  # fmt: skip
    """The inputs of a failing case with whose padding what the claim is told changes, or the claim holds."""
    return [
        name for name in padded(program, case)
        if any(_told(program, falsifier, other, subject, arithmetic) != _of(evidence)
               for other in _with_other_padding(program, case, name))
    ]  # fmt: skip


def _told(
    program: Program, falsifier: FalsifierProgram, case: Case, subject: Subject, arithmetic: Arithmetic
) -> tuple[object, ...]:
    return _of(Trial(program, falsifier, case, subject, arithmetic).judge().evidence)


def _of(evidence: Evidence | None) -> tuple[object, ...]:
    return () if evidence is None else (evidence.reason, evidence.index, evidence.got)


def _with_other_padding(program: Program, case: Case, name: str) -> Iterator[Case]:
    """The case with zeros and with ones, or with the ends of its range, in the padding of an input."""
    for padding in others(case.inputs[name], program.inputs[name].ends(case.dimensions)):
        yield in_padding(program, case, name, padding)


def check_equations(
    program: Program, falsifier: FalsifierProgram, case: Case, subject: Subject, arithmetic: Arithmetic
) -> None:
    """ContractMistake where a value that the claim compares with depends on the padding of an input.

    The padding itself in its own place does not: that a subject leaves it as it was.
    """
    for name in padded(program, case):
        first, second = (
            Trial(program, falsifier, other, subject, arithmetic) for other in _with_other_padding(program, case, name)
        )
        own = Trial(program, falsifier, case, subject, arithmetic)
        for part in _without_subject(program, falsifier.claim):
            values = [_but_for_padding(_value(trial, part), trial.case.inputs[name]) for trial in (own, first, second)]
            if any(_differ(values[0], value) for value in values[1:]):
                valid = program.contract.inputs[name].valid
                assert valid is not None
                raise ContractMistake(
                    f"{falsifier.source.claim.place_at(part.start)}: `{spell(part)}` depends on the padding of {name}; "
                    f"leave that out with where({valid.text.strip()}, ..., 0) before anything is computed of it"
                )


def _without_subject(program: Program, node: Node) -> Iterator[Node]:
    """The largest parts of a claim that no subject has a part in."""
    called = isinstance(node, Call) and (node.name in CLAIMS or node.name in program.scope.subjects)
    if not called and not names(node) & set(program.scope.subjects):
        if names(node) & set(program.equations):
            yield node
        return
    if isinstance(node, Call) and node.name in program.scope.subjects:
        return
    for child in children(node):
        yield from _without_subject(program, child)


def _value(trial: Trial, node: Node) -> Any:
    """The value of a part of a claim, as arrays that can be compared; None where it is undecided."""
    try:
        with np.errstate(all="ignore"):
            value = trial.value(node)
            match value:
                case Bounded():
                    return value.v, value.bound()
                case Truth():
                    return value.v, value.doubt
                case Choice():
                    return value.index, np.asarray(bool(value.doubt))
    except Undecided:
        return None
    return (np.asarray(value),)


def _but_for_padding(value: Any, given: np.ndarray) -> Any:
    """A value with zeros where it is the entry of an input that stands there: of all paddings it is the same."""
    if value is None or np.shape(value[0]) != given.shape or given.dtype == np.bool_:
        return value
    kept = np.asarray(given, np.float64)
    same = (value[0] == kept) | (np.isnan(value[0]) & np.isnan(kept))
    return tuple(np.where(same, 0, part) for part in value)


def _differ(left: Any, right: Any) -> bool:
    if left is None or right is None:
        return (left is None) != (right is None)
    return any(
        not np.array_equal(a, b, equal_nan=np.asarray(a).dtype.kind == "f") for a, b in zip(left, right, strict=True)
    )
