"""Two claims about an error: which of them asks for more."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from harness.gate.meaning.cases import ComparisonCase
from harness.gate.meaning.claims.results import Execution
from harness.gate.meaning.evidence import RelationEvidence, cut_lines
from harness.gate.meaning.view import VersionView
from harness.language.evaluate import Bindings, evaluate
from harness.language.single import Single
from harness.language.syntax import Call, Name, Node, Text
from harness.subjects.reference import Reference, fires, numbers_of, render

UNKNOWN = "what `refuses` says of the call could not be determined"


@dataclass(frozen=True)
class Said:
    """What `refuses` says of a call: the class, the message, and the integers in it."""

    error: str
    message: str
    numbers: tuple[int, ...] = ()


Refusals = Callable[[Node], Iterable[Said]]  # a call to what is said of it, case by case


def split(part: Node) -> tuple[Node, ...]:
    """raises(call, class, text) is two claims: the class, and a text in the message."""
    match part:
        case Call(name="raises", arguments=(call, error, text)):
            return Call("raises", (call, error), ()), Call("says", (call, text), ())
    return (part,)


def raises_diff(old: Call, new: Call, refusals: Refusals) -> RelationEvidence:
    """raises(call), which asks for class and numbers, and raises(call, class), of the same call."""
    before, after = old.arguments[1:], new.arguments[1:]
    if before == after:
        return RelationEvidence("same", 0, "", "the same error is asked for")
    if before and after:
        shown = f"{_text(before[0])} before, {_text(after[0])} now"
        return RelationEvidence("different", 0, shown, "a different error class is asked for")
    said, wanted = list(refusals(old.arguments[0])), _text((before or after)[0])
    if wanted is None or not said:
        return RelationEvidence("undecidable", 0, "", UNKNOWN)
    for part in said:
        if part.error != wanted:
            shown = cut_lines(f"`refuses` says {part.error}: {part.message}")
            return RelationEvidence("different", len(said), shown, "a different error than `refuses` names")
    if not any(part.numbers for part in said):
        return RelationEvidence(
            "respelled", len(said), "", "`refuses` names this class, and its message has no numbers"
        )
    if before:
        return RelationEvidence("tightened", len(said), "", "the numbers of the message in `refuses` are now asked for")
    why = "the numbers of the message in `refuses` are no longer asked for"
    return RelationEvidence("loosened", len(said), "", why)


def says_diff(old: Call, new: Call, refusals: Refusals) -> RelationEvidence:
    """says(call), which asks for the sentence of `refuses`, and says(call, text), of the same call."""
    before, after = old.arguments[1:], new.arguments[1:]
    if before == after:
        return RelationEvidence("same", 0, "", "the same sentence is asked for")
    parts = [_text(words[0]) if words else "" for words in (before, after)]
    if parts[0] is None or parts[1] is None:
        return RelationEvidence("undecidable", 0, "", "the expression that makes the message asked for has changed")
    if before and after:
        if parts[1] in parts[0]:
            return RelationEvidence("loosened", 0, _shown(parts), "less of the message is asked for")
        if parts[0] in parts[1]:
            return RelationEvidence("tightened", 0, _shown(parts), "more of the message is asked for")
        return RelationEvidence("different", 0, _shown(parts), "a different message is asked for")
    said, text = list(refusals(old.arguments[0])), parts[0] or parts[1]
    if not said:
        return RelationEvidence("undecidable", 0, "", UNKNOWN)
    for part in said:
        if text not in part.message:
            shown = cut_lines(f"`refuses` says: {part.message}")
            return RelationEvidence("different", len(said), shown, "another text than that in `refuses`")
    if before:
        return RelationEvidence("tightened", len(said), "", "the full sentence in `refuses` is now asked for")
    return RelationEvidence("loosened", len(said), "", "the full sentence in `refuses` is no longer asked for")


def refused(view: VersionView, call: Execution, case: ComparisonCase) -> Said | None:
    """What `refuses` says of a call in a case, as the search would ask it (`search/trial.py`); None: nothing."""
    program = view.program
    subject = program.scope.subjects[call.subject]
    whole = Bindings(Single(), view.equations, view.depends, case.given())
    try:
        arguments = {
            key: evaluate(call.arguments.get(key, Name(carried)), whole) for key, carried in subject.arguments.items()
        }
        given = Reference().bind(program, subject, arguments, case.numbers)
        bindings = Bindings(Single(), view.equations, view.depends, given)
        for entry in program.refusals:
            if entry.subject == call.subject and fires(entry, bindings):
                return Said(entry.error, render(entry, bindings), numbers_of(entry, bindings))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None
    return None


def _text(node: Node) -> str | None:
    return node.value if isinstance(node, Text) else None


def _shown(parts: list[str | None]) -> str:
    return cut_lines(f'"{parts[0]}" before, "{parts[1]}" now')
