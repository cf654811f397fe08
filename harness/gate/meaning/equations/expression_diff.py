"""One expression in two versions on many cases: first as functions, then by what results are admitted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from math import isfinite
from typing import Any

import numpy as np

from harness.gate.meaning.cases import ComparisonCase
from harness.gate.meaning.equations.admitted import Admitted, admitted, bounds
from harness.gate.meaning.equations.functions import FunctionDiff, Sharp, choices, function_diff
from harness.gate.meaning.evidence import Difference, Relation, RelationEvidence, counterexample_text
from harness.gate.meaning.sides import NoValue, Sides, as_returned, returned_format, valued
from harness.gate.meaning.view import VersionView
from harness.language.arithmetic import Arithmetic
from harness.language.dtypes import is_real
from harness.language.evaluate import Value
from harness.language.exact.choice import Choice
from harness.language.exact.domain import Exact
from harness.language.exact.probable import judged_within
from harness.language.exact.region import Bounded
from harness.language.packed import Packed
from harness.language.syntax import Name, Node, names
from harness.program.arithmetic import arithmetic_of

FEW = 5  # where fewer than one case in so many is decided, agreement shows too little


Choices = tuple[tuple[str, str], ...]


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
    underflow_in: int = 0
    factor: float = 0.0  # the largest finite excess; 0.0 where there is none
    inner: bool = False  # what is made of the values may admit something else, although they do not
    left: Choices | None = None  # of the formats that kernels may choose in both versions: those with one function

    def case(self, judged: int, found: Iterable[Admitted] = ()) -> None:
        """One case is over; `found` is what it said of the bounds."""
        found = list(found)
        self.tried += 1
        self.n += judged > 0
        self.entries += judged
        self.more_in += any(part.more is not None for part in found)
        self.less_in += any(part.less for part in found)
        self.underflow_in += any(part.underflow for part in found)
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
            relation, why = "loosened", f"{told}, but more results are admitted {often}{size}"
            why += f"; fewer in {self.less_in}" if self.less_in else ""
            return RelationEvidence(relation, n, self.more, why, bool(self.less_in))
        if FEW * n < self.tried:
            others = self.open_ or "no value has a finite bound"
            return RelationEvidence(
                "undecidable", n, "", f"only {n} of {self.tried} cases are decided; why not the others: {others}"
            )
        if self.less_in:
            relation = "tightened"
            told += f"; fewer results are admitted in {self.less_in} of {self.tried}"
            return RelationEvidence(relation, n, "", told)
        told += ", and the same results are admitted"
        if self.underflow_in:
            told += f", but for what underflow loses, in {self.underflow_in}"
        return RelationEvidence("respelled", n, "", told)


Ways = list[tuple[str, ...]]


@dataclass(frozen=True)
class ExpressionPair:
    """An expression in two versions, and the ways in which it is read (names given).

    `underflow`: whether a difference counts that is no larger than what underflow loses. `probable`: whether what the
    model of rounding promises counts as well.
    """

    what: str
    old: VersionView
    new: VersionView
    left: Node
    right: Node
    ways: Ways
    float32: Arithmetic
    underflow: bool = True
    probable: bool = False

    def values(
        self, sides: Sides, given: Mapping[str, Any], other: Sides | None = None
    ) -> tuple[Value | NoValue, Value | NoValue]:
        """Both values in one case; `other`: sides for the new one alone."""
        return sides.value(self.old, self.left, given), (other or sides).value(self.new, self.right, given)

    @cached_property
    def choices(self) -> Choices:
        """The formats that a kernel may choose in the old and in the new version, each with each."""
        return tuple(product(self._choices(self.old, self.left), self._choices(self.new, self.right)))

    def _choices(self, view: VersionView, node: Node) -> tuple[str, ...]:
        below = view.with_below(names(node)) & view.equations.keys()
        return choices((node, *(view.equations[name] for name in below)), self.float32.digits)


def promises(old: VersionView, new: VersionView) -> bool:
    """Whether some claim is about what the model of rounding promises."""
    return old.probable or new.probable


def common_arithmetic(old: VersionView, new: VersionView) -> Arithmetic:
    """The arithmetic of the old version, for both: a change of it is reported as a change of its own."""
    return arithmetic_of(old.program, old.accurate or new.accurate)


def diff_expressions(pair: ExpressionPair, cases: list[ComparisonCase]) -> ExpressionTally:
    """All cases, the smallest first, until one shows that the functions differ."""
    tally = ExpressionTally()
    for case in cases:
        _compare_case(pair, case, tally)
        clear_decoded(case)
        if tally.different:
            break
    return tally


@dataclass(frozen=True)
class GivenValues:
    """Names with the values that a subject may have returned. `open_`: another choice could be returned as well."""

    values: Mapping[str, Any]
    open_: bool


def _compare_case(pair: ExpressionPair, case: ComparisonCase, tally: ExpressionTally) -> None:
    """As functions of the inputs, whichever choice is given; then by what is admitted, in each way of reading."""
    sharp = _Sharp(pair, case)
    ways = list(_given(pair, sharp.of()))
    seen = _seen(pair, sharp, ways, tally)
    tally.differs(pair.what, case.text(), seen)
    if tally.different:
        tally.case(seen.judged)
        return
    single = Sides(Exact(pair.float32), case)
    model = Sides(Exact(replace(pair.float32, condition=False, probable=True)), case) if pair.probable else None
    found = []
    for given in ways:
        part = _admitted(pair, single, given.values)
        if model is not None:
            part = _with_promises(part, pair.values(model, given.values))
        if given.open_ and part.apart is not None:  # what follows from another choice may still meet
            part = replace(part, apart=None, more=part.apart)
        told = case.text(given.values)
        tally.differs(pair.what, told, FunctionDiff(1, part.apart))
        tally.admits(pair.what, told, part)
        found.append(part)
    tally.case(seen.judged, found)


def _given(pair: ExpressionPair, sharp: Sides) -> Iterator[GivenValues]:
    """The ways in which the expression is read: the names given, with the values that the old version has for them."""
    for way in pair.ways:
        given: dict[str, Any] = {}
        open_ = False
        for name in way:
            value = valued(Name(name), sharp.bindings(pair.old, given))
            if isinstance(value, NoValue):
                break
            open_ |= isinstance(value, Choice) and bool(value.doubt)
            given[name] = as_returned(value, returned_format(pair.old, name, sharp.case))
        else:
            yield GivenValues(given, open_)


class _Sharp:
    """One case as functions, for each choice of formats."""

    def __init__(self, pair: ExpressionPair, case: ComparisonCase) -> None:
        self.digits, self.case = pair.float32.digits, case
        self.made: dict[str, Sides] = {}

    def of(self, chosen: str = "") -> Sides:
        """What is computed by a kernel that takes this format wherever it may; made once."""
        if chosen not in self.made:
            self.made[chosen] = Sides(Sharp(self.digits, chosen), self.case)
        return self.made[chosen]


def _seen(pair: ExpressionPair, sharp: _Sharp, ways: list[GivenValues], tally: ExpressionTally) -> FunctionDiff:
    """Whether the functions differ: where kernels may choose formats, whether no two choices have one function."""
    found = {}
    for choice in pair.choices if tally.left is None else tally.left:
        found[choice] = _seen_of(pair, sharp, choice, ways, tally)
    same = tuple(choice for choice, seen in found.items() if seen.difference is None)
    tally.left = same
    return found[same[0]] if same else next(iter(found.values()))


def _seen_of(
    pair: ExpressionPair, sharp: _Sharp, choice: tuple[str, str], ways: list[GivenValues], tally: ExpressionTally
) -> FunctionDiff:
    """Values that were given are rounded, and rounding is no difference of functions; a choice is not rounded."""
    judged = 0
    for given in ways:
        if given.open_:
            continue
        kept = {name: value for name, value in given.values.items()
                if not (isinstance(value, np.ndarray | np.generic) and is_real(value.dtype))}  # fmt: skip
        seen = _function(pair, sharp, choice, kept, tally)
        judged += seen.judged
        if seen.difference is not None:
            return FunctionDiff(judged, seen.difference)
    return FunctionDiff(judged)


def _function(
    pair: ExpressionPair, sharp: _Sharp, choice: tuple[str, str], given: Mapping[str, Any], tally: ExpressionTally
) -> FunctionDiff:
    sides = sharp.of(choice[0])
    old, new = pair.values(sides, given, sharp.of(choice[1]))
    for side, other in ((old, new), (new, old)):
        if isinstance(side, NoValue):
            both = isinstance(other, NoValue)
            if side.open_ or both:
                tally.open_ = tally.open_ or f"nothing is decided: {side.why}"
                return FunctionDiff()
            return FunctionDiff(1, Difference("", *(("a value", side.why) if side is new else (side.why, "a value"))))
    return function_diff(sides.domain, old, new)


def _admitted(pair: ExpressionPair, single: Sides, given: Mapping[str, Any]) -> Admitted:
    old, new = pair.values(single, given)
    if isinstance(old, NoValue) or isinstance(new, NoValue):
        if isinstance(old, NoValue) == isinstance(new, NoValue):
            return Admitted()
        if isinstance(new, NoValue):
            return Admitted(1, Difference("", "decided", f"undecided ({new.why})"))
        return Admitted(1, None, True)
    found = admitted(single.domain, old, new, pair.underflow)
    if pair.float32.condition and isinstance(old, Bounded) and isinstance(new, Bounded):
        return _with(found, bounds(old.k, new.k))  # `accurate` promises units of these
    return found


def _with_promises(found: Admitted, values: tuple[Value | NoValue, Value | NoValue]) -> Admitted:
    """What is admitted, with what `accurate` without units promises of both values."""
    old, new = values
    if not (isinstance(old, Bounded) and isinstance(new, Bounded)):
        return found
    with np.errstate(all="ignore"):
        return _with(found, bounds(judged_within(old), judged_within(new)))


def _with(found: Admitted, other: Admitted) -> Admitted:
    """What is admitted by two bounds of the same values together."""
    factor = max(found.factor, other.factor)
    return replace(found, more=found.more or other.more, less=found.less or other.less, factor=factor)


def clear_decoded(case: ComparisonCase) -> None:
    """Free the decoded tensors: they are large, and each case is used once."""
    for value in case.arrays.values():
        if isinstance(value, Packed):
            value.cache.clear()


def distinguished(pair: ExpressionPair, cases: list[ComparisonCase]) -> bool:
    """Whether some case shows that the two are different functions."""
    return bool(first_difference(pair, cases))


def first_difference(pair: ExpressionPair, cases: list[ComparisonCase]) -> str:
    """The first case that shows that the two are different functions, for the reader; "" where none does."""
    tally = ExpressionTally()
    for case in cases:
        sharp = _Sharp(pair, case)
        seen = _seen(pair, sharp, list(_given(pair, sharp.of())), tally)
        clear_decoded(case)
        if seen.difference is not None:
            return counterexample_text(pair.what, case.text(), seen.difference)
    return ""
