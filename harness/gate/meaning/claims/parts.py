"""The parts of a claim that all have to hold, and which form two parts have in common."""

from __future__ import annotations

from dataclasses import replace

from harness.gate.meaning.canonical import canonical_form, conjuncts
from harness.gate.meaning.claims.allowed_errors import FORMS as ERRORS
from harness.gate.meaning.claims.allowed_errors import errors_diff
from harness.gate.meaning.claims.claim_cases import ClaimCases, reads_result
from harness.gate.meaning.claims.conditions import truths_diff, values_diff
from harness.gate.meaning.claims.raised import raises_diff, says_diff, split
from harness.gate.meaning.evidence import Relation, RelationEvidence
from harness.language.syntax import Call, Node, spell

# Of arrays as shown and as roundings: what a claim is called that turns into this one, and what it says.
TRACES: dict[str, tuple[Relation, str]] = {
    "stagewise": ("tightened", "each stage now has to follow from the arrays shown"),
    "stagewise_rounded": ("loosened", "each stage may now follow from values that only round to the arrays shown"),
}
FORMS = {*ERRORS, *TRACES, "admissible", "finite", "raises", "raises_or", "says"}
UNRELATED = RelationEvidence("different", 0, "", "")


def parts_of(on: ClaimCases, claim: Node) -> list[Node]:
    """The parts of a claim, with symbols for calls."""
    whole = [_sorted(canonical_form(on.symbols.replaced(part))) for part in conjuncts(claim)]
    return [part for one in whole for part in split(one)]


def compare_parts(on: ClaimCases, old: Node, new: Node) -> RelationEvidence:
    """Two parts; `different` without a reason where they are not about the same thing."""
    if old == new:
        return RelationEvidence("same", 0, "", "the text is the same")
    forms = [part.name if isinstance(part, Call) and part.name in FORMS else "" for part in (old, new)]
    if not isinstance(old, Call) or not isinstance(new, Call) or not any(forms):
        return UNRELATED if any(forms) else truths_diff(on, old, new)
    if set(forms) <= ERRORS:
        return errors_diff(on, old, new)
    if set(forms) == set(TRACES):
        relation, why = TRACES[forms[1]]
        return RelationEvidence(relation, 0, "", why) if old.arguments == new.arguments else UNRELATED
    return _of_one_form(on, forms[0], old, new) if forms[0] == forms[1] else UNRELATED


def _of_one_form(on: ClaimCases, form: str, old: Call, new: Call) -> RelationEvidence:
    same_call = old.arguments[0] == new.arguments[0]
    match form:
        case "raises" if same_call:
            return raises_diff(old, new, on.refused)
        case "says" if same_call:
            return says_diff(old, new, on.refused)
        case "raises_or" if same_call:
            return compare_parts(on, old.arguments[1], new.arguments[1])
        case "finite":
            return values_diff(on, old.arguments[0], new.arguments[0])
        case "admissible":
            return _admissible(on, old, new)
    return UNRELATED


def _admissible(on: ClaimCases, old: Call, new: Call) -> RelationEvidence:
    ids = values_diff(on, old.arguments[0], new.arguments[0])
    if ids.relation not in ("same", "respelled"):
        return ids if ids.relation in ("loosened", "tightened") else UNRELATED
    return on.expressions(old.arguments[1], new.arguments[1])


def _sorted(part: Node) -> Node:
    """Bits that are identical are so either way round; where both sides are results, in one order."""
    if isinstance(part, Call) and part.name == "identical" and all(reads_result(side) for side in part.arguments):
        return replace(part, arguments=tuple(sorted(part.arguments, key=spell)))
    return part
