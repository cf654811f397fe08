"""One name in two versions on many cases: first as functions, then by what float32 results are admitted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from harness.gate.meaning.admitted import Admitted, admitted, bounds
from harness.gate.meaning.cases import Case
from harness.gate.meaning.compared import Difference, Seen, functions
from harness.gate.meaning.sharp import Sharp
from harness.gate.meaning.sides import NoValue, Sides, returned, valued
from harness.gate.meaning.tally import Tally
from harness.gate.meaning.view import View
from harness.language.arithmetic import Arithmetic, float32
from harness.language.evaluate import Value
from harness.language.exact.choice import Choice
from harness.language.exact.domain import Exact
from harness.language.exact.region import Bounded
from harness.language.packed import Packed
from harness.language.syntax import Name, Node

Ways = list[tuple[str, ...]]


@dataclass(frozen=True)
class Pair:
    """An expression in two versions, and the ways in which it is read (names given)."""

    what: str
    old: View
    new: View
    left: Node
    right: Node
    ways: Ways
    float32: Arithmetic

    def values(self, sides: Sides, given: Mapping[str, Any]) -> tuple[Value | NoValue, Value | NoValue]:
        """Both values in one case."""
        return sides.value(self.old, self.left, given), sides.value(self.new, self.right, given)


def arithmetic_of(old: View, new: View) -> Arithmetic:
    """That of the old version for both: a change of it is a change of its own."""
    declared = old.program.contract.arithmetic
    made = float32(declared.exp_ulps or 2, bool(declared.flush_to_zero)) if declared else float32()
    return replace(made, condition=old.accurate or new.accurate)


def weigh(pair: Pair, cases: list[Case]) -> Tally:
    """All cases, the smallest first, until one shows that the functions differ."""
    tally = Tally()
    for case in cases:
        _case(pair, case, tally)
        forget(case)
        if tally.different:
            break
    return tally


@dataclass(frozen=True)
class Given:
    """Names with the values that a subject may have returned. `open_`: another choice could be returned as well."""

    values: Mapping[str, Any]
    open_: bool


def _case(pair: Pair, case: Case, tally: Tally) -> None:
    """As functions of the inputs, whichever choice is given; then by what is admitted, in each way of reading."""
    sharp = Sides(Sharp(), case)
    ways = list(_given(pair, sharp))
    seen = _seen(pair, sharp, ways, tally)
    tally.differs(pair.what, case.told(), seen)
    if tally.different:
        tally.case(seen.judged)
        return
    single = Sides(Exact(pair.float32), case)
    found = []
    for given in ways:
        part = _admitted(pair, single, given.values)
        if given.open_ and part.apart is not None:  # what follows from another choice may still meet
            part = replace(part, apart=None, more=part.apart)
        told = case.told(given.values)
        tally.differs(pair.what, told, Seen(1, part.apart))
        tally.admits(pair.what, told, part)
        found.append(part)
    tally.case(seen.judged, found)


def _given(pair: Pair, sharp: Sides) -> Iterator[Given]:
    """The ways in which the expression is read: the names given, with the values that the old version has for them."""
    for way in pair.ways:
        given: dict[str, Any] = {}
        open_ = False
        for name in way:
            value = valued(Name(name), sharp.bindings(pair.old, given))
            if isinstance(value, NoValue):
                break
            open_ |= isinstance(value, Choice) and bool(value.doubt)
            given[name] = returned(value)
        else:
            yield Given(given, open_)


def _seen(pair: Pair, sharp: Sides, ways: list[Given], tally: Tally) -> Seen:
    """Values that were given are rounded, and rounding is no difference of functions; a choice is not rounded."""
    judged = 0
    for given in ways:
        if given.open_:
            continue
        kept = {name: value for name, value in given.values.items() if getattr(value, "dtype", None) != np.float32}
        seen = _function(pair, sharp, kept, tally)
        judged += seen.judged
        if seen.difference is not None:
            return Seen(judged, seen.difference)
    return Seen(judged)


def _function(pair: Pair, sharp: Sides, given: Mapping[str, Any], tally: Tally) -> Seen:
    old, new = pair.values(sharp, given)
    for side, other in ((old, new), (new, old)):
        if isinstance(side, NoValue):
            both = isinstance(other, NoValue)
            if side.open_ or both:
                tally.open_ = tally.open_ or f"nothing is decided: {side.why}"
                return Seen()
            return Seen(1, Difference("", *(("a value", side.why) if side is new else (side.why, "a value"))))
    return functions(sharp.domain, old, new)


def _admitted(pair: Pair, single: Sides, given: Mapping[str, Any]) -> Admitted:
    old, new = pair.values(single, given)
    if isinstance(old, NoValue) or isinstance(new, NoValue):
        if isinstance(old, NoValue) == isinstance(new, NoValue):
            return Admitted()
        if isinstance(new, NoValue):
            return Admitted(1, Difference("", "decided", f"undecided ({new.why})"))
        return Admitted(1, None, True)
    found = admitted(single.domain, old, new)
    if pair.float32.condition and isinstance(old, Bounded) and isinstance(new, Bounded):
        units = bounds(old.k, new.k)  # `accurate` promises units of these
        factor = max(found.factor, units.factor)
        return replace(found, more=found.more or units.more, less=found.less or units.less, factor=factor)
    return found


def forget(case: Case) -> None:
    """Decoded tensors are large, and each case is looked at once."""
    for value in case.arrays.values():
        if isinstance(value, Packed):
            value.cache.clear()


def tells(pair: Pair, cases: list[Case]) -> bool:
    """Whether some case shows that the two are different functions."""
    for case in cases:
        sharp = Sides(Sharp(), case)
        seen = _seen(pair, sharp, list(_given(pair, sharp)), Tally())
        forget(case)
        if seen.difference is not None:
            return True
    return False
