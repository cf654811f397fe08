"""Conditions on results, and what else a claim asks of a value: which version lets more results through.

A case that a run leaves undecided is let through. So a condition is weaker where it was decided and no longer is,
whichever way it was decided; of results that were accepted this counts only where nothing else differs.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from harness.gate.meaning.cases import ComparisonCase
from harness.gate.meaning.claims.claim_cases import ClaimCases, reads_result
from harness.gate.meaning.equations.constants import unseen
from harness.gate.meaning.equations.functions import Sharp
from harness.gate.meaning.evidence import Difference, Relation, RelationEvidence, Verdicts, counterexample_text
from harness.gate.meaning.sides import NoValue, Sides
from harness.language.dtypes import DTYPES, is_real, name_of
from harness.language.evaluate import Value
from harness.language.exact.domain import truth_of
from harness.language.rounding import stored
from harness.language.syntax import Name, Node, names
from harness.language.undecided import Undecided

TURNED = 12  # cases in which it is looked up where a condition turns
POWERS = -40.0, 60.0  # of two, by which results are moved
NEAR = 1 / 16  # how close to that

WORDS = {True: "true", False: "false", None: "undecided"}


def truths_diff(on: ClaimCases, old: Node, new: Node) -> RelationEvidence:
    """Two conditions on the same results; `different` without a reason where they read none in common."""
    if not any("#" in name for name in names(old) & names(new)):
        return RelationEvidence("different", 0, "", "")
    found = _truths_diff(on, old, new)
    if found.relation != "respelled":
        return found

    def shows(side: int, _: str, node: Node) -> bool:
        return _truths_diff(on, (old, new)[side], node).relation not in ("respelled", "undecidable")

    blind = unseen({"": old}, {"": new}, shows, integers=True)
    return replace(found, relation="undecidable", why=f"{found.why}; but {blind}") if blind else found


def _truths_diff(on: ClaimCases, old: Node, new: Node) -> RelationEvidence:
    passed, decided, held = Verdicts(), Verdicts(), Verdicts()
    _where_it_turns(on, old, new, passed)
    for case, single in on.judged(wrong_indices=True):
        truths = [_truth(single.value(on.own, part, {})) for part in (old, new)]
        if truths == [None, None]:  # a run decides neither; as functions they may still differ
            sharp = Sides(Sharp(), case)
            truths = [_truth(sharp.value(on.own, part, {})) for part in (old, new)]
        example = partial(_example, on, old, case, truths[0], truths[1])
        if None not in truths:
            passed.add(bool(truths[0]), bool(truths[1]), example)
        elif truths != [None, None]:
            one_sided = held if True in truths else decided
            one_sided.add(truths[0] is not None, truths[1] is not None, example)
    return _relation(passed, decided, held)


def _where_it_turns(on: ClaimCases, old: Node, new: Node, passed: Verdicts) -> None:
    """Both conditions on results that are moved by more and more, close to where the old one turns."""
    read = [name for name in sorted(names(old)) if reads_result(Name(name))]
    for turn, case in enumerate(on.as_computed(TURNED)):
        moved = _Moved(case, read, np.random.default_rng(turn))
        low, high = POWERS
        first = _add(on, old, new, moved.by(low), passed)
        if _add(on, old, new, moved.by(high), passed) == first:
            continue
        while high - low > NEAR:
            middle = (low + high) / 2
            same = _add(on, old, new, moved.by(middle), passed) == first
            low, high = (middle, high) if same else (low, middle)


def _add(on: ClaimCases, old: Node, new: Node, case: ComparisonCase, passed: Verdicts) -> bool | None:
    """What the old condition says of a case as a function of the results; counted where the new one says it, too."""
    sharp = Sides(Sharp(), case)
    before, after = (_truth(sharp.value(on.own, part, {})) for part in (old, new))
    if before is not None and after is not None:
        passed.add(before, after, partial(_example, on, old, case, before, after))
    return before


class _Moved:
    """A case whose results are moved in one direction."""

    def __init__(self, case: ComparisonCase, results: list[str], rng: np.random.Generator) -> None:
        self.case = case
        found = {name: np.asarray(case.row[name]) for name in results}
        self.numbers = {name: value for name, value in found.items() if is_real(value.dtype) or value.dtype.kind == "i"}
        self.ways = {name: rng.standard_normal(value.shape) for name, value in self.numbers.items()}

    def by(self, power: float) -> ComparisonCase:
        """By about this power of two."""
        row = dict(self.case.row)
        for name, value in self.numbers.items():
            steps = self.ways[name] * 2.0**power
            if value.dtype.kind == "i":
                row[name] = np.asarray(value + np.rint(steps)).astype(value.dtype)
            elif value.dtype == np.float32:
                row[name] = np.asarray(value + steps).astype(np.float32)
            else:
                row[name] = stored(value.astype(np.float64) + steps, DTYPES[name_of(value.dtype)])
        return replace(self.case, row=row)


def _relation(passed: Verdicts, decided: Verdicts, held: Verdicts) -> RelationEvidence:
    """`passed`: results by what both decide of them; of those that one version alone decides, `decided`: it refuses.

    `held`: it accepts. Both let those through; so they only count where nothing else differs.
    """
    n = passed.n + decided.n + held.n
    if passed.come or passed.gone or decided.come or decided.gone:
        held = Verdicts()
    more, less = passed.come + decided.gone + held.gone, passed.gone + decided.come + held.come
    if not less and not more:
        if not passed.counts.get((True, True)) or not passed.counts.get((False, False)):
            return RelationEvidence("undecidable", n, "", "no results were found that the conditions accept and refuse")
        return RelationEvidence("respelled", n, "", f"the same results are accepted, in {n} cases")
    told = [
        (passed.come, "results that were refused are accepted", passed.examples.get((False, True))),
        *((part.gone, "what was decided is undecided", part.examples.get((True, False))) for part in (decided, held)),
        (passed.gone, "results that were accepted are refused", passed.examples.get((True, False))),
        *((part.come, "what was undecided is decided", part.examples.get((False, True))) for part in (decided, held)),
    ]
    happened = [(f"{what}, in {count} of {n} cases", example) for count, what, example in told if count]
    relation: Relation = "different" if less and more else "loosened" if more else "tightened"
    return RelationEvidence(relation, n, happened[0][1] or "", "; ".join(what for what, _ in happened))


def values_diff(on: ClaimCases, old: Node, new: Node) -> RelationEvidence:
    """Two expressions of which a claim asks the same: as functions, and by the cases in which a run has a value."""
    found = on.functions(old, new)
    if found.relation != "respelled":
        return found
    decided = Verdicts()
    for case, single in on.judged():
        values = [single.value(on.own, part, {}) for part in (old, new)]
        states = [not (isinstance(value, NoValue) and value.open_) for value in values]
        decided.add(states[0], states[1], partial(_decided_example, on, old, case, states))
    relation = decided.relation("loosened", "tightened", "different")
    if relation == "respelled":
        return found
    told = [f"{count} of {decided.n} cases are {what}" for count, what in
            ((decided.gone, "no longer decided"), (decided.come, "now decided")) if count]  # fmt: skip
    shown = decided.examples.get((True, False)) or decided.examples.get((False, True), "")
    return RelationEvidence(relation, decided.n, shown, ", and ".join(told))


def _truth(value: Value | NoValue) -> bool | None:
    if isinstance(value, NoValue):
        return None
    try:
        return bool(truth_of(value).decided().all())
    except (Undecided, TypeError, ValueError):
        return None


def _decided_example(on: ClaimCases, part: Node, case: ComparisonCase, states: list[bool]) -> str:
    old, new = ("decided" if state else "undecided" for state in states)
    return counterexample_text(on.short_text(part), case.text().split("\n")[0], Difference("", old, new))


def _example(on: ClaimCases, part: Node, case: ComparisonCase, old: bool | None, new: bool | None) -> str:
    seen = [name for name in sorted(names(part)) if reads_result(Name(name))]
    values = [f"{on.text(Name(name))} = {_value(case.row.get(name))}" for name in seen[:1]]
    head = case.text().split("\n")[0]
    return counterexample_text("the condition", "\n".join([head, *values]), Difference("", WORDS[old], WORDS[new]))


def _value(value: object) -> str:
    text = np.array2string(value, precision=6, threshold=6) if isinstance(value, np.ndarray) else repr(value)
    return " ".join(text.split())
