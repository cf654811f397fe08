"""Each refusal is asked for by some claim, and each claim of a refusal finds one."""

from __future__ import annotations

from collections.abc import Iterator

from harness.language.claims import REFUSALS
from harness.language.syntax import Call, Text, names, parse, spell, walk
from harness.program.check.checker import Checker
from harness.program.model import FalsifierProgram, RefusalProgram


def check_refusal_coverage(
    checker: Checker, falsifiers: list[FalsifierProgram | None], refusals: list[RefusalProgram | None]
) -> None:
    """Silent when a falsifier or a refusal has no program: then other findings may hide the match."""
    whole = [falsifier for falsifier in falsifiers if falsifier is not None]
    sound = [refusal for refusal in refusals if refusal is not None]
    if len(whole) < len(falsifiers) or len(sound) < len(refusals):
        return
    reads = [_reads(checker, refusal) for refusal in sound]
    asked: set[int] = set()
    missed: set[str] = set()
    for falsifier in whole:
        for claim, call in _claims_of_refusals(checker, falsifier):
            found = _matching(checker, claim, call, _changed(checker, falsifier, call), reads)
            asked |= found if claim.name == "raises" else set()
            if not found:
                missed.add(call.name)
                message = f"{falsifier.source.id}: `refuses` has no entry for {spell(claim)}"
                hint = "add the error with its condition and message under `refuses`"
                checker.say(falsifier.source.claim.place_at(claim.start), message, hint=hint)
    for index, refusal in enumerate(checker.contract.refusals):
        if index not in asked and refusal.subject not in missed:
            hint = f"add a claim raises({refusal.subject}(...))"
            checker.say(refusal.place, f"no falsifier provokes this refusal of {refusal.subject}", hint=hint)


def _claims_of_refusals(checker: Checker, falsifier: FalsifierProgram) -> Iterator[tuple[Call, Call]]:
    """Every `raises(...)` and `says(...)` with the call in it.

    Beside another mistake a claim may have no type: then it may call what is no subject, or nothing.
    """
    for part in walk(falsifier.claim):
        if isinstance(part, Call) and part.name in REFUSALS:
            for call in part.arguments[:1]:
                if isinstance(call, Call) and call.name in checker.contract.subjects:
                    yield part, call


def _matching(checker: Checker, claim: Call, call: Call, changed: set[str], reads: list[set[str]]) -> set[int]:
    """The refusals a claim may be about: those it names, or else those that read what it makes unusual."""
    words = [word.value if isinstance(word, Text) else "" for word in claim.arguments[1:]]
    error, part, *_ = [*words, "", ""] if claim.name == "raises" else ["", *words, ""]
    found = set()
    for index, refusal in enumerate(checker.contract.refusals):
        same = refusal.subject == call.name and error in (refusal.error, "")
        if same and (words or reads[index] & changed) and part in refusal.message:
            found.add(index)
    return found


def _changed(checker: Checker, falsifier: FalsifierProgram, call: Call) -> set[str]:
    """What a claim of a refusal makes unusual: replaced arguments and their sizes, and what `given` narrows."""
    arguments = checker.contract.subjects[call.name].arguments
    replaced = {arguments[name].text.strip() for name, _ in call.keywords if name in arguments}
    for name in replaced & set(checker.contract.inputs):
        replaced |= {used for source in checker.contract.inputs[name].shape for used in names(parse(source.text))}
    return replaced | set(falsifier.source.given) or set(checker.declared)


def _reads(checker: Checker, refusal: RefusalProgram) -> set[str]:
    read = names(refusal.when) if refusal.when is not None else set()
    return read.union(*(checker.depends.get(name, frozenset()) for name in read))
