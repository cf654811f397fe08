"""Two claims of one falsifier: which results of a subject they accept.

A claim is parts that all have to hold. A part is kept where some new part implies it; it is new where no old part
implies it. So the claim is loosened where an old part is not kept, and tightened where a new one is new; the order
and the number of times a part is written do not matter. Two parts of one form about the same result are compared by
what they allow; the equations they read are the old ones on both sides, so that a change of those is not blamed on
the claim.
"""

from __future__ import annotations

from dataclasses import replace

from harness.gate.meaning.canonical import canonical_form
from harness.gate.meaning.claims.claim_cases import ClaimCases
from harness.gate.meaning.claims.parts import compare_parts, parts_of
from harness.gate.meaning.evidence import RelationEvidence, cut_lines
from harness.gate.meaning.view import VersionView, views
from harness.program.model import Program

IMPLIES = {"same", "respelled", "tightened"}  # what new may be, for the old part to be kept
IMPLIED = {"same", "respelled", "loosened"}
NEAREST = ("loosened", "different", "undecidable")  # what is said of a part that is not kept


def compare_claim(old: Program, new: Program, falsifier_id: str) -> RelationEvidence:
    """The claims of one falsifier in two versions, part by part of the conjunction. Both must have the falsifier."""
    return claim_diff(*views(old, new), falsifier_id)


def claim_diff(old: VersionView, new: VersionView, falsifier: str) -> RelationEvidence:
    """The claims of one falsifier, which both versions have."""
    rules = old.rules[falsifier], new.rules[falsifier]
    if rules[0].claim == rules[1].claim:
        return RelationEvidence("same", 0, "", "the text is the same")
    if canonical_form(rules[0].claim) == canonical_form(rules[1].claim):
        return RelationEvidence("respelled", 0, "", "the same parts in a different order")
    on = ClaimCases(old, new, falsifier)
    before, after = parts_of(on, rules[0].claim), parts_of(on, rules[1].claim)
    found: dict[tuple[int, int], RelationEvidence] = {}

    def is_one_of(relations: set[str], i: int, j: int) -> bool:
        if (i, j) not in found:
            found[i, j] = compare_parts(on, before[i], after[j])
        return found[i, j].relation in relations

    lost = [i for i, part in enumerate(before)
            if part not in after and not any(is_one_of(IMPLIES, i, j) for j in range(len(after)))]  # fmt: skip
    come = [j for j, part in enumerate(after)
            if part not in before and not any(is_one_of(IMPLIED, i, j) for i in range(len(before)))]  # fmt: skip
    n = max((part.n for part in found.values()), default=0)
    if lost:
        partners = [found[lost[0], j] for j, part in enumerate(after)
                    if part not in before or found[lost[0], j].relation == "loosened"]  # fmt: skip
        return _lost(on.text(before[lost[0]]), partners, n)
    if come:
        partner = [found[i, come[0]] for i in range(len(before)) if found[i, come[0]].relation == "tightened"]
        why = partner[0].why if partner else f"one more part has to hold: {cut_lines(on.text(after[come[0]]))}"
        return RelationEvidence("tightened", n, partner[0].counterexample if partner else "", why)
    return RelationEvidence(
        "respelled", n, "", f"the same results are let through, in {n} cases" if n else "the same parts"
    )


def _lost(part: str, partners: list[RelationEvidence], n: int) -> RelationEvidence:
    """The evidence for an old part that no new part implies."""
    for relation in NEAREST:
        for partner in partners:
            if partner.relation == relation and partner.why:
                return replace(partner, n=max(n, partner.n))
    return RelationEvidence(
        "loosened", n, cut_lines(part), "a part of the claim was removed, and no other part implies it"
    )
