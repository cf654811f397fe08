"""Correct variants of the plain implementation: what real kernels do differently without being wrong.

Each must survive every falsifier of what it claims. The names are those of the class; the docstring says what differs.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from tests.subjects.plain import (
    BLOCK,
    Arrays,
    F,
    Floats,
    Plain,
    Tensor,
    q4_k_fields,
    q6_k_fields,
)  # fmt: skip


def sequential(terms: Floats) -> Floats:
    """One float32 accumulator, first to last."""
    return np.add.accumulate(terms, -1)[..., -1]


def lanes(terms: Floats, count: int) -> Floats:
    """Terms dealt out to `count` accumulators."""
    padded = padded_to(terms, count)
    return np.add.accumulate(padded.reshape(*terms.shape[:-1], -1, count), -2)[..., -1, :]


def padded_to(terms: Floats, multiple: int) -> Floats:
    missing = -terms.shape[-1] % multiple
    return np.pad(terms, [(0, 0)] * (terms.ndim - 1) + [(0, missing)])


def tree(terms: Floats) -> Floats:
    """First half plus second half, until one is left."""
    while terms.shape[-1] > 1:
        terms = padded_to(terms, 2)
        half = terms.shape[-1] // 2
        terms = terms[..., :half] + terms[..., half:]
    return terms[..., 0]


def fused(w: Floats, x: Floats, total: Floats) -> Floats:
    """w * x + total, rounded once: the product of two float32 is exact in float64."""
    return (w.astype(np.float64) * x + total).astype(F)


@cache
def shuffled(n: int) -> np.ndarray:
    return np.random.default_rng(n).permutation(n)


class Sequential(Plain):
    """One accumulator, as a scalar loop has."""

    def add_up(self, terms: Floats) -> Floats:
        return sequential(terms)


class Reversed(Plain):
    """A scalar loop that counts down."""

    def add_up(self, terms: Floats) -> Floats:
        return sequential(terms[..., ::-1])


class Pairwise(Plain):
    """A tree over all terms."""

    def add_up(self, terms: Floats) -> Floats:
        return tree(terms)


class EightLanes(Plain):
    """One vector register of 8, then a tree."""

    def add_up(self, terms: Floats) -> Floats:
        return tree(lanes(terms, 8))


class SixteenLanes(Plain):
    """One vector register of 16, then a tree."""

    def add_up(self, terms: Floats) -> Floats:
        return tree(lanes(terms, 16))


class Shuffled(Plain):
    """A random order, the same for every sum of that length."""

    def add_up(self, terms: Floats) -> Floats:
        return sequential(terms[..., shuffled(terms.shape[-1])])


class OrderByRow(Plain):
    """Tiles of rows are summed in different orders, so that equal rows differ in their last bits."""

    def add_up(self, terms: Floats) -> Floats:
        forward = sequential(terms)
        if terms.ndim > 1:
            forward[..., 1::2] = sequential(terms[..., 1::2, ::-1])
        return forward


class BlasRouter(Plain):
    """The router's product is that of the linear algebra library."""

    def logits(self, router: Floats, x: Floats) -> Floats:
        return router @ x


class SequentialFused(Plain):
    """One accumulator with fused multiply-add."""

    def dot(self, w: Floats, x: Floats) -> Floats:
        total = np.zeros(w.shape[:-1], F)
        for j in range(w.shape[-1]):
            total = fused(w[..., j], x[..., j], total)
        return total


class EightLanesFused(Plain):
    """8 accumulators with fused multiply-add, then a tree."""

    def dot(self, w: Floats, x: Floats) -> Floats:
        w, x = padded_to(w, 8), padded_to(x, 8)
        total = np.zeros((*w.shape[:-1], 8), F)
        for j in range(0, w.shape[-1], 8):
            total = fused(w[..., j : j + 8], x[..., j : j + 8], total)
        return tree(total)


class Float64Sums(Plain):
    """Products and sums in float64, rounded once."""

    def dot(self, w: Floats, x: Floats) -> Floats:
        return (w.astype(np.float64) * x).sum(-1).astype(F)


class Float64Functions(Plain):
    """Softmax and SiLU in float64, rounded once."""

    def exp(self, z: Floats) -> Floats:
        return np.exp(z.astype(np.float64))

    def softmax(self, logits: Floats) -> Floats:
        return super().softmax(logits).astype(F)

    def silu(self, g: Floats) -> Floats:
        return super().silu(g).astype(F)


class Blockwise(Plain):
    """Products block by block from the fields, never from decoded weights; the base of the next ones."""

    def products(self, tensor: Tensor, x: Floats) -> Floats:
        raw = self.blocks(tensor)
        x = padded_to(x, BLOCK).reshape(*x.shape[:-1], -1, BLOCK)
        x = x[..., None, :, :] if x.ndim > 2 else x
        sums = self.q4_k_sums(raw, x) if tensor.dtype == "q4_k" else self.q6_k_sums(raw, x)
        return self.add_up(sums)

    def q4_k_sums(self, raw: np.ndarray, x: Floats) -> Floats:
        """One product per block: d * sum(sc * sum(q * x)) - dmin * sum(m * sum(x))."""
        d, dmin, s, qs = q4_k_fields(raw)
        sc, mn = self.q4_k_scales(s)
        x = x.reshape(*x.shape[:-1], 8, 32)
        positive = self.add_up(sc * self.dot(self.q4_k_quants(qs), x))
        negative = self.add_up(mn * self.add_up(x))
        return self.half(d)[..., 0] * positive - self.half(dmin)[..., 0] * negative

    def q6_k_sums(self, raw: np.ndarray, x: Floats) -> Floats:
        """One product per block: d * sum(sc * sum((q - 32) * x))."""
        ql, qh, sc, d = q6_k_fields(raw)
        q = self.q6_k_offset(self.q6_k_quants(ql, qh)).reshape(*raw.shape[:-1], 16, 16)
        sums = self.dot(q, x.reshape(*x.shape[:-1], 16, 16))
        return self.half(d)[..., 0] * self.add_up(self.q6_k_scales(sc) * sums)


class Factored(Blockwise):
    """Block scales and sub-block scales outside the sums, as ggml's kernels have them."""


class FactoredSequential(Sequential, Blockwise):
    """The same, with one accumulator per sum."""


class OffsetFolded(Blockwise):
    """Q6_K: sum(q * x) - 32 * sum(x) per sub-block."""

    def q6_k_sums(self, raw: np.ndarray, x: Floats) -> Floats:
        ql, qh, sc, d = q6_k_fields(raw)
        q = self.q6_k_quants(ql, qh).reshape(*raw.shape[:-1], 16, 16)
        x = x.reshape(*x.shape[:-1], 16, 16)
        sums = self.add_up(q * x) - F(32) * self.add_up(x)
        return self.half(d)[..., 0] * self.add_up(self.q6_k_scales(sc) * sums)


class OffsetFoldedPerBlock(Blockwise):
    """Q6_K: d * (sum(sc * sum(q * x)) - 32 * sum(sc * sum(x))), the offset outside the whole block."""

    def q6_k_sums(self, raw: np.ndarray, x: Floats) -> Floats:
        ql, qh, raw_scales, d = q6_k_fields(raw)
        q = self.q6_k_quants(ql, qh).reshape(*raw.shape[:-1], 16, 16)
        x, sc = x.reshape(*x.shape[:-1], 16, 16), self.q6_k_scales(raw_scales)
        sums = self.add_up(sc * self.add_up(q * x)) - F(32) * self.add_up(sc * self.add_up(x))
        return self.half(d)[..., 0] * sums


class ScalesOnActivations(Blockwise):
    """Scales are multiplied into the activations before the quants."""

    def q4_k_sums(self, raw: np.ndarray, x: Floats) -> Floats:
        d, dmin, s, qs = q4_k_fields(raw)
        sc, mn = self.q4_k_scales(s)
        x = x.reshape(*x.shape[:-1], 8, 32)
        scaled = x * (self.half(d) * sc)[..., None]
        lowered = x * (self.half(dmin) * mn)[..., None]
        terms = self.q4_k_quants(qs) * scaled - lowered
        return self.add_up(terms.reshape(*terms.shape[:-2], BLOCK))

    def q6_k_sums(self, raw: np.ndarray, x: Floats) -> Floats:
        ql, qh, sc, d = q6_k_fields(raw)
        q = self.q6_k_offset(self.q6_k_quants(ql, qh)).reshape(*raw.shape[:-1], 16, 16)
        scaled = x.reshape(*x.shape[:-1], 16, 16) * (self.half(d) * self.q6_k_scales(sc))[..., None]
        terms = q * scaled
        return self.add_up(terms.reshape(*terms.shape[:-2], BLOCK))


class GgmlActivations(Plain):
    """int8 activations as ggml makes them: by the signed extreme, with a reciprocal, halves to even."""

    def quantise(self, x: Floats) -> tuple[Floats, Floats]:
        parts = x.reshape(-1, BLOCK)
        extreme = np.take_along_axis(parts, np.abs(parts).argmax(-1, keepdims=True), -1)
        inverse = np.where(extreme != 0, F(-127) / np.where(extreme != 0, extreme, F(1)), F(0))
        scale = np.where(inverse != 0, F(1) / np.where(inverse != 0, inverse, F(1)), F(0))
        return scale, np.minimum(np.rint(inverse * parts), F(127))


class SeedActivations(Plain):
    """int8 activations as the seed makes them: a reciprocal of the scale, halves away from zero."""

    def quantise(self, x: Floats) -> tuple[Floats, Floats]:
        parts = x.reshape(-1, BLOCK)
        scale = np.abs(parts).max(-1, keepdims=True) / F(127)
        inverse = np.where(scale > 0, F(1) / np.where(scale > 0, scale, F(1)), F(0))
        scaled = parts * inverse
        return scale, np.clip(np.copysign(np.floor(np.abs(scaled) + F(0.5)), scaled), -128, 127)


class SoftmaxByReciprocal(Plain):
    """exp times the reciprocal of the sum."""

    def softmax(self, logits: Floats) -> Floats:
        e = self.exp(logits - logits.max())
        return e * (F(1) / self.add_up(e))


class InexactExp(Plain):
    """exp is wrong by almost 2 units in the last place, on the far side of the exact value."""

    def exp(self, z: Floats) -> Floats:
        exact = np.exp(z.astype(np.float64))
        value = exact.astype(F)
        away = np.where(value < exact, F(np.inf), F(0))
        return np.where(np.isinf(value), value, np.nextafter(np.nextafter(value, away), away))


class SiluBySigmoid(Plain):
    """x * sigmoid(x)."""

    def silu(self, g: Floats) -> Floats:
        return g * (F(1) / (F(1) + self.exp(-g)))


class SiluWithoutOverflow(Plain):
    """exp of minus the absolute value only, on either side of zero."""

    def silu(self, g: Floats) -> Floats:
        e = self.exp(-np.abs(g))
        return g * np.where(g < 0, e, F(1)) / (F(1) + e)


class SiluTimesUpFirst(Plain):
    """(g * u) / (1 + exp(-g)): one product of the three is made earlier."""

    def swiglu(self, gate: Floats, up: Floats) -> Floats:
        return (gate * up) / (F(1) + self.exp(-gate))


class WeightsByReciprocal(Plain):
    """The chosen probabilities times the reciprocal of their sum."""

    def normalise(self, probs: Floats, chosen: np.ndarray) -> Floats:
        return probs[chosen] * (F(1) / self.add_up(probs[chosen]))


class WeightsFromLogits(Plain):
    """Softmax over the chosen logits alone: equal to renormalised probabilities in real arithmetic."""

    def weigh(self, logits: Floats, probs: Floats, chosen: np.ndarray) -> Floats:
        return self.softmax(logits[chosen])


class SelectFromLogits(Plain):
    """Ranks by logits, of which probabilities are a monotonic function."""

    def routing(self, owner: str, x: Floats, router: Floats, k: int) -> Arrays:
        stages = super().routing(owner, x, router, k)
        chosen = self.select(stages["logits"], k)
        return stages | {
            "experts": chosen,
            "weights": self.weigh(stages["logits"], stages["probs"], chosen),
        }


class WeightsBeforeDown(Plain):
    """The routing weight is multiplied into swiglu, before the down projection; the trace shows down without it."""

    def layer(self, owner: str, **arguments: Any) -> Arrays:
        stages = super().layer(owner, **arguments)
        down = self.slabs(Tensor.of(arguments["down"]), arguments["num_experts"], stages["experts"])
        weighted = self.products(down, stages["swiglu"] * stages["weights"][:, None])
        return stages | {"output": self.add_up(np.ascontiguousarray(weighted.T))}


class ExpertsByNumber(Plain):
    """Experts are added in the order of their numbers, not of their ranks."""

    def combine(self, weights: Floats, down: Floats, experts: np.ndarray) -> Floats:
        order = np.argsort(experts)
        return super().combine(weights[order], down[order], experts[order])


class ExpertsInFloat64(Plain):
    """The weighted sum in float64, rounded once."""

    def combine(self, weights: Floats, down: Floats, experts: np.ndarray) -> Floats:
        return (weights.astype(np.float64)[:, None] * down).sum(0).astype(F)


class UnnormalisedUntilTheEnd(Plain):
    """Experts weighted by their probabilities; the sum is divided by their total at the end."""

    def layer(self, owner: str, **arguments: Any) -> Arrays:
        stages = super().layer(owner, **arguments)
        probs = stages["probs"][stages["experts"]]
        output = self.combine(probs, stages["down"], stages["experts"]) / self.add_up(probs)
        return stages | {"output": output}


class Everything(EightLanesFused):
    """Many liberties at once: lanes, fused, reciprocals, other forms, another order of experts."""

    softmax = SoftmaxByReciprocal.softmax
    normalise = WeightsByReciprocal.normalise
    exp = InexactExp.exp
    silu = SiluBySigmoid.silu

    def combine(self, weights: Floats, down: Floats, experts: np.ndarray) -> Floats:
        order = np.argsort(experts)
        return Plain.combine(self, weights[order], down[order], experts[order])


# By where they differ, which tells the falsifiers that can see it.
PRODUCTS: tuple[type[Plain], ...] = (
    Sequential, Reversed, Pairwise, EightLanes, SixteenLanes, Shuffled, OrderByRow, SequentialFused, EightLanesFused,
    Float64Sums, Factored, FactoredSequential, OffsetFolded, OffsetFoldedPerBlock, ScalesOnActivations,
)  # fmt: skip
INT8: tuple[type[Plain], ...] = (GgmlActivations, SeedActivations)
ROUTERS: tuple[type[Plain], ...] = (
    BlasRouter, OrderByRow, Float64Functions, SoftmaxByReciprocal, WeightsByReciprocal, WeightsFromLogits,
    SelectFromLogits,
)  # fmt: skip
ACTIVATIONS: tuple[type[Plain], ...] = (
    Float64Functions, SiluBySigmoid, SiluWithoutOverflow, SiluTimesUpFirst,
)  # fmt: skip
LAYERS: tuple[type[Plain], ...] = (
    WeightsBeforeDown, ExpertsByNumber, ExpertsInFloat64, UnnormalisedUntilTheEnd,
)  # fmt: skip
THROUGHOUT: tuple[type[Plain], ...] = (Plain, InexactExp, Everything)
VARIANTS = tuple(dict.fromkeys((*THROUGHOUT, *PRODUCTS, *INT8, *ROUTERS, *ACTIVATIONS, *LAYERS)))
