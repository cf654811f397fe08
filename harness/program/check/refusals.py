"""Refusals: a condition of the arguments alone, and a message whose holes can be filled."""

from __future__ import annotations

from dataclasses import replace

from harness.contract.access import entries, items, source
from harness.contract.model import Source
from harness.language.infer import TYPED, Scope, TypeRefused, infer
from harness.language.syntax import Call, Node, spell, walk
from harness.program.check.checker import Checker
from harness.program.check.template import Hole, TemplateRefused, holes, split_message
from harness.program.model import RefusalProgram


def check_refusal(checker: Checker, index: int, scope: Scope) -> RefusalProgram | None:
    """One entry of `refuses`; None where its condition or the braces of its message mean nothing."""
    part = checker.contract.refusals[index]
    if part.subject not in scope.subjects:
        return None
    what = f"refuses of {part.subject}"
    carried = scope.subjects[part.subject].arguments
    typed = {name: TYPED[kind] for name, kind in carried.items() if kind in TYPED}
    scope = replace(scope, names={**scope.names, **typed}, subjects={})  # decided by the arguments alone
    when = None
    if part.when is not None:
        when = _condition(checker, part.when, what, scope)
        if when is None:
            return None
    if not _message(checker, index, what, scope):
        return None
    return RefusalProgram(part.subject, when, part.error, split_message(part.message))


def _condition(checker: Checker, written: Source, what: str, scope: Scope) -> Node | None:
    """One truth value of inputs, dimensions, equations and typed arguments."""
    when = checker.parse(written, what)
    for call in walk(when):
        if isinstance(call, Call) and call.name in checker.contract.subjects:
            message = f"{what}: a refusal is decided by the arguments alone"
            checker.say(written.place_at(call.start), message, "inputs, dimensions and equations", spell(call))
            return None
    kind = checker.condition(when, written, what, f"{what}: `when` is not a condition", scope)
    return None if kind is None else when


def _message(checker: Checker, index: int, what: str, scope: Scope) -> bool:
    """Whether the braces pair up; every hole has a value."""
    text = source(entries(items(checker.contract.node, "refuses")[index])["message"])
    try:
        pieces = holes(text.text)
    except TemplateRefused as error:
        checker.say(text.place_at(error.offset), f"{what}: message: {error}", hint="{expression} stands for a value")
        return False
    for piece in pieces:
        if isinstance(piece, Hole):
            try:
                infer(piece.node, scope)
            except TypeRefused as error:
                if not checker.follows(error):
                    place, mismatch = text.place_at(piece.offset + error.node.start), error.mismatch
                    said = f"{what}: message: {error}"
                    checker.say(place, said, mismatch.expected, mismatch.got, mismatch.hint)
    return True
