"""Two claims about an error: which of them asks for more."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from harness.gate.meaning.cases import ComparisonCase
from harness.gate.meaning.counterexample_text import cut_lines
from harness.gate.meaning.relation import RelationEvidence
from harness.gate.meaning.results import Execution
from harness.gate.meaning.view import VersionView
from harness.language.evaluate import Bindings, evaluate
from harness.language.single import Single
from harness.language.syntax import Call, Name, Node, Text
from harness.subjects.reference import Reference, fires, render

Refusals = Callable[[Node], Iterable[tuple[str, str]]]  # a call to class and message, case by case


def raises_diff(old: Call, new: Call, refusals: Refusals) -> RelationEvidence:
    """raises(call), raises(call, class), raises(call, class, part of the message) of the same call."""
    before, after = old.arguments[1:], new.arguments[1:]
    if before == after:
        return RelationEvidence("same", 0, "", "the same error is asked for")
    if not before or not after:
        return _from_refusals(list(refusals(old.arguments[0])), before, after)
    if before[0] != after[0]:
        shown = f"{_text(before[0])} before, {_text(after[0])} now"
        return RelationEvidence("different", 0, shown, "a different error class is asked for")
    parts = [_text(words[1]) if len(words) > 1 else "" for words in (before, after)]
    if parts[0] is None or parts[1] is None:
        return RelationEvidence("undecidable", 0, "", "the expression that makes the message asked for has changed")
    if parts[1] in parts[0]:
        return RelationEvidence("loosened", 0, _shown(parts), "less of the message is asked for")
    if parts[0] in parts[1]:
        return RelationEvidence("tightened", 0, _shown(parts), "more of the message is asked for")
    return RelationEvidence("different", 0, _shown(parts), "a different message is asked for")


def _from_refusals(said: list[tuple[str, str]], before: tuple[Node, ...], after: tuple[Node, ...]) -> RelationEvidence:
    """One side takes class and full message from `refuses`: that is more than the same class, and a part of it."""
    words = [_text(word) for word in before or after]
    wanted, part, *_ = [*words, ""]
    if wanted is None or part is None or not said:
        return RelationEvidence("undecidable", 0, "", "what `refuses` says of the call could not be determined")
    for error, message in said:
        if error != wanted or part not in message:
            shown = f"`refuses` says {error}: {message}"
            return RelationEvidence("different", len(said), cut_lines(shown), "a different error than `refuses` names")
    if before:
        return RelationEvidence(
            "tightened", len(said), "", "the class and the full message in `refuses` are now asked for"
        )
    return RelationEvidence(
        "loosened", len(said), "", "the class and the full message in `refuses` are no longer asked for"
    )


def refused(view: VersionView, call: Execution, case: ComparisonCase) -> tuple[str, str] | None:
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
                return entry.error, render(entry, bindings)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None
    return None


def _text(node: Node) -> str | None:
    return node.value if isinstance(node, Text) else None


def _shown(parts: list[str | None]) -> str:
    return cut_lines(f'"{parts[0]}" before, "{parts[1]}" now')
