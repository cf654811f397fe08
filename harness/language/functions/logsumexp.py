"""log(sum(exp(x))) along an axis, or of all entries: finite where exp(x) is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import NAMED_AXIS, SUMS, Function, Value
from harness.language.rules.fitting import literal_axis, not_empty, real, reduced
from harness.language.types import Array, Ranges, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single


def _type(x: Type, axis: Type | None = None, *, ranges: Ranges) -> Array:
    result, shape = reduced(x, axis), real(x).shape
    not_empty("logsumexp", shape if axis is None else (shape[literal_axis(axis, len(shape))],), ranges)
    return result


def _exact(domain: Exact, x: Value, axis: int | None = None) -> Bounded:
    from harness.language.exact import log_sum

    return log_sum.log_sum_exp(domain.real(x).close(), axis)


def _single(domain: Single, x: Value, axis: int | None = None) -> Value:
    """The logarithm goes through float64, as that of `log` does."""
    import numpy as np

    part = domain.real(x)
    top = np.max(part, axis, keepdims=True)
    top = np.where(np.isneginf(top), domain.number(0), top)  # of nothing but excluded entries it is -inf
    total = np.sum(np.exp(part - top), axis, dtype=domain.number)
    return np.log(total, dtype=np.float64).astype(domain.number) + np.squeeze(top, axis)


LOGSUMEXP = Function(
    name="logsumexp",
    group=SUMS,
    form="logsumexp(x, axis)",
    meaning="log(sum(exp(x))), the axis is not empty",
    bound="one rule: finite where exp(x) is not; an entry of -inf counts for nothing",
    example=("logsumexp(w, 1)", "real[k]"),
    type_rule=_type,
    exact=_exact,
    single=_single,
    by_rows=NAMED_AXIS,
    neighbours=("max", "sum"),
    reduces=True,
)
