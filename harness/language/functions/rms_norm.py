"""x / sqrt(mean(x * x) + epsilon) * weight over the last axis, by the rules of its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import LAST_AXIS, ROWS, Function, Value
from harness.language.functions.mean import MEAN
from harness.language.functions.sqrt import SQRT
from harness.language.rules.fitting import broadcast, real
from harness.language.types import Array, Mismatch, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single


def _type(x: Type, weight: Type, epsilon: Type) -> Array:
    part = real(x)
    if not part.shape or real(epsilon).shape:
        raise Mismatch("rms_norm(x, weight, epsilon) needs an array, an array and a number")
    return Array("real", broadcast(part.shape, real(weight).shape, "rms_norm"), observed=part.observed)


def _exact(domain: Exact, x: Value, weight: Value, epsilon: Value) -> Bounded:
    from harness.language.exact import primitives, region

    part = domain.real(x)
    square = MEAN.exact(domain, region.multiply(part, part), -1)
    root = SQRT.exact(domain, region.add(square, domain.real(epsilon)))
    return region.multiply(primitives.divide(part, root.map(lambda array: array[..., None])), domain.real(weight))


def _single(domain: Single, x: Value, weight: Value, epsilon: Value) -> Value:
    import numpy as np

    part = domain.real(x)
    square = domain.mean(part * part, -1, keepdims=True)
    return part / np.sqrt(square + domain.real(epsilon)) * domain.real(weight)


RMS_NORM = Function(
    name="rms_norm",
    group=ROWS,
    form="rms_norm(x, weight, epsilon)",
    meaning="x / sqrt(mean(x * x) + epsilon) * weight over the last axis",
    bound="the rules of its parts",
    example=("rms_norm(x, x, 1e-6)", "real[n]"),
    type_rule=_type,
    exact=_exact,
    single=_single,
    by_rows=LAST_AXIS,
    no_neighbours="no other function takes an array, weights and an epsilon; a wrong one is an operand",
)
