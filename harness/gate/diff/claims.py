"""Two claims, part by part of the conjunction: what text decides is decided here, the rest by evaluating."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.contract.access import entries, tuple_of
from harness.contract.node import YamlNode
from harness.gate.comparison import ContractComparison, entries_by_id
from harness.gate.diff.claimed import Claimed, claim_of, claimed, rules_that_claim, single_parts
from harness.language.syntax import Node, parse, spell

MEANS = {"same": "respelled", "respelled": "respelled", "tightened": "tightened", "loosened": "loosened",
         "different": "changed", "undecidable": "undecided"}  # fmt: skip
KEPT = ("same", "respelled", "tightened")  # by itself the new claim is no weaker


def compare_claims(c: ContractComparison, path: str, falsifier: str, old: YamlNode, new: YamlNode) -> None:
    """What a falsifier claims."""
    before, after = entries(old)["claim"], entries(new)["claim"]
    if c.expression("claim-respelled", path, before, after):
        return
    trees = claim_of(old), claim_of(new)
    was, now = claimed(trees[0]), claimed(trees[1])
    gone = [part for part in single_parts(trees[0]) if not now.mentions(part)]
    come = [part for part in single_parts(trees[1]) if not was.mentions(part)]
    rule = _Rule(c, path, falsifier, old, new)
    if None in trees or (gone and come):
        found = c.evaluation.claim(falsifier)
        if found.relation in KEPT or None in trees or not rule.moved(gone):
            rule.say(f"claim-{MEANS[found.relation]}", shown=found)
            return
    elif gone and not rule.moved(gone):
        rule.say("claim-loosened")
    told = rule.accuracies(was, now)
    if come:
        rule.come(come)
    if not (gone or come or told):
        rule.say("claim-respelled")


@dataclass(frozen=True)
class _Rule:
    """A rule in both versions, and where its claim is told of."""

    c: ContractComparison
    path: str
    id: str
    old: YamlNode
    new: YamlNode

    def say(self, kind: str, **more: Any) -> None:
        self.c.say(kind, self.path, entries(self.old)["claim"], entries(self.new)["claim"], **more)

    def accuracies(self, was: Claimed, now: Claimed) -> bool:
        """Tells of each result whose accuracy changed; whether there is any."""
        changed = [key for key, units in was.units.items() if now.units.get(key, units) != units]
        for result, value in changed:
            before, after = was.units[result, value], now.units[result, value]
            if after > before and self.moved([parse(f"accurate({result}, {value}, {before!r})")]):
                continue
            of = f" of {result}" if len(changed) > 1 else ""
            kind = "accuracy-loosened" if after > before else "accuracy-tightened"
            self.say(kind, was=f"{before} units{of}", now=f"{after} units{of}")
        return bool(changed)

    def moved(self, gone: list[Node]) -> bool:
        """Whether other rules claim all that is gone, of the same cases or more; tells so."""
        c, old = self.c, self.old
        holders = [list(rules_that_claim(c.new, part, old, but=self.id)) for part in gone]
        if not all(holders):
            return False
        rules = entries_by_id(c.new, "falsification_tests")
        served = [{id for rule in found for id in tuple_of(rules[rule], "discharges")} for found in holders]
        left = [id for id in tuple_of(old, "discharges") if not all(id in ids for ids in served)]
        was, now = [spell(part) for part in gone], sorted({found[0] for found in holders})
        if left:
            self.say("claim-moved-away", was=was, now=f"{', '.join(now)}, not for {', '.join(left)}")
        else:
            self.say("claim-moved", was=was, now=now)
        return True

    def come(self, come: list[Node]) -> None:
        """Parts that are new: each was claimed of the same cases by another rule, or more is claimed."""
        holders = [next(rules_that_claim(self.c.old, part, self.new, but=self.id), "") for part in come]
        if all(holders):
            self.say("claim-repeated", was=sorted(set(holders)), now=[spell(part) for part in come])
        else:
            self.say("claim-tightened")
