"""`close`, `accurate` and `identical`: how far a result may be from a value, in two claims of one result and value.

What is not judged may be as far off as it likes: an entry without a finite bound or for which the model of rounding is
seen to fail (`accurate` without units), a value that is undecided, and for `identical` every value that float32 rounds.
Of two results of calls nothing is rounded, so `identical` asks for more than `close` there, whatever the
implementation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from harness.gate.meaning.cases import ComparisonCase
from harness.gate.meaning.claims.claim_cases import ClaimCases, reads_result
from harness.gate.meaning.equations.admitted import Admitted, bounds, stored_results
from harness.gate.meaning.equations.expression_diff import ExpressionTally
from harness.gate.meaning.equations.stored_numbers import unstored_bound
from harness.gate.meaning.evidence import Difference, RelationEvidence, counterexample_text
from harness.gate.meaning.sides import NoValue, Sides
from harness.judge.claims import identical
from harness.language.claims import probably
from harness.language.dtypes import DTYPES, FLOAT32, Dtype, of_array
from harness.language.evaluate import Value
from harness.language.exact.choice import Choice
from harness.language.exact.domain import Exact
from harness.language.exact.probable import judged_within
from harness.language.exact.region import Bounded
from harness.language.rounding import stored
from harness.language.syntax import Call, Name, Node, Text, names
from harness.language.syntax.nodes import STORED
from harness.language.undecided import Undecided

FORMS = {"close", "accurate", "identical"}


@dataclass(frozen=True)
class Judged:
    """One part: what is judged, by which value. `part`: the claim itself."""

    part: Call
    result: Node
    value: Node

    @property
    def bits(self) -> bool:
        """Whether it compares bits."""
        return self.part.name == "identical"


def errors_diff(on: ClaimCases, old: Call, new: Call) -> RelationEvidence:
    """Two of these claims; `different` without a reason where they share neither the result nor the value."""
    was, now = _aligned(_judged(old), _judged(new))
    stored_in = "" if was.bits or now.bits else _format(on, was.result)
    values = [Call(STORED, (part.value, Text(stored_in)), ()) if stored_in else part.value for part in (was, now)]
    result, value = on.functions(was.result, now.result), on.functions(*values)
    same = [part.relation in ("same", "respelled") for part in (result, value)]
    if not any(same):
        return RelationEvidence("different", 0, "", "")
    if not same[0]:
        return replace(result, why=f"the result that is judged: {result.why}")
    if not same[1]:
        return replace(value, why=f"the value that is expected: {value.why}")
    return _on_cases(on, was, now, DTYPES[stored_in] if stored_in else None)


def _format(on: ClaimCases, result: Node) -> str:
    """The format of the result that is judged, where it is narrow: no other numbers of the value are seen."""
    formats = {on.symbols.format_of(name) for name in names(result) if reads_result(Name(name))}
    if len(formats) != 1 or not (name := formats.pop()):
        return ""
    return name if DTYPES[name].numbers.digits < on.arithmetic.digits else ""


def _judged(part: Call) -> Judged:
    """The subject's side first."""
    left, right = part.arguments[0], part.arguments[1]
    return Judged(part, left, right) if reads_result(left) else Judged(part, right, left)


def _aligned(was: Judged, now: Judged) -> tuple[Judged, Judged]:
    """Bits that are identical are so either way round."""
    if (was.bits or now.bits) and (was.result, was.value) == (now.value, now.result):
        return was, replace(now, result=now.value, value=now.result)
    return was, now


def _on_cases(on: ClaimCases, was: Judged, now: Judged, dtype: Dtype | None) -> RelationEvidence:
    """`dtype`: the narrow format of the result."""
    tally = ExpressionTally()
    lost = judged_bits = 0
    example = ""
    for case, sides in on.judged(condition=True):
        old, new = (_allowed(part, sides, on) for part in (was, now))
        if old is None or new is None:
            tally.case(0)
            continue
        before, after = np.broadcast_arrays(old.bound, new.bound)
        if (np.isfinite(before) & np.isinf(after)).any():
            lost += 1
            no_longer = Difference("", "judged", "not judged")
            example = example or counterexample_text(on.short_text(now.value), case.text(), no_longer)
        judged_bits += was.bits and bool(np.isfinite(before).any())
        found = _compared(old, new, dtype)
        tally.admits(f"{on.short_text(was.value)}, off by at most", case.text(), found)
        tally.case(found.judged, [found])
    if lost:
        return _lost(tally, _why_lost(was, now), lost, example)
    return _kept(tally, was, now, bool(judged_bits))


def _why_lost(was: Judged, now: Judged) -> str:
    """What leaves values unjudged that were judged."""
    if now.bits and not was.bits:
        return "float32 rounds the value, and `identical` does not judge it"
    if probably(now.part) and not probably(was.part):
        return "rounding errors repeat, and `accurate` without units does not judge that"
    return "the value is now undecided"


def _lost(tally: ExpressionTally, why: str, lost: int, example: str) -> RelationEvidence:
    """`lost`: cases in which something was judged and no longer is."""
    told = f"in {lost} of {tally.tried} cases {why}: nothing is claimed there any more"
    if not tally.less_in:
        return RelationEvidence("loosened", tally.n, example, told)
    told += f"; in {tally.less_in} cases less error is allowed than before"
    return RelationEvidence("different", tally.n, example, told)


def _kept(tally: ExpressionTally, was: Judged, now: Judged, judged_bits: bool) -> RelationEvidence:
    """Everything that was judged still is. `judged_bits`: the old part compared bits in some case."""
    found = tally.evidence()
    if found.relation == "undecidable":
        return replace(found, why="no case shows how large the error may be")
    if was.bits == now.bits:
        return found
    if now.bits:
        if found.relation == "respelled":
            return RelationEvidence("tightened", found.n, "", "numbers were compared, now bits")
        return found
    if found.relation == "respelled":
        return RelationEvidence("loosened", found.n, "", "bits were compared, now numbers")
    if found.relation == "tightened" and judged_bits:
        why = "where float32 does not round the value, bits were compared, now numbers; elsewhere a bound is new"
        return replace(found, relation="different", why=why)
    return found


@dataclass(frozen=True, eq=False)
class Allowed:
    """How far off each entry may be, before it is stored in a format; infinite where it is not judged."""

    bound: np.ndarray
    value: Bounded | None = None


NOT_JUDGED = Allowed(np.asarray(np.inf))


def _compared(old: Allowed, new: Allowed, dtype: Dtype | None) -> Admitted:
    """By what may be stored, where something is; else by how far off it may be."""
    x, y = old.value, new.value
    if x is None or y is None or (x.storage is None and y.storage is None):
        return bounds(old.bound, new.bound)
    return stored_results(x, y, (old.bound, new.bound), dtype=dtype)


def _allowed(judged: Judged, sides: Sides, on: ClaimCases) -> Allowed | None:
    """What one part allows in a case; None where there is nothing to judge."""
    result, value = (sides.value(on.own, node, {}) for node in (judged.result, judged.value))
    for side in (result, value):
        if isinstance(side, NoValue):
            return NOT_JUDGED if side.open_ else None
    assert not isinstance(result, NoValue) and not isinstance(value, NoValue)
    if judged.bits:
        shape = np.shape(value.v if isinstance(value, Bounded) else value.index if isinstance(value, Choice) else value)
        try:
            identical(_in_format(judged.result, result, sides.case), value)
        except Undecided:  # one side may be rounded: such a case is not judged
            return Allowed(np.full(shape, np.inf))
        return Allowed(np.zeros(shape))
    try:
        real = sides.domain.real(value)
    except Undecided:
        return NOT_JUDGED
    if probably(judged.part):
        return _probable(judged.value, sides, on)
    bound = np.asarray(unstored_bound(real))
    if judged.part.name == "close":
        return Allowed(bound, real)
    units = sides.value(on.own, judged.part.arguments[2], {})
    if isinstance(units, NoValue) or real.k is None:
        return NOT_JUDGED
    count = float(np.asarray(sides.domain.real(units).v))
    before = real.storage or real
    promised = count * (before.ar.unit * np.asarray(before.k) + before.ar.smallest)
    return Allowed(np.where(np.isfinite(bound), promised, np.inf), real)


def _in_format(node: Node, result: Value, case: ComparisonCase) -> Value:
    """A result as the array that a subject returned, where it has a format that is not float32."""
    arrays = [value for name in names(node) if isinstance(value := case.row.get(name), np.ndarray)]
    found = {dtype for array in arrays if (dtype := of_array(array.dtype)) is not None and dtype.is_real}
    if len(found) != 1 or FLOAT32 in found or not isinstance(result, Bounded):
        return result
    return stored(result.v, found.pop())


def _probable(value: Node, sides: Sides, on: ClaimCases) -> Allowed | None:
    """What one part allows where the model of rounding says how far off each entry may be."""
    sides = Sides(Exact(replace(sides.domain.ar, condition=False, probable=True)), sides.case)
    found = sides.value(on.own, value, {})
    if isinstance(found, NoValue):
        return NOT_JUDGED if found.open_ else None
    real = sides.domain.real(found)
    with np.errstate(all="ignore"):
        promised = judged_within(real) if real.storage is None else real.storage.bound
    return Allowed(np.asarray(promised), real)
