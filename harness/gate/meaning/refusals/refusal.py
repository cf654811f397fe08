"""When a subject refuses, in two versions: which calls each condition accepts (`calls.py`).

Conditions are decided on the arguments alone. Where the bound of a value leaves a condition in doubt, the call says
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from harness.gate.meaning.canonical import canonical_form
from harness.gate.meaning.equations.constants import changed_constants
from harness.gate.meaning.equations.functions import Sharp
from harness.gate.meaning.evidence import Difference, RelationEvidence, Verdicts, counterexample_text, cut_lines
from harness.gate.meaning.refusals.calls import ComparedCall, compared_calls
from harness.gate.meaning.sides import NoValue, read_by, valued
from harness.gate.meaning.view import VersionView, views
from harness.language.evaluate import Bindings
from harness.language.exact.domain import truth_of
from harness.language.syntax import Logic, Node, spell
from harness.language.undecided import Undecided
from harness.program.model import Program


def compare_refusal(
    old: Program, new: Program, subject: str, indices_old: tuple[int, ...], indices_new: tuple[int, ...]
) -> RelationEvidence:
    """The conditions of entries of `refuses`, counted among all entries of each version; of several, one suffices.

    narrowed: more calls are refused than before; widened: fewer.
    """
    before, after = views(old, new)
    left = either([old.refusals[index].when for index in indices_old])
    right = either([new.refusals[index].when for index in indices_new])
    earlier = [_whens_before(program, subject, min(indices)) for program, indices in
               ((old, indices_old), (new, indices_new))]  # fmt: skip
    return condition_diff(before, after, subject, left, right, [node for node in earlier[0] if node in earlier[1]])


def _whens_before(program: Program, subject: str, index: int) -> list[Node]:
    """The conditions of the entries before one of them."""
    entries = program.refusals[:index]
    return [canonical_form(entry.when) for entry in entries if entry.subject == subject and entry.when is not None]


def condition_diff(
    old: VersionView, new: VersionView, subject: str, left: Node | None, right: Node | None, earlier: Sequence[Node]
) -> RelationEvidence:
    """The conditions of two entries of `refuses`, in the names of the old version; None where none is written.

    A call that an `earlier` entry of both versions refuses never comes to either.
    """
    if left is None or right is None:
        if left is right:
            return RelationEvidence("same", 0, "", "neither says when")
        if right is None:
            return RelationEvidence(
                "loosened",
                0,
                cut_lines(spell(left)) if left else "",
                "the contract no longer says when the call is refused",
            )
        return RelationEvidence(
            "tightened", 0, cut_lines(spell(right)), "the contract now says when the call is refused"
        )
    if left == right:
        return RelationEvidence("same", 0, "", "the text is the same")
    if canonical_form(left) == canonical_form(right):
        return RelationEvidence("respelled", 0, "", "the same condition in a different order")
    own = new.with_equations({**new.equations, **old.equations})  # equations that changed are blamed themselves
    accepted = Verdicts()
    hidden = list(changed_constants({"": left}, {"": right}, integers=True))  # those that no call has shown so far
    for call in compared_calls(old, own, subject, (left, right)):
        given = {name: read_by(value, own.formats) for name, value in call.given.items()}
        whole = Bindings(Sharp(), own.equations, own.depends, given)  # with what is computed for both conditions
        before, after = _fires(left, whole), _fires(right, whole)
        if before is None or after is None or any(_fires(node, whole) for node in earlier):
            continue
        accepted.add(not before, not after, partial(_example, call, before, after))
        hidden = [part for part in hidden if all(_fires(node, whole) in ((before, after)[part.side], None)
                                                 for _, node in part.mutants)]  # fmt: skip
    return _evidence(accepted, hidden[0].why_unseen.replace("case", "call") if hidden else "")


def either(conditions: Sequence[Node | None]) -> Node | None:
    """One condition of several entries with the same error; None where one of them says none."""
    said = [part for part in conditions if part is not None]
    if len(said) < len(conditions):
        return None
    return said[0] if len(said) == 1 else Logic("or", tuple(said))


def _evidence(accepted: Verdicts, unseen: str) -> RelationEvidence:
    """Fewer calls accepted: narrowed. `unseen`: why that the same are says nothing, or ""."""
    n, gone, come = accepted.n, accepted.gone, accepted.come
    refused = accepted.counts.get((False, False), 0)
    if not (gone or come) and (unseen or not refused):
        why = f"the same {refused} of {n} calls are refused; but {unseen}"
        if not refused:
            why = f"none of {n} calls was refused, so nothing is known about the condition"
        return RelationEvidence("undecidable", n, "", why)
    told = [
        f"{count} of {n} calls are newly {what}" for count, what in ((gone, "refused"), (come, "accepted")) if count
    ]
    why = ", and ".join(told) or f"the same {refused} of {n} calls are refused"
    shown = accepted.examples.get((True, False)) or accepted.examples.get((False, True), "")
    return RelationEvidence(accepted.relation("narrowed", "widened", "incomparable"), n, shown, why)


def _example(call: ComparedCall, before: bool, after: bool) -> str:
    old, new = ("refused" if refused else "accepted" for refused in (before, after))
    return counterexample_text("the call", call.text(), Difference("", old, new))


def _fires(node: Node, given: Bindings) -> bool | None:
    """Whether the condition holds; without a value it does not, and in doubt nothing is said."""
    value = valued(node, given)
    if isinstance(value, NoValue):
        return None if value.open_ else False
    try:
        return bool(truth_of(value).decided().all())
    except Undecided:
        return None
