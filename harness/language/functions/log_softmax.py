"""x - logsumexp(x) along the last axis. -inf excludes an entry, and stays -inf."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import LAST_AXIS, ROWS, Function, Value
from harness.language.functions.logsumexp import LOGSUMEXP
from harness.language.rules.fitting import not_empty, real
from harness.language.types import Array, Mismatch, Ranges, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single


def _type(x: Type, *, ranges: Ranges) -> Array:
    part = real(x)
    if not part.shape:
        raise Mismatch("log_softmax needs an axis to run over", "an array", str(x))
    not_empty("log_softmax", part.shape[-1:], ranges)
    return part


def _exact(domain: Exact, x: Value) -> Bounded:
    """A region of three terms, x, the maximum and a logarithm: kernels take them away together or one by one.

    A mean of losses may be taken of x and of the logarithms apart.
    """
    from harness.language.exact import region

    part = domain.real(x).close()
    whole = LOGSUMEXP.exact(domain, part, -1)
    return region.add(part, whole.map(lambda array: array[..., None]), -1)


def _single(domain: Single, x: Value) -> Value:
    part = domain.real(x)
    return part - LOGSUMEXP.single(domain, part, -1)[..., None]


LOG_SOFTMAX = Function(
    name="log_softmax",
    group=ROWS,
    form="log_softmax(x)",
    meaning="x - logsumexp(x) over the last axis",
    bound="x, the maximum and the logarithm of the sum, part of the polynomial; -inf stays -inf",
    example=("log_softmax(w)", "real[k, n]"),
    type_rule=_type,
    exact=_exact,
    single=_single,
    by_rows=LAST_AXIS,
    neighbours=("softmax",),
)
