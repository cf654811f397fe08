"""Rows of a quantised matrix times activations, in the forms that real kernels use; every step in float32.

Each function takes the machine, the tensor's `Fields` [rows, blocks, ...] and the activations [blocks * 256].
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tests.harness.language.soundness.block_formats import Fields
from tests.harness.language.soundness.emulate import F, Machine

Kernel = Callable[[Machine, Fields, np.ndarray], np.ndarray]


def dense(machine: Machine, w: Fields, x: np.ndarray) -> np.ndarray:
    """Decode to float32 first, then a plain dot product."""
    return machine.dot(decoded(machine, w).reshape(*w.d.shape[:-1], -1), x[..., None, :])


def decoded(machine: Machine, w: Fields) -> np.ndarray:
    scale = machine.mul(w.d[..., None], w.sc)[..., None]
    values = machine.mul(scale, w.q - w.offset)
    return values if w.m is None else machine.sub(values, machine.mul(w.dmin[..., None], w.m)[..., None])


def factored(machine: Machine, w: Fields, x: np.ndarray) -> np.ndarray:
    """Per block d * sum(sc * sum(q * x)) - dmin * sum(m * sum(x)), then the sum of the blocks."""
    x = spread(w, x)
    blocks = machine.mul(w.d, machine.dot(w.sc, machine.dot(w.q - w.offset, x)))
    if w.m is not None:
        blocks = machine.sub(blocks, machine.mul(w.dmin, machine.dot(w.m, machine.total(x))))
    return machine.total(blocks)


def split(machine: Machine, w: Fields, x: np.ndarray) -> np.ndarray:
    """As `factored`, but scales and minima are each summed over the whole row before the one subtraction."""
    x = spread(w, x)
    scales = machine.dot(w.d, machine.dot(w.sc, machine.dot(w.q - w.offset, x)))
    if w.m is None:
        return scales
    return machine.sub(scales, machine.dot(w.dmin, machine.dot(w.m, machine.total(x))))


def interleaved(machine: Machine, w: Fields, x: np.ndarray) -> np.ndarray:
    """One accumulator: plus (d*sc) * sum(q*x), minus (dmin*m) * sum(x), sub-block after sub-block."""
    x = spread(w, x)
    sums = machine.dot(w.q - w.offset, x)
    scale = machine.mul(w.d[..., None], w.sc)
    of_x = machine.total(x)
    low = None if w.m is None else machine.mul(-w.dmin[..., None], w.m)
    result = np.zeros(sums.shape[:-2], F)
    for block in range(sums.shape[-2]):
        for j in range(sums.shape[-1]):
            result = machine.multiply_add(scale[..., block, j], sums[..., block, j], result)
            if low is not None:
                result = machine.multiply_add(low[..., block, j], of_x[..., block, j], result)
    return result


def scale_into_x(machine: Machine, w: Fields, x: np.ndarray) -> np.ndarray:
    """d and dmin are multiplied into the activations; the integers sc * q are exact."""
    x = spread(w, x)
    scaled = machine.mul(w.d[..., None, None], x)
    blocks = machine.dot(*_flat(w.sc[..., None] * (w.q - w.offset), scaled))
    if w.m is not None:
        low = machine.mul(w.dmin[..., None, None], x)
        blocks = machine.sub(blocks, machine.dot(*_flat(np.broadcast_to(w.m[..., None], w.q.shape), low)))
    return machine.total(blocks)


def scattered(machine: Machine, w: Fields, x: np.ndarray) -> np.ndarray:
    """Every monomial by itself, scales and minima in one long sum."""
    x = spread(w, x)
    first = machine.mul(machine.mul(x, w.d[..., None, None]), w.sc[..., None])
    terms, factors = _flat(first, np.broadcast_to(w.q - w.offset, first.shape))
    if w.m is not None:
        low, ones = _flat(machine.mul(machine.mul(x, w.m[..., None]), -w.dmin[..., None, None]), np.ones(w.q.shape))
        terms, factors = np.concatenate([terms, low], -1), np.concatenate([factors, ones], -1)
    whole = [part.reshape(*part.shape[:-2], -1) for part in (terms, factors)]
    return machine.dot(*whole)


def minima_folded(machine: Machine, w: Fields, x: np.ndarray) -> np.ndarray:
    """The minima are the accumulators' start: result = -sum(dmin*m*sum(x)), then the weights are added."""
    x = spread(w, x)
    result = np.zeros(w.d.shape[:-1], F)
    if w.m is not None:
        result = -machine.total(machine.mul(w.dmin, machine.dot(w.m, machine.total(x))))
    sums = machine.dot(machine.mul(w.sc[..., None], w.q - w.offset), x)
    for block in range(w.d.shape[-1]):
        result = machine.multiply_add(w.d[..., block], machine.total(sums[..., block, :]), result)
    return result


def offset_folded(machine: Machine, w: Fields, x: np.ndarray) -> np.ndarray:
    """sum(q * x) - offset * sum(x): monomials that an equation in the integer (q - offset) does not have.

    Not among `FORMS`: outside the bound of such an equation, see docs/bound.md.
    """
    x = spread(w, x)
    of_x = np.add.accumulate(x, -1, dtype=F)[..., -1]  # summed elsewhere, in an order of its own
    sums = machine.sub(machine.dot(w.q, x), machine.mul(F(w.offset), of_x))
    return machine.total(machine.mul(w.d, machine.dot(w.sc, sums)))


FORMS: dict[str, Kernel] = {
    kernel.__name__.replace("_", " "): kernel
    for kernel in (dense, factored, split, interleaved, scale_into_x, scattered, minima_folded)
}


def spread(w: Fields, x: np.ndarray) -> np.ndarray:
    """The activations [..., n] as the values are laid out: [..., 1 (rows), blocks, sub-blocks, values]."""
    return x.reshape(*x.shape[:-1], 1, w.d.shape[-1], *w.q.shape[-2:])


def _flat(*parts: np.ndarray) -> list[np.ndarray]:
    """Sub-blocks and values as one axis."""
    return [part.reshape(*part.shape[:-2], -1) for part in np.broadcast_arrays(*parts)]


# --- int8 activations -----------------------------------------------------------------------------------------


def rounded_seed(machine: Machine, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """x * (1 / (max / 127)), halves away from zero."""
    s = machine.div(np.abs(x).max(-1), F(127))
    q = machine.mul(x, _inverse(machine, s)[..., None])
    return half_away(q), s


def rounded_ggml(machine: Machine, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """x * (-127 / the entry of largest magnitude), halves to even; the scale is the reciprocal."""
    place = np.abs(x).argmax(-1)[..., None]
    peak = np.take_along_axis(x, place, -1)[..., 0]
    scale = np.where(peak == 0, F(0), machine.div(F(-127), np.where(peak == 0, F(1), peak)))
    return np.rint(machine.mul(x, scale[..., None])), _inverse(machine, scale)


def rounded_quotient(machine: Machine, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """x / (max / 127), halves away from zero."""
    s = machine.div(np.abs(x).max(-1), F(127))
    return half_away(machine.div(x, np.where(s == 0, F(1), s)[..., None])), s


def _inverse(machine: Machine, s: np.ndarray) -> np.ndarray:
    return np.where(s == 0, F(0), machine.div(F(1), np.where(s == 0, F(1), s)))


def half_away(z: np.ndarray) -> np.ndarray:
    wide = z.astype(np.float64)
    return (np.sign(wide) * np.floor(np.abs(wide) + 0.5)).astype(F)


ROUNDINGS = {"seed": rounded_seed, "ggml": rounded_ggml, "quotient": rounded_quotient}


def int8_rows(machine: Machine, w: Fields, x: np.ndarray, rounding: str) -> np.ndarray:
    """Activations rounded to int8 per 256, products and sums of integers exact, scales applied per block."""
    x8, s = ROUNDINGS[rounding](machine, x.reshape(*x.shape[:-1], -1, 256))
    whole = spread(w, x8.reshape(x.shape).astype(np.int64))
    sums = (w.q * whole).sum(-1) - w.offset * whole.sum(-1)  # Q6_K: the offset folded out, in integers
    scale = machine.mul(w.d, s[..., None, :])
    blocks = machine.mul(scale, (sums * w.sc).sum(-1).astype(F))
    if w.m is not None:
        low = (whole.sum(-1) * w.m).sum(-1).astype(F)
        blocks = machine.sub(blocks, machine.mul(machine.mul(w.dmin, s[..., None, :]), low))
    return machine.total(blocks)
