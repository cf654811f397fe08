"""A matrix with its axes swapped."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.language.function import PLACES, Function, Value
from harness.language.rules.fitting import real
from harness.language.types import Array, Mismatch, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _type(x: Type) -> Array:
    part = x if isinstance(x, Array) else real(x)
    if len(part.shape) != 2:
        raise Mismatch("transpose swaps two axes", "a matrix", str(x))
    return replace(part, shape=(part.shape[1], part.shape[0]), size=None)


def _exact(domain: Exact, x: Value) -> Value:
    return domain.moved(x, lambda part: part.T)


def _single(domain: Single, x: Value) -> Value:
    return domain.moved(x, lambda part: part.T)


TRANSPOSE = Function(
    name="transpose",
    group=PLACES,
    form="transpose(x)",
    meaning="a matrix with its axes swapped",
    bound="unchanged",
    example=("transpose(w)", "real[n, k]"),
    type_rule=_type,
    exact=_exact,
    single=_single,
    no_neighbours="entries in another order are a mutant of layouts",
)
