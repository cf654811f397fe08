"""A stored counterexample against the code of today."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.contract.digest import digest
from harness.findings import HandledError, nearest
from harness.search.engine import arithmetic_of
from harness.contract.collection import load
from harness.search.store import counterexample, decode_case
from harness.search.subject import load_subject
from harness.search.trial import Trial

LARGEST = 1 << 30


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
    if stored["contract"] not in programs:
        raise HandledError(f"{path}: contract {stored['contract']!r} is not here; {nearest(str(stored['contract']), programs)}")
    program = programs[stored["contract"]]
    falsifiers = {part.source.id: part for part in program.falsifiers}
    if stored["falsifier"] not in falsifiers:
        raise HandledError(
            f"{path}: {program.id} has no falsifier {stored['falsifier']!r}; {nearest(str(stored['falsifier']), falsifiers)}"
        )
    falsifier = falsifiers[stored["falsifier"]]
    case = decode_case(program, stored)
    lacking = set(program.dimensions) - set(case.dimensions)
    if lacking:
        raise HandledError(f"{path}: the case says nothing of {', '.join(sorted(lacking))}")
    notes = []
    if stored.get("digest") != digest(program.contract):
        notes.append(f"{program.id} has changed since this case was stored (version {stored.get('version')})")
    try:
        judged = Trial(program, falsifier, case, load_subject(subject), arithmetic_of(program, falsifier.accurate)).judge()
    except (LookupError, TypeError, ValueError) as error:
        raise HandledError(f"{path}: the case does not fit {program.id}: {type(error).__name__}: {error}") from None
    evidence = counterexample(program, falsifier, case, judged.evidence) if judged.evidence is not None else None
    source = falsifier.source
    return Replayed(source.id, source.claim.text, str(source.claim.place), evidence, judged.doubt, tuple(notes))


def _stored(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST:
            raise HandledError(f"{path}: {path.stat().st_size} bytes are too many for a stored case")
        stored = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise HandledError(f"{path}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise HandledError(f"{path}: not a stored case: {error}") from None
    wanted = ("contract", "falsifier", "dimensions", "inputs")
    if not isinstance(stored, dict) or any(name not in stored for name in wanted):
        raise HandledError(f"{path}: not a stored case: it needs {', '.join(wanted)}")
    return stored
