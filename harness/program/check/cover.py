"""Situations that a falsifier must meet: decided by the case alone, and by what is drawn for its claim."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from harness.contract.model import Cover, Falsifier
from harness.language.infer import Scope
from harness.language.syntax import Call, Node, names, spell, walk
from harness.program.check.checker import At, Checker
from harness.program.model import CoverProgram, Program


def check_cover(checker: Checker, falsifier: Falsifier, scope: Scope, at: At) -> tuple[CoverProgram, ...]:
    """The situations of one falsifier, typed in its scope."""
    seen: set[str] = set()
    covered = []
    for index, part in enumerate(falsifier.cover):
        what = f"{falsifier.id}: cover {part.situation}"
        if part.situation in seen:
            checker.say(
                at("cover", index, "situation"), f"{what}: the same situation twice", hint="give it another name"
            )
        seen.add(part.situation)
        when = _when(checker, part, what, scope)
        if when is not None:
            covered.append(CoverProgram(part.situation, when, part.least))
    return tuple(covered)


def _when(checker: Checker, part: Cover, what: str, scope: Scope) -> Node | None:
    """One truth value of dimensions, inputs, equations and columns."""
    when = checker.parse(part.when, what)
    for call in walk(when):
        if isinstance(call, Call) and call.name in checker.contract.subjects:
            message = f"{what}: a situation depends on the case, not on a result"
            checker.say(part.when.place_at(call.start), message, "dimensions, inputs and equations", spell(call))
            return None
    kind = checker.condition(when, part.when, what, f"{what}: `when` is not a condition", replace(scope, subjects={}))
    if kind is not None and not names(when) & set(scope.names):
        checker.say(part.when.place, f"{what}: the same in every case", "a condition of what a case draws", spell(when))
        return None
    return None if kind is None else when


def check_covered_inputs(checker: Checker, program: Program) -> None:
    """Inputs that a claim does not read are not drawn: no situation can be made of them."""
    positions = {falsifier.id: index for index, falsifier in enumerate(checker.contract.falsifiers)}
    for falsifier in program.falsifiers:
        at = partial(checker.at, "falsification_tests", positions[falsifier.source.id])
        read = program.read_by(falsifier)
        for index, part in enumerate(falsifier.cover):
            for name in _inputs(program, names(part.when)):
                if name not in read:
                    message = f"{falsifier.source.id}: cover {part.situation} uses {name!r}, which is not drawn here"
                    checker.say(at("cover", index, "when"), message, hint=f"the claim does not read {name}")
                    break


def _inputs(program: Program, read: Iterable[str]) -> list[str]:
    """The inputs among some names and everything below them."""
    below = {name for known in read for name in {known} | program.depends.get(known, frozenset())}
    return [name for name in program.inputs if name in below]
