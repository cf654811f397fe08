"""Calls that a contract says are refused, to be made between good ones: a refused request may leave nothing behind.

They are those of the contract's `raises(...)` claims with other arguments than the case's. One is made only where
`refuses` says that this case's call is refused too: a kernel that is called outside its contract may do anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from harness.language.evaluate import Bindings
from harness.language.single import Single
from harness.language.syntax import Call, Node, ResultField, walk
from harness.program.arithmetic import single_of
from harness.program.case import Case
from harness.program.model import Program
from harness.subjects.declines import declined, declines_of, without_declined_rows
from harness.subjects.reference import Reference, fires
from harness.subjects.subject import Subject


@dataclass(frozen=True)
class RefusedCall:
    """A call of a `raises` claim, with the first row of its falsifier's tables. `always`: in every case, unasked."""

    call: Call
    row: Mapping[str, object]
    always: bool


def refused_calls(program: Program, subject: Subject) -> tuple[RefusedCall, ...]:
    """Every call with replaced arguments that a falsifier claims to be refused, but for what the subject declines."""
    declines = declines_of(subject, [program])
    asked = (
        without_declined_rows(declines, program, falsifier)
        for falsifier in program.falsifiers
        if falsifier.rows and declined(declines, program, falsifier) is None
    )
    return tuple(
        RefusedCall(call, falsifier.rows[0], falsifier.where is None and not falsifier.source.given)
        for falsifier in asked
        for call in calls_with_other_arguments(falsifier.claim)
    )


def calls_with_other_arguments(claim: Node) -> list[Call]:
    """The calls with replaced arguments that a claim says are refused."""
    claims = [part for part in walk(claim) if isinstance(part, Call) and part.name == "raises"]
    calls = [part.arguments[0] for part in claims]
    return [call for call in calls if isinstance(call, Call) and call.keywords and not _reads_results(call)]


def _reads_results(call: Call) -> bool:
    return any(isinstance(part, ResultField) for part in walk(call))


def arguments_where_refused(
    program: Program,
    case: Case,
    refused: RefusedCall,
    arguments: Callable[[Call, Mapping[str, object]], dict[str, Any]],
) -> dict[str, Any] | None:
    """The arguments of a call that is refused in this case; None where it is not, or cannot be made of it.

    `arguments`: those of a call in the case, with the values of a row of tables.
    """
    try:
        made = arguments(refused.call, refused.row)
        given = Reference().bind(program, program.scope.subjects[refused.call.name], made, case.dimensions)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None  # it reads what this case has not
    bindings = Bindings(single_of(program, Single()), program.equations, program.depends, given)
    for refusal in program.refusals:
        if refusal.subject == refused.call.name and (
            fires(refusal, bindings) or (refusal.when is None and refused.always)
        ):
            return made
    return None
