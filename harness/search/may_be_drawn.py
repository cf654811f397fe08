"""Whether a case that was not drawn could have been: what a range and the kinds of an input promise holds in it.

Asked of the smaller cases that are tried after a failure: a kernel may read wherever an id points, and what it does
with a scale of zero says nothing where scales are positive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.language.dtypes import DTYPES
from harness.language.packed import Packed
from harness.program.case import Case
from harness.program.model import FalsifierProgram, InputProgram, Program
from harness.search.padding import counts
from harness.search.ranged_integers import is_of_kind


def may_be_drawn(program: Program, falsifier: FalsifierProgram, case: Case) -> bool:
    """Whether every input is what one of the kinds promises that the falsifier draws it from."""
    return all(_may_be(program, falsifier, name, value, case) for name, value in case.inputs.items())


def low_ends(program: Program, falsifier: FalsifierProgram, case: Case) -> dict[str, int]:
    """What entries that do not matter become in a smaller case, by input, where that is not zero.

    The low end of integers with a range, and 1 where all real numbers are positive.
    """
    ends = {name: program.inputs[name].ends(case.dimensions) for name in case.inputs}
    lows = {name: found[0] for name, found in ends.items() if found is not None}
    positive = [name for name in case.inputs if kinds_of(program.inputs[name], falsifier) == ("positive",)]
    return lows | dict.fromkeys(positive, 1)


def kinds_of(part: InputProgram, falsifier: FalsifierProgram) -> tuple[str, ...]:
    """The kinds that a falsifier draws an input from."""
    given = falsifier.source.given.get(part.name)
    return part.drawn_kinds(given.kinds, given.excluded) if given is not None else part.drawn_kinds()


def _may_be(program: Program, falsifier: FalsifierProgram, name: str, value: Any, case: Case) -> bool:
    part = program.inputs[name]
    ends, kinds = part.ends(case.dimensions), kinds_of(part, falsifier)
    if ends is not None:
        return any(is_of_kind(value, kind, ends) for kind in kinds)
    promised = bool(set(kinds) & set(PROMISED)) and set(kinds) <= {*PROMISED, "zeros"}
    if isinstance(value, Packed) or not DTYPES[part.dtype].is_real or not promised:
        return True
    counted = np.ones(value.shape, np.bool_) if part.valid is None else counts(program, name, case.given())
    numbers, formats = value.astype(np.float64), [DTYPES[dtype].numbers for dtype in part.dtypes]
    rounding = Rounding(max(2.0**-format.digits for format in formats), max(format.smallest for format in formats))
    return any(is_promised(numbers, kind, counted, rounding) for kind in kinds)


PROMISED = ("positive", "probabilities", "sorted", "unit_pairs")


@dataclass(frozen=True)
class Rounding:
    """What a number was rounded by when it was drawn: at most `unit` of its size, or half of the `smallest` number."""

    unit: float
    smallest: float


def is_promised(numbers: np.ndarray, kind: str, counted: np.ndarray, rounding: Rounding) -> bool:
    """Whether real numbers are what their kind promises where they count; rows and pairs, where they count whole."""
    if kind == "zeros" or not numbers.size:
        return not numbers[counted].any()
    if not numbers.ndim:  # a single number is in order, and a row of its own that sums to 1
        return kind == "sorted" or bool(numbers > 0 if kind == "positive" else numbers == 1)
    length = numbers.shape[-1]
    match kind:
        case "positive":
            return bool((numbers > 0)[counted].all())
        case "probabilities":
            rows = numbers[counted.all(-1)]
            off = 2 * rounding.unit + length * max(rounding.smallest, 2.0**-53)  # of every entry, and of their sum
            return bool((rows >= 0).all() and (abs(rows.sum(-1) - 1) <= off).all())
        case "sorted":
            both = counted[..., 1:] & counted[..., :-1]
            return bool((numbers[..., 1:] >= numbers[..., :-1])[both].all())
    shape, paired = (*numbers.shape[:-1], length // 2, 2), length // 2 * 2
    pairs = numbers[..., :paired].reshape(shape)[counted[..., :paired].reshape(shape).all(-1)]
    left = numbers[..., paired:][counted[..., paired:]]
    off = 4 * (rounding.unit + rounding.smallest)
    return bool((abs((pairs * pairs).sum(-1) - 1) <= off).all() and (left == 1).all())
