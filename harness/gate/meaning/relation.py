"""How two versions of a part of a contract relate, and what shows it."""

from __future__ import annotations

from dataclasses import dataclass
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
    """

    relation: Relation
    n: int
    counterexample: str
    why: str
