"""Whether what changed in a contract still means the same: decided by evaluating, not by reading the text.

Everything here takes two checked versions of one contract and gives `Evidence`. Importing this module is cheap:
NumPy is loaded by the functions that evaluate, when they are called. Every answer is the same on every machine:
cases are drawn from a seed made of the two expressions alone. How it is decided is told in docs/gate-evidence.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from harness.program.model import Program

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


def compare_equation(old: Program, new: Program, name: str) -> RelationEvidence:
    """One equation of the contract (`weights`) or of a block format (`q4_k.sc`) in two versions.

    Changes of equations below it are blamed on those; a change that another one makes up for is seen as such. Both
    versions must have the equation.
    """
    from harness.gate.meaning.block import block_diff
    from harness.gate.meaning.equation import equation_diff
    from harness.gate.meaning.expression_diff import common_arithmetic
    from harness.gate.meaning.view import views

    both = views(old, new)
    if "." in name:
        format_, _, step = name.partition(".")
        return block_diff(old.formats[format_], new.formats[format_], step, common_arithmetic(*both))
    return equation_diff(*both, name)


def compare_claim(old: Program, new: Program, falsifier_id: str) -> RelationEvidence:
    """The claims of one falsifier in two versions, part by part of the conjunction. Both must have the falsifier."""
    from harness.gate.meaning.claim import claim_diff
    from harness.gate.meaning.view import views

    return claim_diff(*views(old, new), falsifier_id)


def compare_domain(old: Program, new: Program, falsifier_id: str | None) -> RelationEvidence:
    """The cases a falsifier admits (`given`, `where`, `for_each`, `over`), or None: the contract's own domain.

    The contract's domain is the ranges of its dimensions and the kinds and types of its inputs; only what both
    versions have is compared.
    """
    from harness.gate.meaning.domain import space_diff
    from harness.gate.meaning.view import views

    return space_diff(*views(old, new), falsifier_id)


def compare_refusal(
    old: Program, new: Program, subject: str, indices_old: tuple[int, ...], indices_new: tuple[int, ...]
) -> RelationEvidence:
    """The conditions of entries of `refuses`, counted among all entries of each version; of several, one suffices.

    narrowed: more calls are refused than before; widened: fewer.
    """
    from harness.gate.meaning.refusal import condition_diff, either
    from harness.gate.meaning.renaming import renamed
    from harness.gate.meaning.view import views

    before, after = views(old, new)
    left = either([old.refusals[index].when for index in indices_old])
    right = either([new.refusals[index].when for index in indices_new])
    return condition_diff(before, after, subject, left, right and renamed(right, after.named, new.equations))
