"""Whether a case that was not drawn, such as a smaller one, is still what the kinds of its inputs promise."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from harness.language.packed import Packed
from harness.program.case import Case, Value
from harness.program.model import FalsifierProgram, InputProgram, Program
from harness.search import ranged_integers, real_promises


def may_be_drawn(program: Program, falsifier: FalsifierProgram, case: Case) -> bool:
    """Whether every input is what one of the kinds promises that the falsifier draws it from.

    Asked before a subject is called with a case that was not drawn: a kernel may read wherever an id points, and
    divide by what is positive.
    """
    return all(_may_be(program.inputs[name], falsifier, value, case) for name, value in case.inputs.items())


def _may_be(part: InputProgram, falsifier: FalsifierProgram, value: Value, case: Case) -> bool:
    if isinstance(value, Packed):
        return True
    ends, kinds = part.ends(case.dimensions), _kinds(part, falsifier)
    if ends is not None:
        return any(ranged_integers.is_of_kind(value, kind, ends) for kind in kinds)
    return part.valid is not None or real_promises.may_be_of(value, kinds)  # anything lies in the padding


def simplest(program: Program, falsifier: FalsifierProgram, case: Case) -> Mapping[str, tuple[np.ndarray, ...]]:
    """Of the inputs that cannot shrink entry by entry, the simplest arrays that keep what their kinds promise."""
    found = {}
    for name, value in case.inputs.items():
        part = program.inputs[name]
        if not isinstance(value, Packed) and part.range is None:
            found[name] = tuple(real_promises.simplest(value, _kinds(part, falsifier)))
    return found


def _kinds(part: InputProgram, falsifier: FalsifierProgram) -> tuple[str, ...]:
    given = falsifier.source.given.get(part.name)
    return part.drawn_kinds(given.kinds, given.excluded) if given is not None else part.drawn_kinds()
