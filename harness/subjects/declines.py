"""The obligations of a contract that a subject declines although it claims the contract, each with a reason.

An implementation whose `topk` promises no order among equals can still claim the router, with
`DECLINES = {"moe-router": {"ROUTER-TIES": "torch.topk promises no order among equals"}}`. The falsifiers of a declined
obligation are not run, and are listed as not offered.
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
    """What a subject declines; HandledError for a name that no contract has: the mistake would hide a falsifier."""
    reader = getattr(subject, "said", None)  # a subject that is a module
    said = reader("DECLINES") if reader is not None else getattr(subject, "DECLINES", None)
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
    """The first obligation of a falsifier that is declined, with the reason; None if it is to be run."""
    reasons = declines.get(program.id, {})
    return next(((name, reasons[name]) for name in falsifier.source.discharges if name in reasons), None)


def lacked(
    declines: Declines, program: Program, falsifier: FalsifierProgram, missing: tuple[str, ...]
) -> tuple[str, ...]:
    """The missing functions that keep a falsifier from being run.

    All of them if the subject declines nothing of the contract, else those that the falsifier's claim calls.
    """
    if not declines.get(program.id):
        return missing
    called = names(falsifier.claim)
    return tuple(name for name in missing if name in called)


def _refuse(subject: Subject, what: str, why: str) -> NoReturn:
    raise HandledError(f"subject {subject.name!r}: {what}, {why}")
