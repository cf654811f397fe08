"""What rules claim, part by part, and which rules claim a part: as far as their texts say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from harness.contract.access import entries
from harness.contract.node import YamlNode
from harness.gate.comparison import entries_by_id
from harness.gate.diff.covered_cases import covers
from harness.gate.meaning.canonical import conjuncts
from harness.gate.spelling import parsed, scalar_text
from harness.language.syntax import Call, Logic, Node, Number, names, spell

Judged = tuple[str, str]  # a result, and the value that it is judged by


@dataclass(frozen=True)
class Claimed:
    """The parts of a claim in their one spelling, and how accurate each result is promised to be.

    Of two parts that promise an accuracy of one result the stricter counts, for it implies the other.
    """

    parts: Mapping[str, Node]
    units: Mapping[Judged, float]

    def without(self, other: Claimed) -> Claimed:
        """What the other says nothing of. A result that both promise an accuracy of is in neither's rest."""
        parts = {text: part for text, part in self.parts.items() if text not in other.parts}
        return Claimed(parts, {key: units for key, units in self.units.items() if key not in other.units})

    def implies(self, other: Claimed) -> bool:
        """Whether it claims all that the other does."""
        return other.parts.keys() <= self.parts.keys() and all(
            key in self.units and self.units[key] <= units for key, units in other.units.items()
        )

    def mentions(self, part: Node) -> bool:
        """Whether one part of another claim is claimed here, of an accuracy perhaps in other units."""
        return not claimed(part).without(self)

    def __bool__(self) -> bool:
        """Whether anything is claimed."""
        return bool(self.parts or self.units)


def claimed(claim: Node | None) -> Claimed:
    """The parts of a claim; none where it cannot be read."""
    parts: dict[str, Node] = {}
    units: dict[Judged, float] = {}
    for part in single_parts(claim):
        match part:
            case Call(name="accurate", arguments=(result, value, Number(value=promised)), keywords=()):
                key = spell(result), spell(value)
                units[key] = min(promised, units.get(key, promised))
            case _:
                parts.update((spell(one), part) for one in conjuncts(part))
    return Claimed(parts, units)


def single_parts(claim: Node | None) -> list[Node]:
    """What all has to hold, as it is written."""
    if isinstance(claim, Logic) and claim.op == "and":
        return [part for inner in claim.parts for part in single_parts(inner)]
    return [] if claim is None else [claim]


def claim_of(rule: YamlNode) -> Node | None:
    """What a rule claims; None where that cannot be read."""
    return parsed(scalar_text(entries(rule)["claim"]))


def rules_that_claim(root: YamlNode, part: Node, rule: YamlNode, but: str = "") -> Iterator[str]:
    """The rules of a contract, but for one, that claim this part of every case that `rule` is about."""
    for id, other in entries_by_id(root, "falsification_tests").items():
        if id != but and claimed(claim_of(other)).implies(claimed(part)) and covers(root, other, rule, names(part)):
            yield id
