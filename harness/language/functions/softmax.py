"""exp(x - max) / sum over the last axis, one rule: an error common to all entries cancels. -inf excludes an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import LAST_AXIS, ROWS, Function, Value
from harness.language.rules.fitting import not_empty, real
from harness.language.types import Array, Mismatch, Ranges, Type

if TYPE_CHECKING:
    from harness.language.arithmetic import Arithmetic
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded, Floats
    from harness.language.exact.running_sums import Loss
    from harness.language.single import Single


def _type(x: Type, *, ranges: Ranges) -> Array:
    part = real(x)
    if not part.shape:
        raise Mismatch("softmax needs an axis to run over", "an array", str(x))
    not_empty("softmax", part.shape[-1:], ranges)
    return part


def _exact(domain: Exact, x: Value) -> Bounded:
    """Shifted by the maximum, divided by the sum or multiplied by its reciprocal.

    The numerators are taken in units of exp(error of the maximum), which is common to all and cancels. A probability
    grows with its own numerator and falls with the others, so each is put at the end that moves it furthest.
    """
    from harness.language.exact import primitives

    return primitives.with_own_error(_bounded, domain.real(x).close())


def _bounded(part: Bounded) -> Bounded:
    import numpy as np

    from harness.language.exact import primitives, running_sums

    ar = part.ar
    xe = np.broadcast_to(part.e, part.v.shape)
    excluded = np.isneginf(part.v) & (xe == 0)
    with np.errstate(all="ignore"):
        z = np.where(excluded, -np.inf, part.v - part.v.max(-1, keepdims=True))
        up, down = primitives.reach(part.v, xe, -1, ar.float64)
        loss = running_sums.loss(part, xe, z, np.maximum(up, down), -1)
        low, high, above = _numerators(part, xe, z, up, down, loss)
        low, high = (np.where(excluded, 0.0, end) for end in (low, high))
        v = np.exp(z)
        p = v / v.sum(-1, keepdims=True)
        lowest, highest = _probabilities(ar, low, high, above, ~excluded, loss)
        e = np.where(np.isfinite(highest), np.maximum(highest - p, p - lowest), 1.0)
        # the division underflows; or exp itself does, where the logarithm of the sum was taken away before it
        e = e + ar.division * ar.u * (p + e) + max(1, ar.exp_ulps) * ar.smallest + _stored(ar)[1]
        # Rounded sums of numbers that are not negative never fall below one of them: no probability is above 1 + 3u.
        e = np.minimum(e, _most(ar, loss))
        e = e if loss is None else np.where(loss.overflows, np.inf, e + (p + e) * np.expm1(loss.common))
        e = np.where(excluded, 0.0, e)
        judged = (np.isfinite(part.v) & np.isfinite(xe)) | excluded
        e = np.where(judged.all(-1, keepdims=True) & np.isfinite(p), e, np.inf)
        k = None
        if part.k is not None:
            inner = np.where(excluded, 0.0, part.k)
            k = p * (1 + inner + (p * inner).sum(-1, keepdims=True))
    # Rows of a matrix have sums of their own: equal entries of two rows are not tied.
    return primitives.leaf(part, p, e, k, keep_key=part.v.ndim == 1)


def _numerators(
    x: Bounded, e: Floats, z: Floats, up: Floats, down: Floats, loss: Loss | None
) -> tuple[Floats, Floats, Floats]:
    """The ends of exp(x - max), were exp exact, and how far above them the largest entry may lie (per row).

    A kernel's argument of exp is its x less its maximum, rounded, and never above zero: nothing overflows. It may be
    multiplied by log2(e), which is rounded too, for exp2; or the logarithm of the sum is taken away before exp instead
    of dividing by the sum after it. What is declared besides (`loss`) may lift it above zero.
    """
    import numpy as np

    wide = np.maximum(up, down)
    entries = (z > -np.inf).sum(-1, keepdims=True)
    logarithm = (2 * x.ar.exp_ulps + 1) * np.log(np.maximum(entries, 1))  # of the sum, which is at most that large
    d = e + x.ar.u * (3 * np.abs(z) + e + wide + logarithm)
    lifted: Floats = 0.0
    if loss is not None:
        d, lifted = d + loss.exponent, loss.exponent
    if x.key is not None and wide.any() and not (x.ar.folded or x.ar.merged):
        # Where all entries that can be the maximum are one and the same number, whatever it is, their difference is
        # exactly zero: a row of which nothing but one filler is left.
        winner = np.take_along_axis(x.key, x.v.argmax(-1)[..., None], -1)
        same = x.key == winner
        alone = (same | (z + e < -wide)).all(-1, keepdims=True)
        d = np.where(alone, np.where(same, 0.0, d + wide), d)
        up = np.where(alone, 0.0, up)
    return np.exp(z - d), np.exp(np.minimum(z + d, up + lifted)), up


def _probabilities(
    ar: Arithmetic, low: Floats, high: Floats, above: Floats, counted: Floats, loss: Loss | None
) -> tuple[Floats, Floats]:
    """The ends of N / (N + R) before the division is rounded; NaN or infinite where the sum may vanish.

    N is computed once for the numerator and perhaps again, by another exp, for the sum.
    """
    import numpy as np

    off = 2 * ar.exp_ulps * ar.u
    less, more = max(0.0, 1 - off), 1 + off
    steps = 1.0
    if loss is not None:
        less, more, steps = less * np.maximum(0.0, 1 - loss.factor), more * (1 + loss.factor), loss.steps
    unit, coarse = _stored(ar)
    less, more = less * (1 - unit), more * (1 + unit)
    smallest = ar.smallest * np.exp(above)
    coarse = coarse and coarse * np.exp(above)
    tiny = ar.exp_ulps * smallest * steps + coarse  # of one numerator, where exp underflows, or what it is rounded to
    # Numerators that may exceed a quarter of the smallest number are terms of the sum. Of one that may not, the sum
    # loses its value, and as much again when it is added.
    lost = 2 * (ar.exp_ulps + 1) * smallest * (counted * steps).sum(-1, keepdims=True)
    lost = lost + coarse * counted.sum(-1, keepdims=True)
    terms = (high * more > ar.smallest / 4).sum(-1, keepdims=True)
    gamma = np.where(terms * ar.u < 1, terms * ar.u / (1 - terms * ar.u), np.inf)
    least, most = (less * low).sum(-1, keepdims=True), (more * high).sum(-1, keepdims=True)
    least_with = np.maximum(least - less * low, 0.0) + less * high
    most_with = np.maximum(most - more * high, 0.0) + more * low
    highest = (more * high + tiny) / (least_with * (1 - gamma) - lost)
    lowest = np.maximum(less * low - tiny, 0.0) / (most_with * (1 + gamma) + lost)
    vanishes = ~(least * (1 - gamma) > lost)
    return lowest, np.where(vanishes, np.inf, highest)


def _stored(ar: Arithmetic) -> tuple[float, float]:
    """What numerators, or quotients, may be rounded by: of their size, and where they underflow.

    A kernel for tensor cores rounds what it multiplies, from whatever maximum it has by then.
    """
    if ar.probabilities is None:
        return 0.0, 0.0
    numbers = ar.probabilities
    return numbers.unit, 2.0**numbers.emin if ar.flushes else numbers.smallest


def _most(ar: Arithmetic, loss: Loss | None) -> Floats:
    """How large a quotient may be where what is declared tells a numerator from its part of the sum."""
    import numpy as np

    unit = _stored(ar)[0]
    less, more = (1.0, 1.0) if loss is None else (np.maximum(0.0, 1 - loss.factor), 1 + loss.factor)
    return more * (1 + unit) / (less * (1 - unit)) * (1 + 4 * ar.u)


def _single(domain: Single, x: Value) -> Value:
    import numpy as np

    part = domain.real(x)
    shifted = np.exp(part - part.max(-1, keepdims=True))
    return shifted / shifted.sum(-1, keepdims=True, dtype=domain.number)


SOFTMAX = Function(
    name="softmax",
    group=ROWS,
    form="softmax(x)",
    meaning="exp(x - max) / sum over the last axis",
    bound="one rule: an error common to all entries cancels; at most 1; zero where an entry is -inf",
    example=("softmax(w)", "real[k, n]"),
    type_rule=_type,
    exact=_exact,
    single=_single,
    by_rows=LAST_AXIS,
    neighbours=("sigmoid", "exp"),
    repeatable=True,
)
