"""Refusals: a condition of the arguments alone, and a message whose holes can be filled."""

from __future__ import annotations

from dataclasses import replace

from harness.contract.access import entries, items, source
from harness.contract.check.desk import Desk
from harness.contract.check.template import Hole, TemplateRefused, holes, split_message
from harness.contract.model import Source
from harness.contract.program import RefusalProgram
from harness.language.infer import TYPED, Scope, TypeRefused, infer
from harness.language.syntax import Call, Node, spell, walk


def check_refusal(desk: Desk, index: int, scope: Scope) -> RefusalProgram | None:
    """One entry of `refuses`; None where its condition or the braces of its message mean nothing."""
    part = desk.contract.refusals[index]
    if part.subject not in scope.subjects:
        return None
    what = f"refuses of {part.subject}"
    carried = scope.subjects[part.subject].arguments
    typed = {name: TYPED[kind] for name, kind in carried.items() if kind in TYPED}
    scope = replace(scope, names={**scope.names, **typed}, subjects={})  # decided by the arguments alone
    when = None
    if part.when is not None:
        when = _condition(desk, part.when, what, scope)
        if when is None:
            return None
    if not _message(desk, index, what, scope):
        return None
    return RefusalProgram(part.subject, when, part.error, split_message(part.message))


def _condition(desk: Desk, written: Source, what: str, scope: Scope) -> Node | None:
    """One truth value of inputs, dimensions, equations and typed arguments."""
    when = desk.parse(written, what)
    for call in walk(when):
        if isinstance(call, Call) and call.name in desk.contract.subjects:
            message = f"{what}: a refusal is decided by the arguments alone"
            desk.say(written.place_at(call.start), message, "inputs, dimensions and equations", spell(call))
            return None
    kind = desk.condition(when, written, what, f"{what}: `when` is no condition", scope)
    return None if kind is None else when


def _message(desk: Desk, index: int, what: str, scope: Scope) -> bool:
    """Whether the braces pair up; every hole has a value."""
    text = source(entries(items(desk.contract.node, "refuses")[index])["message"])
    try:
        pieces = holes(text.text)
    except TemplateRefused as error:
        desk.say(text.place_at(error.offset), f"{what}: message: {error}", hint="{expression} stands for a value")
        return False
    for piece in pieces:
        if isinstance(piece, Hole):
            try:
                infer(piece.node, scope)
            except TypeRefused as error:
                if not desk.follows(error):
                    place, mismatch = text.place_at(piece.offset + error.node.start), error.mismatch
                    said = f"{what}: message: {error}"
                    desk.say(place, said, mismatch.expected, mismatch.got, mismatch.hint)
    return True
