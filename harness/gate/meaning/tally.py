"""What a series of cases showed about two expressions, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite

from harness.gate.meaning.admitted import Admitted
from harness.gate.meaning.compared import FunctionDiff
from harness.gate.meaning.counterexample_text import counterexample_text
from harness.gate.meaning.relation import Relation, RelationEvidence

FEW = 5  # where fewer than one case in so many is decided, agreement shows too little


@dataclass
class ExpressionTally:
    """`tried`: cases looked at. `n`: those in which something was judged, `entries` of them."""

    n: int = 0
    entries: int = 0
    tried: int = 0
    open_: str = ""
    different: str = ""
    more: str = ""
    more_in: int = 0
    less_in: int = 0
    factor: float = 0.0  # the largest finite excess; 0.0 where there is none
    inner: bool = False  # what is made of the values may admit something else, although they do not

    def case(self, judged: int, found: Iterable[Admitted] = ()) -> None:
        """One case is over; `found` is what it said of the bounds."""
        found = list(found)
        self.tried += 1
        self.n += judged > 0
        self.entries += judged
        self.more_in += any(part.more is not None for part in found)
        self.less_in += any(part.less for part in found)
        self.inner |= any(part.inner for part in found)

    def differs(self, what: str, case: str, seen: FunctionDiff) -> None:
        """The first difference is kept."""
        if seen.difference is not None and not self.different:
            self.different = counterexample_text(what, case, seen.difference)

    def admits(self, what: str, case: str, found: Admitted) -> None:
        """An excess that is a number says more than one over a bound of zero, or without limit; the largest is kept."""
        finite = found.factor if isfinite(found.factor) else 0.0
        if found.more is not None and (not self.more or finite > self.factor):
            self.factor = finite
            self.more = counterexample_text(what, case, found.more)

    def evidence(self) -> RelationEvidence:
        """The relation, with what shows it."""
        n = self.n
        told = f"the same function in {n} cases ({self.entries} entries)"
        if self.different:
            return RelationEvidence("different", self.tried, self.different, "a different function, shown by one case")
        if not n:
            why = self.open_ or "the expressions have no value in any case that both versions admit"
            return RelationEvidence("undecidable", 0, "", why)
        relation: Relation
        if self.more_in:
            often = f"in {self.more_in} of {self.tried}"  # also where nothing is judged any more
            size = f", up to {self.factor:.3g} times" if self.factor > 1 else ""
            relation, why = "loosened", f"{told}, but more float32 results are admitted {often}{size}"
            return RelationEvidence(relation, n, self.more, why)
        if FEW * n < self.tried:
            others = self.open_ or "no value has a finite bound"
            return RelationEvidence(
                "undecidable", n, "", f"only {n} of {self.tried} cases are decided; why not the others: {others}"
            )
        if self.less_in:
            relation = "tightened"
            told += f"; fewer float32 results are admitted in {self.less_in} of {self.tried}"
            return RelationEvidence(relation, n, "", told)
        return RelationEvidence("respelled", n, "", f"{told}, and the same float32 results are admitted")
