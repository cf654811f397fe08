"""What parts of two claims are compared on: the cases that both falsifiers admit, with results that are made up.

Both claims stand above the old equations, so that a change of those is not blamed on the claim. Calls in them are
symbols with values (`results.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from harness.gate.meaning.canonical import canonical_form
from harness.gate.meaning.cases import ComparisonCase, cases
from harness.gate.meaning.claims.raised import Said, refused
from harness.gate.meaning.claims.results import MODES, Symbols
from harness.gate.meaning.equations.expression_diff import (
    ExpressionPair,
    clear_decoded,
    common_arithmetic,
    diff_expressions,
)
from harness.gate.meaning.evidence import SAME_FUNCTION, RelationEvidence, cut_lines
from harness.gate.meaning.points import Wanted
from harness.gate.meaning.sides import Sides
from harness.gate.meaning.space import Space
from harness.gate.meaning.view import VersionView
from harness.language.exact.domain import Exact
from harness.language.syntax import Name, Node, names, spell

REFUSED = 40  # cases on which it is looked up what `refuses` says of a call
NARROW = 30  # of an expression in front of its values


class ClaimCases:
    """The equations, the cases and the results for the claims of one falsifier in two versions."""

    def __init__(self, old: VersionView, new: VersionView, falsifier: str) -> None:
        self.old = old
        # What the claims read of the new version alone is as it is there.
        self.own = new.with_equations({**new.equations, **old.equations})
        self.spaces = Space(old, old.rules[falsifier]), Space(new, new.rules[falsifier])
        self.claims = old.rules[falsifier].claim, new.rules[falsifier].claim
        self.arithmetic = replace(common_arithmetic(old, new), condition=False)
        self.symbols = Symbols(self.own, self._alike)
        self._made: dict[tuple[int, bool], list[ComparisonCase]] = {}

    def text(self, part: Node) -> str:
        """A part for the reader: `route#0.weights` as `route().weights`."""
        text = spell(part)
        for index, call in enumerate(self.symbols.calls):
            text = text.replace(f"{call.subject}#{index}", call.text())
        return text

    def short_text(self, part: Node) -> str:
        """A part in front of its values."""
        return cut_lines(self.text(part), NARROW)

    @cached_property
    def cases(self) -> list[ComparisonCase]:
        """The cases that both falsifiers admit."""
        read = {name for part in self.claims for name in names(part)}
        for subject in read & set(self.own.arguments):
            read |= {*self.own.arguments[subject].values(), *self.own.returns[subject].values()}
        seed = "|".join(sorted(spell(part) for part in self.claims))
        return cases(*self.spaces, Wanted(self.own.with_below(read), self.claims, seed))

    def with_results(self, wrong_indices: bool = False) -> list[ComparisonCase]:
        """The cases with a value for every result, in each case another kind of departure from the equations."""
        key = len(self.symbols.calls), wrong_indices  # a call that was met since then has results, too
        if key not in self._made:
            made = (self.symbols.valued(case, turn, self.claims, wrong_indices) for turn, case in enumerate(self.cases))
            self._made[key] = [case for case in made if case is not None]
        return self._made[key]

    def as_computed(self, count: int) -> list[ComparisonCase]:
        """Some cases of all sizes, with the results of the equations."""
        some = self.cases[:: max(1, len(self.cases) // count)]
        made = (self.symbols.valued(case, MODES * place, self.claims) for place, case in enumerate(some))
        return [case for case in made if case is not None]

    def judged(self, condition: bool = False, wrong_indices: bool = False) -> Iterator[tuple[ComparisonCase, Sides]]:
        """Each case with results, evaluated as a run does; `condition`: with condition numbers."""
        for case in self.with_results(wrong_indices):
            yield case, Sides(Exact(replace(self.arithmetic, condition=condition)), case)
            clear_decoded(case)

    def expressions(self, left: Node, right: Node, results: bool = True) -> RelationEvidence:
        """Two expressions as functions and by what they admit."""
        pair = ExpressionPair(self.short_text(left), self.own, self.own, left, right, [()], self.arithmetic)
        return diff_expressions(pair, self.with_results() if results else self.cases).evidence()

    def functions(self, left: Node, right: Node) -> RelationEvidence:
        """Two expressions as functions alone: respelled, or how they differ."""
        if left == right:
            return RelationEvidence("same", 0, "", "the text is the same")
        found = self.expressions(left, right)
        if found.relation not in SAME_FUNCTION:
            return found
        return RelationEvidence("respelled", found.n, "", f"the same values in {found.n} cases")

    def refused(self, call: Node) -> Iterator[Said]:
        """What `refuses` says of a call, case by case, in the old version."""
        assert isinstance(call, Name)
        made = self.symbols.calls[int(call.id.split("#")[1])]
        for case in self.with_results()[:REFUSED]:
            said = refused(self.old, made, case)
            if said is not None:
                yield said

    def _alike(self, left: Node, right: Node) -> bool:
        """Whether two arguments of a call mean the same."""
        if any(reads_result(node) for node in (left, right)):
            return canonical_form(left) == canonical_form(right)
        return self.expressions(left, right, results=False).relation in SAME_FUNCTION


def reads_result(node: Node) -> bool:
    """Whether an expression reads what a call returned."""
    return any("#" in name for name in names(node))
