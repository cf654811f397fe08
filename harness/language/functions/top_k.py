"""The indices of the k largest entries of one axis, descending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import ORDER, Function, Value
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
    if len(scores.shape) != 1:
        raise Mismatch("top_k ranks one axis", "a one-dimensional array", str(p))
    if not at_least_zero(scores.shape[0] - count, ranges):
        raise Mismatch("top_k may take more entries than there are", f"k <= {scores.shape[0]}", f"k = {count}",
                       "bound the dimension, e.g. top_k: {min: 1, max: experts}")  # fmt: skip
    return Array("int", (count,), low=Size.of(0), high=scores.shape[0] - 1, choice=True, observed=scores.observed)


def _exact(domain: Exact, p: Value, k: int) -> Choice:
    return domain.choose(domain.real(p), k)


def _single(domain: Single, p: Value, k: int) -> Value:
    """Ties by lower index."""
    import numpy as np

    return np.argsort(-domain.real(p), kind="stable")[:k]


TOP_K = Function(
    name="top_k",
    group=ORDER,
    form="top_k(p, k)",
    meaning="the indices of the k largest of one axis, descending; equal by descent: lower index first",
    bound="undecided where entries overlap; see `admissible`",
    example=("top_k(x, k)", "integer[k]"),
    type_rule=_type,
    exact=_exact,
    single=_single,
    neighbours=("bottom_k", "top_k_last", "top_k_ascending"),
)
