"""A stored counterexample against the code of today."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from harness.contract.digest import digest
from harness.findings import HandledError, nearest
from harness.language.syntax import names
from harness.printable import printable
from harness.program.arithmetic import arithmetic_of
from harness.program.collection import load
from harness.program.footprint import CaseTooLarge, Footprint, numbers_of
from harness.search.admitted import check_admitted
from harness.search.counterexample import counterexample
from harness.search.engine import broken_by
from harness.search.refused_calls import refused_calls
from harness.search.stored_case import decode_case
from harness.search.trial import Trial
from harness.strict_json import LARGEST, MOST_PARTS, parts
from harness.subjects.interrupt import user_interrupts
from harness.subjects.subject import load_subject

T = TypeVar("T")


@dataclass(frozen=True)
class Replayed:
    """`counterexample` None: the claim holds now, or is undecided for `doubt`."""

    falsifier: str
    claim: str
    place: str
    counterexample: Mapping[str, Any] | None
    doubt: str
    notes: tuple[str, ...]


def replay_case(path: Path, contracts: tuple[str, ...], subject: str) -> Replayed:
    """Judge the stored case once more."""
    stored = _stored(path)
    programs = {program.id: program for program in load(contracts)}
    program = _named(path, "no contract", stored["contract"], programs)
    falsifiers = {part.source.id: part for part in program.falsifiers}
    falsifier = _named(path, f"{program.id} has no falsifier", stored["falsifier"], falsifiers)
    try:
        case = decode_case(program, stored)
        check_admitted(program, falsifier, case)
        Footprint(program, falsifier).check({**case.dimensions, **numbers_of(case.table)})
    except (HandledError, CaseTooLarge) as error:
        raise HandledError(f"{path}: {printable(str(error))}") from None
    notes = []
    if stored.get("digest") != digest(program.contract):
        notes.append(f"{program.id} has changed since this case was stored (version {stored.get('version')})")
    if stored.get("subject", subject) != subject:
        notes.append(f"this case was found with the subject {printable(str(stored['subject']), 120)}")
    implementation = load_subject(subject)
    missing = [name for name in implementation.missing(program) if name in names(falsifier.claim)]
    if missing:
        raise HandledError(f"subject {subject!r} offers no {', '.join(missing)}(), which {program.id} names")
    evidence = None
    try:
        arithmetic = arithmetic_of(program, falsifier.accurate)
        with user_interrupts():
            refused = refused_calls(program, implementation)
            judged = Trial(program, falsifier, case, implementation, arithmetic, disturb=True, refused=refused).judge()
            if judged.evidence is not None:
                evidence = counterexample(program, falsifier, case, judged.evidence, implementation, arithmetic)
    except Exception as error:
        raise HandledError(f"{path}: the case cannot be judged: {broken_by(error)}") from None
    source = falsifier.source
    return Replayed(source.id, source.claim.text, str(source.claim.place), evidence, judged.doubt, tuple(notes))


def _named(path: Path, lack: str, name: Any, known: Mapping[str, T]) -> T:
    if not isinstance(name, str) or name not in known:
        raise HandledError(f"{path}: {lack} {printable(str(name))!r}; {nearest(str(name), known)}")
    return known[name]


def _stored(path: Path) -> dict[str, Any]:
    """What a file holds. Cases have named no schema so far; one that does was written by a later version."""
    try:
        if path.exists() and not path.is_file():
            raise HandledError(f"{path}: not a file")
        if path.stat().st_size > LARGEST:
            raise HandledError(
                f"{path}: {path.stat().st_size} bytes are too many for a stored case, expected at most {LARGEST}"
            )
        text = path.read_text(encoding="utf-8")
        if parts(text) > MOST_PARTS:
            raise HandledError(f"{path}: not a stored case: more than {MOST_PARTS} values")
        stored = json.loads(text)
    except OSError as error:
        raise HandledError(f"{path}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise HandledError(f"{path}: not a stored case: {printable(str(error), 120)}") from None
    if isinstance(stored, dict) and "schema" in stored:
        told = printable(str(stored["schema"]), 80)
        raise HandledError(
            f"{path}: a case in the schema {told!r}; this version reads cases that name no schema: use the version of "
            "harness that wrote it, or a newer one"
        )
    wanted = ("contract", "falsifier", "dimensions", "inputs")
    if not isinstance(stored, dict) or any(name not in stored for name in wanted):
        raise HandledError(f"{path}: not a stored case: it needs {', '.join(wanted)}")
    return stored
