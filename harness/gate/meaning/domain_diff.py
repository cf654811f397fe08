"""What was removed and what was added between two domains, and the relation that follows."""

from __future__ import annotations

from dataclasses import dataclass, field

from harness.gate.meaning.counterexample_text import cut_lines
from harness.gate.meaning.relation import Relation, RelationEvidence


@dataclass
class DomainDiff:
    """What was removed and added, each with one example; `open_` is what could not be decided."""

    gone: list[str] = field(default_factory=list)
    come: list[str] = field(default_factory=list)
    open_: list[str] = field(default_factory=list)
    n: int = 0
    how: str = ""

    def evidence(self, same_text: bool) -> RelationEvidence:
        """One removed case proves that cases were removed; that none was removed has to be shown."""
        lines = [f"no longer: {text}" for text in self.gone[:1]] + [f"new: {text}" for text in self.come[:1]]
        shown = cut_lines("\n".join(lines))
        if self.open_ and not self.gone:
            return RelationEvidence("undecidable", self.n, shown, self.open_[0])
        relation: Relation
        if self.gone and self.come:
            relation, why = "incomparable", "some cases are no longer admitted, and others are new"
        elif self.gone:
            relation, why = "narrowed", "some cases are no longer admitted"
        elif self.come:
            relation, why = "widened", "every case is still admitted, and there are new ones"
        elif same_text:
            relation, why = "same", "the text is the same"
        else:
            relation, why = "respelled", "the same cases are admitted"
        return RelationEvidence(relation, self.n, shown, f"{why}{self.how}" if relation != "same" else why)
