"""Two parts of claims against each other: on the same cases and, where they speak of results, on the same results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from harness.gate.meaning.admitted import bounds
from harness.gate.meaning.canonical import canonical_form, conjuncts
from harness.gate.meaning.cases import ComparisonCase, cases
from harness.gate.meaning.evidence import Difference, Relation, RelationEvidence, counterexample_text, cut_lines
from harness.gate.meaning.expression_diff import (
    ExpressionPair,
    ExpressionTally,
    clear_decoded,
    common_arithmetic,
    diff_expressions,
)
from harness.gate.meaning.functions import Sharp
from harness.gate.meaning.points import Wanted
from harness.gate.meaning.raised import Said, raises_diff, refused, says_diff, split
from harness.gate.meaning.results import Symbols
from harness.gate.meaning.sides import NoValue, Sides
from harness.gate.meaning.space import Space
from harness.gate.meaning.view import VersionView
from harness.judge.claims import identical
from harness.language.evaluate import Value
from harness.language.exact.choice import Choice
from harness.language.exact.domain import Exact, truth_of
from harness.language.exact.region import Bounded
from harness.language.syntax import Call, Name, Node, names, spell
from harness.language.undecided import Undecided

BOUNDED = {"close", "accurate", "identical"}
REFUSED = 40  # cases on which it is looked up what `refuses` says of a call
NARROW = 30  # of an expression in front of its values
FORMS = {*BOUNDED, "admissible", "finite", "raises", "raises_or", "says", "stagewise", "stagewise_rounded"}
# Of arrays as shown and as roundings: what a claim is called that turns into this one.
TRACES: dict[str, Relation] = {"stagewise": "tightened", "stagewise_rounded": "loosened"}


class Parts:
    """What comparing the parts of two claims needs: the equations, the cases and the results they are compared on."""

    def __init__(self, old: VersionView, new: VersionView, falsifier: str) -> None:
        self.view = old
        # Both claims above the old equations: what they read of the new version alone is as it is there.
        self.own = new.with_equations({**new.equations, **old.equations})
        self.spaces = Space(old, old.rules[falsifier]), Space(new, new.rules[falsifier])
        self.claims = old.rules[falsifier].claim, new.rules[falsifier].claim
        self.arithmetic = replace(common_arithmetic(old, new), condition=False)
        self.symbols = Symbols(self.own, self._alike)
        self._cases: list[ComparisonCase] | None = None

    def parts(self, claim: Node) -> list[Node]:
        """The parts, with symbols for calls."""
        whole = [_sorted(canonical_form(self.symbols.replaced(part))) for part in conjuncts(claim)]
        return [part for one in whole for part in split(one)]

    def part_text(self, part: Node) -> str:
        """A part for the reader: `route#0.weights` as `route().weights`."""
        text = spell(part)
        for index, call in enumerate(self.symbols.calls):
            given = ", ".join(f"{key}={spell(value)}" for key, value in call.arguments.items())
            inner = f"{call.subject}({given})"
            text = text.replace(f"{call.subject}#{index}", f"again({inner})" if call.again else inner)
        return text

    def compare(self, old: Node, new: Node) -> RelationEvidence:
        """Two parts; `different` without a reason where they are not about the same thing."""
        if old == new:
            return RelationEvidence("same", 0, "", "the text is the same")
        forms = [part.name if isinstance(part, Call) and part.name in FORMS else "" for part in (old, new)]
        if isinstance(old, Call) and isinstance(new, Call) and set(forms) <= BOUNDED:
            return self._bounded(old, new)
        if (
            isinstance(old, Call)
            and isinstance(new, Call)
            and set(forms) == set(TRACES)
            and old.arguments == new.arguments
        ):
            why = (
                "values that only round to the arrays shown" if forms[1] == "stagewise_rounded" else "the arrays shown"
            )
            return RelationEvidence(TRACES[forms[1]], 0, "", f"each stage may now follow from {why}")
        if forms[0] != forms[1]:
            return RelationEvidence("different", 0, "", "")
        if isinstance(old, Call) and isinstance(new, Call) and forms[0]:
            match forms[0]:
                case "raises" if old.arguments[0] == new.arguments[0]:
                    return raises_diff(old, new, self._refused)
                case "says" if old.arguments[0] == new.arguments[0]:
                    return says_diff(old, new, self._refused)
                case "finite":
                    return self._functions(old.arguments[0], new.arguments[0])
                case "admissible":
                    return self._admissible(old, new)
            return RelationEvidence("different", 0, "", "")
        return self._truths(old, new)

    def _refused(self, call: Node) -> Iterator[Said]:
        """What `refuses` says of a call, case by case, in the old version."""
        assert isinstance(call, Name)
        made = self.symbols.calls[int(call.id.split("#")[1])]
        for case in self.cases(True)[:REFUSED]:
            said = refused(self.view, made, case)
            if said is not None:
                yield said

    # --- cases and results --------------------------------------------------------------------------------------

    def cases(self, symbols: bool) -> list[ComparisonCase]:
        """The cases that both falsifiers admit; with results, each case a few times with other results."""
        if self._cases is None:
            read = {name for part in self.claims for name in names(part)}
            for subject in read & set(self.own.arguments):
                read |= {*self.own.arguments[subject].values(), *self.own.returns[subject].values()}
            read = read.union(*(self.own.depends.get(name, frozenset()) for name in read))
            seed = "|".join(sorted(spell(part) for part in self.claims))
            self._cases = cases(*self.spaces, Wanted(frozenset(read), self.claims, seed))
        if not symbols:
            return self._cases
        made = [self.symbols.valued(case, turn, self.claims) for turn, case in enumerate(self._cases)]
        return [case for case in made if case is not None]

    def diff_expressions(self, left: Node, right: Node, symbols: bool = True) -> ExpressionTally:
        """Two expressions as functions and by what they admit."""
        pair = ExpressionPair(
            cut_lines(self.part_text(left), NARROW), self.own, self.own, left, right, [()], self.arithmetic
        )
        return diff_expressions(pair, self.cases(symbols))

    def _alike(self, left: Node, right: Node) -> bool:
        """Whether two arguments of a call mean the same."""
        if any("#" in name for node in (left, right) for name in names(node)):
            return canonical_form(left) == canonical_form(right)
        return self.diff_expressions(left, right, symbols=False).evidence().relation in (
            "respelled",
            "tightened",
            "loosened",
        )

    # --- forms --------------------------------------------------------------------------------------------------

    def _functions(self, left: Node, right: Node) -> RelationEvidence:
        """Two expressions as functions alone."""
        if left == right:
            return RelationEvidence("same", 0, "", "")
        found = self.diff_expressions(left, right).evidence()
        same = found.relation in ("respelled", "tightened", "loosened")
        return RelationEvidence("respelled", found.n, "", f"the same values in {found.n} cases") if same else found

    def _admissible(self, old: Call, new: Call) -> RelationEvidence:
        ids = self._functions(old.arguments[0], new.arguments[0])
        if ids.relation not in ("same", "respelled"):
            return RelationEvidence("different", 0, "", "")
        return self.diff_expressions(old.arguments[1], new.arguments[1]).evidence()

    def _bounded(self, old: Call, new: Call) -> RelationEvidence:
        """close, accurate and identical: the same result against the same value, and how far off it may be."""
        sides = [_sides(part) for part in (old, new)]
        observed = self._functions(sides[0][0], sides[1][0])
        value = self._functions(sides[0][1], sides[1][1])
        same = [part.relation in ("same", "respelled") for part in (observed, value)]
        if not any(same):
            return RelationEvidence("different", 0, "", "")
        for part, fine in ((observed, same[0]), (value, same[1])):
            if not fine:
                said = "the result that is judged" if part is observed else "the value that is expected"
                return replace(part, why=f"{said}: {part.why}")
        tally = ExpressionTally()
        unjudged = 0
        for case, single in self._single(condition=True):
            was, now = (_allowed(part, single, self.own) for part in (old, new))
            if isinstance(was, NoValue) or isinstance(now, NoValue):
                tally.case(0)
                continue
            before, after = np.broadcast_arrays(was, now)
            unjudged += bool((np.isfinite(before) & np.isinf(after)).any())
            found = bounds(before, after)
            tally.admits(f"{cut_lines(self.part_text(_sides(old)[1]), NARROW)}, off by at most", case.text(), found)
            tally.case(found.judged, [found])
        found_ = tally.evidence()
        if unjudged and _exact(new) and not _exact(old):
            why = f"in {unjudged} of {tally.n} cases the value is rounded in float32, and `identical` does not judge it"
            return replace(found_, relation="loosened", why=why)
        if found_.relation == "undecidable":
            return replace(found_, why="no case shows how large the error may be")
        if found_.relation == "respelled" and _exact(old) != _exact(new):
            weaker = _exact(old)
            why = "bits were compared, now numbers" if weaker else "numbers were compared, now bits"
            return RelationEvidence("loosened" if weaker else "tightened", found_.n, "", why)
        return found_

    def _single(self, condition: bool) -> Iterator[tuple[ComparisonCase, Sides]]:
        for case in self.cases(True):
            yield case, Sides(Exact(replace(self.arithmetic, condition=condition)), case)
            clear_decoded(case)

    def _truths(self, old: Node, new: Node) -> RelationEvidence:
        """Two conditions, on the same results: which of them lets more through."""
        if not any("#" in name for name in names(old) & names(new)):
            return RelationEvidence("different", 0, "", "")
        counts = {(a, b): 0 for a in (False, True) for b in (False, True)}
        example: dict[tuple[bool, bool], ComparisonCase] = {}
        for case in self.cases(True):
            sides = Sides(Sharp(), case)
            truths = [_truth(sides.value(self.own, part, {})) for part in (old, new)]
            clear_decoded(case)
            if truths[0] is not None and truths[1] is not None:
                key = truths[0], truths[1]
                counts[key] += 1
                example.setdefault(key, case)
        n = sum(counts.values())
        more, less = (False, True), (True, False)
        if counts[more] and counts[less]:
            return RelationEvidence(
                "different", n, self._example(old, example[more], "false", "true"), "a different condition"
            )
        if counts[more]:
            why = f"results that were refused are accepted, in {counts[more]} of {n} cases"
            return RelationEvidence("loosened", n, self._example(old, example[more], "false", "true"), why)
        if counts[less]:
            why = f"results that were accepted are refused, in {counts[less]} of {n} cases"
            return RelationEvidence("tightened", n, self._example(old, example[less], "true", "false"), why)
        if not counts[True, True] or not counts[False, False]:
            return RelationEvidence("undecidable", n, "", "no results were found that the conditions accept and refuse")
        return RelationEvidence("respelled", n, "", f"the same results are accepted, in {n} cases")

    def _example(self, part: Node, case: ComparisonCase, old: str, new: str) -> str:
        seen = [name for name in sorted(names(part)) if "#" in name]
        values = [f"{self.part_text(Name(name))} = {_value(case.row.get(name))}" for name in seen[:1]]
        head = case.text().split("\n")[0]
        return counterexample_text("the condition", "\n".join([head, *values]), Difference("", old, new))


def _sorted(part: Node) -> Node:
    """Bits that are identical are so either way round; where both sides are results, in one order."""
    if isinstance(part, Call) and part.name == "identical" and all(_reads_result(side) for side in part.arguments):
        return replace(part, arguments=tuple(sorted(part.arguments, key=spell)))
    return part


def _reads_result(node: Node) -> bool:
    return any("#" in name for name in names(node))


def _sides(part: Call) -> tuple[Node, Node]:
    """The subject's side, and the other."""
    left, right = part.arguments[0], part.arguments[1]
    return (left, right) if _reads_result(left) else (right, left)


def _exact(part: Call) -> bool:
    return part.name == "identical"


def _allowed(part: Call, sides: Sides, view: VersionView) -> np.ndarray | NoValue:
    """How far off each entry may be; infinite where it is not judged."""
    value = sides.value(view, _sides(part)[1], {})
    if isinstance(value, NoValue):
        return value
    if part.name == "identical":
        shape = np.shape(value.v if isinstance(value, Bounded) else value.index if isinstance(value, Choice) else value)
        try:
            identical(np.zeros(shape, np.float32), value)
        except Undecided:  # float32 may round the value: such a case is not judged
            return np.full(shape, np.inf)
        return np.zeros(shape)
    real = sides.domain.real(value)
    bound = np.asarray(real.bound())
    if part.name == "close":
        return bound
    units = sides.value(view, part.arguments[2], {})
    if isinstance(units, NoValue) or real.k is None:
        return units if isinstance(units, NoValue) else NoValue("no condition", True)
    count = float(np.asarray(sides.domain.real(units).v))
    return np.where(np.isfinite(bound), count * (real.ar.unit * real.k + real.ar.smallest), np.inf)


def _truth(value: Value | NoValue) -> bool | None:
    if isinstance(value, NoValue):
        return None
    try:
        return bool(truth_of(value).decided().all())
    except (Undecided, TypeError, ValueError):
        return None


def _value(value: object) -> str:
    text = np.array2string(value, precision=6, threshold=6) if isinstance(value, np.ndarray) else repr(value)
    return " ".join(text.split())
