"""What a subject does not take on of a contract that it claims: obligations by name, each with a reason.

A peer whose `topk` promises no order among equals can claim the router all the same, with
`DECLINES = {"moe-router": {"ROUTER-TIES": "torch.topk promises no order among equals"}}`. What is declined is not run,
and is listed as not offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NoReturn

from harness.findings import HandledError, nearest
from harness.language.syntax import names
from harness.printable import printable
from harness.program.model import FalsifierProgram, Program

if TYPE_CHECKING:
    from harness.subjects.subject import Subject

Declines = Mapping[str, Mapping[str, str]]  # contract -> obligation -> reason


def declines_of(subject: Subject, programs: Iterable[Program]) -> Declines:
    """What a subject declines, checked against the contracts at hand; a mistake would hide a rule."""
    said = getattr(getattr(subject, "module", subject), "DECLINES", None)
    if said is None:
        return {}
    if not isinstance(said, Mapping) or not all(isinstance(part, Mapping) for part in said.values()):
        _refuse(subject, f"DECLINES is {printable(repr(said), 80)}", "expected {contract: {obligation: reason}}")
    known = {program.id: program for program in programs}
    claims = subject.claims()
    for contract, obligations in said.items():
        if claims is not None and contract not in claims:
            _refuse(
                subject, f"DECLINES names {contract!r}", f"which it does not claim; {nearest(str(contract), claims)}"
            )
        for obligation, reason in obligations.items():
            if not isinstance(reason, str) or not reason.strip():
                _refuse(subject, f"DECLINES {obligation!r} of {contract}", "without a reason; give one in a sentence")
            if contract in known:
                there = [part.id for part in known[contract].contract.obligations]
                if obligation not in there:
                    hint = nearest(str(obligation), there)
                    _refuse(subject, f"DECLINES {obligation!r}", f"which is no obligation of {contract}; {hint}")
    return said


def declined(declines: Declines, program: Program, falsifier: FalsifierProgram) -> tuple[str, str] | None:
    """The first of a falsifier's obligations that is declined, with the reason: then it is not run."""
    reasons = declines.get(program.id, {})
    return next(((name, reasons[name]) for name in falsifier.source.discharges if name in reasons), None)


def lacked(
    declines: Declines, program: Program, falsifier: FalsifierProgram, missing: tuple[str, ...]
) -> tuple[str, ...]:
    """The missing functions that matter to a falsifier.

    Of a contract that is claimed whole, all; where some of it is declined, those that the falsifier's claim calls.
    """
    if not declines.get(program.id):
        return missing
    called = names(falsifier.claim)
    return tuple(name for name in missing if name in called)


def _refuse(subject: Subject, what: str, why: str) -> NoReturn:
    raise HandledError(f"subject {subject.name!r}: {what}, {why}")
