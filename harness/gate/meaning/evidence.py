"""How two versions of a part of a contract relate, and what shows it, in lines that fit a terminal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

Relation = Literal[
    "same",
    "respelled",
    "tightened",
    "loosened",
    "different",
    "narrowed",
    "widened",
    "incomparable",
    "undecidable",
]
SAME_FUNCTION: tuple[Relation, ...] = ("respelled", "tightened", "loosened")


@dataclass(frozen=True)
class RelationEvidence:
    """How new relates to old, and what shows it.

    relation        same: the text is the same, up to spaces, parentheses and names that were renamed throughout
                    respelled: another text, the same meaning in everything that was looked at
                    tightened, loosened: the same function, a smaller or a larger set of admitted results
                    different: another function, or a claim about something else; `counterexample` shows it
                    narrowed, widened: fewer or more cases are admitted (domains), refused calls: fewer, more accepted
                    incomparable: some cases went and others came
                    undecidable: neither shown to be equal nor to differ; `why` says what stood in the way
    n               cases (or values, where all of them were enumerated) that took part
    counterexample  at most three short lines: the dimensions, the kinds of the inputs, the entry, old, new
    why             one sentence
    less            of loosened: fewer results are admitted elsewhere
    """

    relation: Relation
    n: int
    counterexample: str
    why: str
    less: bool = False


@dataclass
class Verdicts:
    """What two versions say of the same things, each taken or not taken: how often, and an example of each."""

    counts: dict[tuple[bool, bool], int] = field(default_factory=dict)
    examples: dict[tuple[bool, bool], str] = field(default_factory=dict)

    def add(self, old: bool, new: bool, example: Callable[[], str]) -> None:
        """One thing; `example` tells of it, and is asked for the first of each kind."""
        self.counts[old, new] = self.counts.get((old, new), 0) + 1
        if (old, new) not in self.examples:
            self.examples[old, new] = example()

    @property
    def n(self) -> int:
        """How many things were looked at."""
        return sum(self.counts.values())

    @property
    def gone(self) -> int:
        """How many only the old version takes."""
        return self.counts.get((True, False), 0)

    @property
    def come(self) -> int:
        """How many only the new version takes."""
        return self.counts.get((False, True), 0)

    def relation(self, fewer: Relation, more: Relation, other: Relation) -> Relation:
        """What new is to old: it takes fewer, more, or others; `respelled` where it takes the same."""
        if self.gone and self.come:
            return other
        return fewer if self.gone else more if self.come else "respelled"


WIDTH = 78


@dataclass(frozen=True)
class Difference:
    """Where two functions differ: `place` like `[0, 3]`, and both values as text."""

    place: str
    old: str
    new: str


def cut_lines(text: str, width: int = WIDTH) -> str:
    """Each line cut to the width, with dots where something is missing."""
    return "\n".join(line if len(line) <= width else f"{line[: width - 3]}..." for line in text.split("\n"))


def counterexample_text(what: str, case: str, difference: Difference) -> str:
    """At most three short lines: those of the case, and the entry with both values."""
    lines = [*case.split("\n"), f"{what}{difference.place}: old {difference.old}, new {difference.new}"]
    return cut_lines("\n".join(line for line in lines if line))
