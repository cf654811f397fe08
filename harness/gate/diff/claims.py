"""Two claims, part by part of the conjunction: what text decides is decided here, the rest by evaluating."""

from __future__ import annotations

from harness.contract.access import entries, tuple_of
from harness.contract.node import YamlNode
from harness.gate.comparison import ContractComparison, entries_by_id
from harness.gate.diff.claimed import Claimed, claim_of, claimed, rules_that_claim, single_parts
from harness.language.syntax import Node, spell

MEANS = {"same": "respelled", "respelled": "respelled", "tightened": "tightened", "loosened": "loosened",
         "different": "changed", "undecidable": "undecided"}  # fmt: skip


def compare_claims(c: ContractComparison, path: str, falsifier: str, old: YamlNode, new: YamlNode) -> None:
    """What a falsifier claims."""
    before, after = entries(old)["claim"], entries(new)["claim"]
    if c.expression("claim-respelled", path, before, after):
        return
    trees = claim_of(old), claim_of(new)
    was, now = claimed(trees[0]), claimed(trees[1])
    gone, come = was.without(now), now.without(was)
    lost = [part for part in single_parts(trees[0]) if not now.mentions(part)]
    added = [part for part in single_parts(trees[1]) if not was.mentions(part)]
    elsewhere = all(any(rules_that_claim(c.new, part, old, but=falsifier)) for part in lost)
    if None in trees or (gone and come and not elsewhere):
        found = c.evaluation.claim(falsifier)
        c.say(f"claim-{MEANS[found.relation]}", path, before, after, shown=found)
        return
    told = _accuracies(c, path, was, now, before, after)
    if gone:
        _gone(c, path, falsifier, old, new, lost)
    if come:
        _come(c, path, falsifier, old, new, added)
    if not (gone or come or told):
        c.say("claim-respelled", path, before, after)


def _accuracies(
    c: ContractComparison, path: str, was: Claimed, now: Claimed, before: YamlNode, after: YamlNode
) -> bool:
    """Tells of each result whose accuracy changed; whether there is any."""
    changed = [key for key, units in was.units.items() if now.units.get(key, units) != units]
    for key in changed:
        kind = "accuracy-loosened" if now.units[key] > was.units[key] else "accuracy-tightened"
        c.say(kind, path, before, after, was=f"{was.units[key]} units", now=f"{now.units[key]} units")
    return bool(changed)


def _gone(c: ContractComparison, path: str, falsifier: str, old: YamlNode, new: YamlNode, gone: list[Node]) -> None:
    """Parts that are gone: another rule claims each of the same cases, or it is lost."""
    nodes = entries(old)["claim"], entries(new)["claim"]
    holders = [list(rules_that_claim(c.new, part, old, but=falsifier)) for part in gone]
    if not all(holders):
        c.say("claim-loosened", path, *nodes)
        return
    rules = entries_by_id(c.new, "falsification_tests")
    served = [{id for rule in found for id in tuple_of(rules[rule], "discharges")} for found in holders]
    left = [id for id in tuple_of(old, "discharges") if not all(id in ids for ids in served)]
    was, now = [spell(part) for part in gone], sorted({found[0] for found in holders})
    if left:
        c.say("claim-moved-away", path, *nodes, was=was, now=f"{', '.join(now)}, not for {', '.join(left)}")
    else:
        c.say("claim-moved", path, *nodes, was=was, now=now)


def _come(c: ContractComparison, path: str, falsifier: str, old: YamlNode, new: YamlNode, come: list[Node]) -> None:
    """Parts that are new: each was claimed of the same cases by another rule, or more is claimed."""
    nodes = entries(old)["claim"], entries(new)["claim"]
    holders = [next(rules_that_claim(c.old, part, new, but=falsifier), "") for part in come]
    if all(holders):
        c.say("claim-repeated", path, *nodes, was=sorted(set(holders)), now=[spell(part) for part in come])
    else:
        c.say("claim-tightened", path, *nodes)
