"""exp(x - max) / sum over the last axis, one rule: an error common to all entries cancels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import Function, Value
from harness.language.rules.fitting import not_empty, real
from harness.language.types import Array, Mismatch, Ranges, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single


def _type(x: Type, *, ranges: Ranges) -> Array:
    part = real(x)
    if not part.shape:
        raise Mismatch("softmax needs an axis to run over", "an array", str(x))
    not_empty("softmax", part.shape[-1:], ranges)
    return part


def _exact(domain: Exact, x: Value) -> Bounded:
    """Shifted by the maximum, divided by the sum or multiplied by its reciprocal.

    exp(x_i - max) has a relative error from x_i and the subtraction; an error of max itself is common to all
    entries and cancels. Underflow of exp is absolute. Clamped: a probability is never above 1 (+ rounding).
    """
    import numpy as np

    from harness.language.exact import primitives

    part = domain.real(x).close()
    ar, n = part.ar, part.v.shape[-1]
    xe = np.broadcast_to(part.e, part.v.shape)
    with np.errstate(all="ignore"):
        z = part.v - part.v.max(-1, keepdims=True)
        widest = xe.max(-1, keepdims=True)
        d = xe + ar.u * (np.abs(z) + xe + widest)
        v = np.exp(z)
        relative = np.expm1(d) + 2 * ar.exp_ulps * ar.u * np.exp(d)
        s = v.sum(-1, keepdims=True)
        p = v / s
        tiny = ar.exp_ulps * ar.smallest * np.exp(widest)
        carried = (v * relative).sum(-1, keepdims=True) / s
        of_sum = n * tiny / s + carried + ar.gamma(n) * (1 + carried)
        e = (p * (relative + of_sum) + tiny / s) / (1 - of_sum)
        e = np.where((of_sum < 1) & np.isfinite(e), e + 2 * ar.u * (p + e) + ar.smallest, np.inf)
        judged = (np.isfinite(part.v) & np.isfinite(xe)).all(-1, keepdims=True)
        e = np.where(judged, np.minimum(e, 1 + 4 * ar.u), np.inf)
        k = None if part.k is None else p * (1 + part.k + (p * part.k).sum(-1, keepdims=True))
    # Rows of a matrix have sums of their own: equal entries of two rows are not tied.
    return primitives.leaf(part, p, e, k, keep_key=part.v.ndim == 1)


def _single(domain: Single, x: Value) -> Value:
    import numpy as np

    part = domain.real(x)
    shifted = np.exp(part - part.max(-1, keepdims=True))
    return shifted / shifted.sum(-1, keepdims=True, dtype=np.float32)


SOFTMAX = Function(
    name="softmax",
    form="softmax(x)",
    meaning="exp(x - max) / sum over the last axis",
    bound="one rule: an error common to all entries cancels; at most 1",
    example=("softmax(w)", "real[k, n]"),
    type_rule=_type,
    exact=_exact,
    single=_single,
    neighbours=("sigmoid", "exp"),
    repeatable=True,
)
