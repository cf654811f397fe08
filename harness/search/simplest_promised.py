"""The simplest arrays that keep what a kind of real numbers promises of a whole row.

Entries that do not matter become zero in a counterexample. Of probabilities none can alone: their rows become these.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from harness.language.packed import Packed
from harness.program.case import Case
from harness.program.model import FalsifierProgram, Program
from harness.search.may_be_drawn import PROMISED, kinds_of


def simplest(program: Program, falsifier: FalsifierProgram, case: Case) -> Mapping[str, tuple[np.ndarray, ...]]:
    """By input; none for those that shrink entry by entry."""
    plain = {name: value for name, value in case.inputs.items() if not isinstance(value, Packed)}
    return {name: tuple(simplest_of(value, kinds_of(program.inputs[name], falsifier))) for name, value in plain.items()}


def simplest_of(value: np.ndarray, kinds: tuple[str, ...]) -> Iterator[np.ndarray]:
    """Arrays of the shape and format of another, simplest first."""
    if value.dtype.kind in "iu" or not value.ndim or not value.size or not set(kinds) & set(PROMISED):
        return
    ones = np.ones(value.shape, value.dtype)
    places = np.broadcast_to(np.arange(value.shape[-1]), value.shape)
    if "positive" in kinds:
        yield ones
    if "probabilities" in kinds:
        for place in dict.fromkeys((0, value.shape[-1] - 1)):
            yield (places == place).astype(value.dtype)
        yield (ones / ones.dtype.type(value.shape[-1])).astype(value.dtype)
    if "sorted" in kinds:
        yield 0 * ones
        yield places.astype(value.dtype)
    if "unit_pairs" in kinds:
        yield (places % 2 == 0).astype(value.dtype)
        yield np.where((places % 2 == 1) | (places == value.shape[-1] // 2 * 2), ones, 0 * ones)
