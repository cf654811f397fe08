"""The smallest change of any result: one ulp, one bit, one, one letter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from harness.contract.program import Program
from harness.teeth.saboteurs.byte_flipped import bit_flipped
from harness.teeth.saboteurs.negated import one_negated
from harness.teeth.saboteurs.off_by_one import one_beside
from harness.teeth.saboteurs.one_ulp import next_float
from harness.teeth.saboteurs.respelled import misspelled
from harness.teeth.saboteurs.results import one_replaced


def nudged(program: Program, function: str, returned: Mapping[str, Any], number: int) -> Mapping[str, Any]:
    """The results of a call with one of them changed as little as its kind allows."""
    return one_replaced(program, function, returned, lambda kind: True, number, smallest_change)


def smallest_change(value: Any, number: int) -> Any:
    """Changed in place or replaced; what is no number and no text stays."""
    if isinstance(value, str | list):
        return misspelled(value, number)
    if not isinstance(value, np.ndarray):
        return value
    if value.dtype.kind == "f":
        return next_float(value, number)
    if value.dtype.kind == "b":
        return one_negated(value, number)
    if value.dtype == np.uint8:
        return bit_flipped(value, number)
    return one_beside(value, number) if value.dtype.kind in "iu" else value
