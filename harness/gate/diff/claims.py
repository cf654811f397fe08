"""Two claims, part by part of the conjunction: what text decides is decided here, the rest by evaluating."""

from __future__ import annotations

from harness.contract.access import entries
from harness.contract.node import YamlNode
from harness.gate.comparison import ContractComparison, entries_by_id, same
from harness.gate.spelling import parsed, scalar_text
from harness.language.syntax import Call, Logic, Node, Number, spell

MEANS = {"same": "respelled", "respelled": "respelled", "tightened": "tightened", "loosened": "loosened",
         "different": "changed", "undecidable": "undecided"}  # fmt: skip

CASES = ("given", "where", "for_each", "over", "undecided")  # what says for which cases a rule holds, and how strictly


def compare_claims(c: ContractComparison, path: str, falsifier: str, old: YamlNode, new: YamlNode) -> None:
    """What a falsifier claims."""
    before, after = entries(old)["claim"], entries(new)["claim"]
    if c.expression("claim-respelled", path, before, after):
        return
    trees = parsed(scalar_text(before)), parsed(scalar_text(after))
    gone, come = _unmatched(trees[0], trees[1]), _unmatched(trees[1], trees[0])
    others = _beside(c, falsifier, old) if gone else {}
    if gone and all(spell(part) in others for part in gone):
        c.say("claim-moved", path, before, after, was=[spell(part) for part in gone],
              now=sorted({others[spell(part)] for part in gone}))  # fmt: skip
        if come:
            c.say("claim-tightened", path, before, after)
        return
    if trees[0] is not None and trees[1] is not None and not (gone and come):
        kind = "claim-loosened" if gone else "claim-tightened" if come else "claim-respelled"
        c.say(kind, path, before, after)
        return
    units = _promised(gone), _promised(come)
    if units[0] and units[1] and units[0].keys() == units[1].keys():
        for promise, was in units[0].items():
            now = units[1][promise]
            kind = "accuracy-loosened" if now > was else "accuracy-tightened" if now < was else "claim-respelled"
            c.say(kind, path, before, after, was=f"{was} units", now=f"{now} units")
        return
    found = c.evaluation.claim(falsifier)
    c.say(f"claim-{MEANS[found.relation]}", path, before, after, shown=found)


def _beside(c: ContractComparison, falsifier: str, old: YamlNode) -> dict[str, str]:
    """What the new version's other rules claim of the very cases that the old rule was about: part to id."""
    found: dict[str, str] = {}
    for id, rule in entries_by_id(c.new, "falsification_tests").items():
        if id != falsifier and all(same(entries(old).get(key), entries(rule).get(key)) for key in CASES):
            claim = parsed(scalar_text(entries(rule)["claim"]))
            found |= {spell(part): id for part in _parts(claim)}
    return found


def _parts(claim: Node | None) -> list[Node]:
    if isinstance(claim, Logic) and claim.op == "and":
        return [part for inner in claim.parts for part in _parts(inner)]
    return [] if claim is None else [claim]


def _unmatched(claim: Node | None, other: Node | None) -> list[Node]:
    """The parts of a claim that the other one does not have."""
    others = {spell(part) for part in _parts(other)}
    return [part for part in _parts(claim) if spell(part) not in others]


def _promised(parts: list[Node]) -> dict[tuple[Node, ...], float]:
    """What `accurate` promises of which result: its units; nothing where there is any other claim among them."""
    found: dict[tuple[Node, ...], float] = {}
    for part in parts:
        match part:
            case Call(name="accurate", arguments=(result, value, Number(value=units)), keywords=()):
                found[result, value] = units
            case _:
                return {}
    return found
