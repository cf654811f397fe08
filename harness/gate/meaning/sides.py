"""One version's equations on one case: values, what leaves them undecided, what leaves them without a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.gate.meaning.cases import ComparisonCase
from harness.gate.meaning.view import VersionView, same_format
from harness.language.dtypes import DTYPES, FLOAT32, Dtype
from harness.language.evaluate import Bindings, Value, evaluate
from harness.language.exact.choice import Choice
from harness.language.exact.domain import Exact
from harness.language.exact.region import Bounded
from harness.language.formats import BlockFormat
from harness.language.packed import Packed
from harness.language.rounding import stored
from harness.language.syntax import Node
from harness.language.undecided import Undecided

GivenIds = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class NoValue:
    """Why there is no value. `open_`: a jump that the bound does not decide, or an input without meaning."""

    why: str
    open_: bool


class Sides:
    """Bindings of several versions on one case, in one arithmetic. Tensors in blocks are read by each one's formats.

    What two versions compute alike is computed once: values that the first one has are known to the others.
    """

    def __init__(self, domain: Exact, case: ComparisonCase) -> None:
        self.domain, self.case = domain, case
        self.first: VersionView | None = None
        self.made: dict[tuple[VersionView, GivenIds], Bindings] = {}

    def bindings(self, view: VersionView, given: Mapping[str, Any]) -> Bindings:
        """The names of a version in this case, some of its equations given; made once for the same values."""
        ids = tuple((name, id(value)) for name, value in given.items())  # kept alive by the bindings
        if (view, ids) not in self.made:
            self.first = self.first or view
            if given:
                made = self.bindings(view, {}).replaced(given)
            else:
                names = {name: read_by(value, view.formats) for name, value in self.case.given().items()}
                made = Bindings(self.domain, view.equations, view.depends, names)
            other = self.made.get((self.first, ids))
            if other is not None:
                alike = view.alike(self.first)
                made.known.update((name, value) for name, value in other.known.items() if name in alike)
            self.made[view, ids] = made
        return self.made[view, ids]

    def value(self, view: VersionView, node: Node, given: Mapping[str, Any]) -> Value | NoValue:
        """An expression in the names of a version."""
        return valued(node, self.bindings(view, given))


def valued(node: Node, bindings: Bindings) -> Value | NoValue:
    """The value of an expression, or why there is none."""
    try:
        with np.errstate(all="ignore"):
            return evaluate(node, bindings)
    except Undecided as doubt:
        return NoValue(str(doubt), True)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        return NoValue(f"no value ({type(error).__name__})", False)


def read_by(value: Any, formats: Mapping[str, BlockFormat]) -> Any:
    """A tensor in blocks under a version's own format of that name, where its blocks have the same size."""
    if not isinstance(value, Packed):
        return value
    mine = formats.get(value.format.name)
    if mine is None or same_format(mine, value.format):
        return value
    if (mine.size, mine.values) != (value.format.size, value.format.values):
        return value
    key = "read by", mine
    if key not in value.cache:
        value.cache[key] = Packed(mine, value.shape, value.raw, value.label)
    return value.cache[key]


def result_format(view: VersionView, subject: str, field: str, case: ComparisonCase) -> Dtype:
    """The format of a result that has real numbers; like that of an input, it may be another in each case."""
    dtype = view.program.scope.subjects[subject].format_of(field, case.arrays)
    return DTYPES[dtype] if dtype else FLOAT32


def returned_format(view: VersionView, equation: str, case: ComparisonCase) -> Dtype:
    """The format in which subjects return an equation: the coarsest, where there are several."""
    found = [result_format(view, subject, field, case) for subject, carried in view.returns.items()
             for field, name in carried.items() if name == equation]  # fmt: skip
    return min((dtype for dtype in found if dtype.is_real), key=lambda dtype: dtype.numbers.digits, default=FLOAT32)


def as_returned(value: Value, dtype: Dtype = FLOAT32) -> Any:
    """A value as a subject would return it: rounded to a number format, or the indices of a choice."""
    if isinstance(value, Bounded):
        with np.errstate(over="ignore"):
            return value.v.astype(np.float32) if dtype is FLOAT32 else stored(value.v, dtype)
    return value.index if isinstance(value, Choice) else value
