"""The obligations of a contract that a subject declines although it claims the contract, each with a reason.

An implementation whose `topk` promises no order among equals can still claim the router, with
`DECLINES = {"moe-router": {"ROUTER-TIES": "torch.topk promises no order among equals"}}`. The falsifiers of a declined
obligation are not run, and are listed as not offered. `*` stands for any text in the name of an obligation, and alone
for every contract that is claimed: `{"*": {"*-SENTENCES": "its messages are its own"}}`.

An obligation may be declined for some rows alone, by a condition of the columns and `for_each` values of its rules:
`{"tensor-names": {"*": {'architecture == "bert"': "bert is not read here"}}}`. Rules without these columns are run
whole. Conditions are read as expressions of contracts (harness/subjects/declined_rows.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, NoReturn

from harness.findings import HandledError, nearest
from harness.language.syntax import names
from harness.printable import printable
from harness.program.model import FalsifierProgram, Program
from harness.subjects.declined_rows import ConditionRefused, check_condition, declined_share, rows_left

if TYPE_CHECKING:
    from harness.subjects.subject import Subject

Rows = Mapping[str, str]  # condition -> reason
Declines = Mapping[str, Mapping[str, str | Rows]]  # contract -> obligation -> reason, or rows
EVERY = "*"


def declines_of(subject: Subject, programs: Iterable[Program]) -> Declines:
    """What a subject declines, patterns written out; HandledError for a name that would hide a falsifier by mistake."""
    reader = getattr(subject, "said", None)  # a subject that is a module
    said = reader("DECLINES") if reader is not None else getattr(subject, "DECLINES", None)
    if said is None:
        return {}
    if not isinstance(said, Mapping) or not all(isinstance(part, Mapping) for part in said.values()):
        _refuse(subject, f"DECLINES is {printable(repr(said), 80)}", "expected {contract: {obligation: reason}}")
    known = {program.id: program for program in programs}
    claims = subject.claims()
    found: dict[str, dict[str, str | Rows]] = {}
    for contract, obligations in said.items():
        if claims is not None and contract not in (*claims, EVERY):
            what = f"DECLINES names {printable(str(contract), 80)!r}"
            _refuse(subject, what, f"which it does not claim; {nearest(str(contract), claims)}")
        for obligation, reason in obligations.items():
            _check_reason(subject, contract, obligation, reason)
        ids = [id for id in known if claims is None or id in claims] if contract == EVERY else [contract]
        for id in ids:
            written = obligations if id not in known else _written_out(subject, known[id], obligations, contract)
            for obligation, reason in written.items():
                _add(found.setdefault(id, {}), obligation, reason)
    return {contract: obligations for contract, obligations in found.items() if obligations}


def _check_reason(subject: Subject, contract: Any, obligation: Any, reason: Any) -> None:
    """A reason in a sentence, or a condition of rows with such a reason for each."""
    reasons = reason.values() if isinstance(reason, Mapping) and reason else [reason]
    if not all(isinstance(part, str) and part.strip() for part in reasons):
        what = f"DECLINES {printable(str(obligation), 80)!r} of {contract}"
        _refuse(subject, what, "without a reason; give one in a sentence")


def _written_out(subject: Subject, program: Program, obligations: Mapping[str, Any], named: str) -> dict[str, Any]:
    """The obligations of one contract that are declined; what it does not have is refused, where it was named."""
    there = [part.id for part in program.contract.obligations]
    found: dict[str, Any] = {}
    for pattern, reason in obligations.items():
        matching = [id for id in there if fnmatchcase(id, str(pattern))]
        if not matching and named != EVERY:
            hint = nearest(str(pattern), there)
            what = f"DECLINES {printable(str(pattern), 80)!r}"
            _refuse(subject, what, f"which is no obligation of {program.id}; {hint}")
        for id in matching:
            _add(found, id, reason)
        if isinstance(reason, Mapping) and matching:
            for condition in reason:
                try:
                    check_condition(program, matching, condition)
                except ConditionRefused as error:
                    _refuse(subject, f"DECLINES rows of {program.id} where {printable(str(condition), 80)}", str(error))
    return found


def _add(found: dict[str, str | Rows], obligation: str, reason: str | Rows) -> None:
    """An obligation that is declined whole stays so; conditions of rows are put together."""
    before = found.get(obligation, {})
    if isinstance(before, str):
        return
    found[obligation] = reason if isinstance(reason, str) else {**before, **reason}


def declined(declines: Declines, program: Program, falsifier: FalsifierProgram) -> tuple[str, str] | None:
    """The first obligation of a falsifier that is declined, with the reason; None if any of it is to be run."""
    whole = _reasons(declines, program, falsifier)
    for obligation, reason in whole:
        if isinstance(reason, str):
            return obligation, reason
    rows = _conditions(declines, program, falsifier)
    if rows and not rows_left(falsifier, [condition for _, condition, _ in rows]):
        obligation, condition, reason = rows[0]
        return obligation, f"{reason} (every row; {condition})"
    return None


def without_declined_rows(declines: Declines, program: Program, falsifier: FalsifierProgram) -> FalsifierProgram:
    """The falsifier with the rows of its tables that are not declined."""
    conditions = [condition for _, condition, _ in _conditions(declines, program, falsifier)]
    return replace(falsifier, rows=rows_left(falsifier, conditions)) if conditions else falsifier


def declined_rows(
    declines: Declines, program: Program, falsifier: FalsifierProgram
) -> Iterator[tuple[str, str, tuple[int, int]]]:
    """Of a falsifier that is run: obligation, reason, and how many of how many rows are declined."""
    for obligation, condition, reason in _conditions(declines, program, falsifier):
        share = declined_share(program, falsifier, condition)
        if share[0]:
            yield obligation, f"{reason} (rows where {condition})", share


def _reasons(declines: Declines, program: Program, falsifier: FalsifierProgram) -> list[tuple[str, str | Rows]]:
    reasons = declines.get(program.id, {})
    return [(name, reasons[name]) for name in falsifier.source.discharges if name in reasons]


def _conditions(declines: Declines, program: Program, falsifier: FalsifierProgram) -> list[tuple[str, str, str]]:
    """Obligation, condition and reason of what is declined by rows, each condition once."""
    found: dict[str, tuple[str, str, str]] = {}
    for obligation, reason in _reasons(declines, program, falsifier):
        if isinstance(reason, Mapping):
            for condition, why in reason.items():
                found.setdefault(condition, (obligation, condition, why))
    return list(found.values())


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
