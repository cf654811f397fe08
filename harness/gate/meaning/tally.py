"""What a series of cases showed about two expressions, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass

from harness.gate.meaning import Evidence, Relation
from harness.gate.meaning.compared import Admitted, Difference, Seen

WIDTH = 78


@dataclass
class Tally:
    """`n`: cases in which something was judged; `entries` of them. `tried` counts the others too."""

    n: int = 0
    entries: int = 0
    tried: int = 0
    open_: str = ""
    different: str = ""
    more: str = ""
    more_in: int = 0
    less_in: int = 0
    factor: float = 1.0

    def case(self, judged: int) -> None:
        """One case is over."""
        self.tried += 1
        if judged:
            self.n += 1
            self.entries += judged

    def differs(self, what: str, case: str, seen: Seen) -> None:
        """The first difference is kept."""
        if seen.difference is not None and not self.different:
            self.different = shown(what, case, seen.difference)

    def admits(self, what: str, case: str, found: Admitted) -> None:
        """What one case says of the bounds; the largest excess is kept."""
        self.more_in += found.more is not None
        self.less_in += found.less
        if found.more is not None and (not self.more or found.factor > self.factor):
            self.factor = found.factor
            self.more = shown(what, case, found.more)

    def evidence(self, what: str = "") -> Evidence:
        """The relation; `what` says what was compared, in front of the sentence."""
        n = self.n
        told = f"the same function in {n} cases ({self.entries} entries)"
        if self.different:
            return Evidence("different", self.tried, self.different, f"{what}another function, shown by one case")
        if not n:
            why = self.open_ or "no case that both versions admit has a value"
            return Evidence("undecidable", 0, "", f"{what}{why}")
        relation: Relation
        if self.more_in:
            often = f"in {self.more_in} of them" if n > 1 else "there"
            size = f", up to {self.factor:.3g} times" if self.factor not in (1.0, float("inf")) else ""
            relation, why = "loosened", f"{told}, but more float32 results are admitted {often}{size}"
            return Evidence(relation, n, self.more, what + why)
        if self.less_in:
            relation = "tightened"
            return Evidence(relation, n, "", f"{what}{told}; fewer float32 results are admitted in {self.less_in} of them")
        return Evidence("respelled", n, "", f"{what}{told}, and the same float32 results are admitted")


def shown(what: str, case: str, difference: Difference) -> str:
    """At most three short lines: the case, the entry with both values."""
    place = f"{what}{difference.place}"
    lines = [_short(case), _short(f"{place}: old {difference.old}, new {difference.new}")]
    return "\n".join(line for line in lines if line)


def _short(line: str) -> str:
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 3]}..."
