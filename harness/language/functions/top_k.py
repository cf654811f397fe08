"""The indices of the k largest entries along the last axis, descending; each row is a choice of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import LAST_AXIS, ORDER, Function, Value
from harness.language.rules import moving
from harness.language.rules.fitting import real
from harness.language.sizes import Size, at_least_zero
from harness.language.types import Array, Mismatch, Ranges, Type

if TYPE_CHECKING:
    from harness.language.exact.choice import Choice
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _type(p: Type, k: Type, *, ranges: Ranges) -> Array:
    scores, count = real(p), moving.count(k, "k of top_k", ranges)
    if not scores.shape:
        raise Mismatch("top_k ranks the entries of an axis", "an array", str(p))
    *rows, entries = scores.shape
    if not at_least_zero(entries - count, ranges):
        raise Mismatch("top_k may take more entries than there are", f"k <= {entries}", f"k = {count}",
                       "bound the dimension, e.g. top_k: {min: 1, max: experts}")  # fmt: skip
    return Array("int", (*rows, count), low=Size.of(0), high=entries - 1, choice=True, observed=scores.observed)


def _exact(domain: Exact, p: Value, k: int) -> Choice:
    return domain.choose(domain.real(p), k)


def _single(domain: Single, p: Value, k: int) -> Value:
    """Ties by lower index."""
    import numpy as np

    return np.argsort(-domain.real(p), kind="stable")[..., :k]


TOP_K = Function(
    name="top_k",
    group=ORDER,
    form="top_k(p, k)",
    meaning="the indices of the k largest along the last axis, descending; equal by descent: lower index first",
    bound="undecided where entries overlap; see `admissible`",
    example=("top_k(x, k)", "integer[k]"),
    type_rule=_type,
    exact=_exact,
    single=_single,
    by_rows=LAST_AXIS,
    neighbours=("bottom_k", "top_k_last", "top_k_ascending"),
)
