"""Faulty variants of the plain implementation, one bug each: what the contracts must falsify.

Each class overrides the one place where real code would have the bug, so production and trace share it; those of the
last sections differ between siblings, calls or dimensions. `by` names the falsifiers (without "FALSIFY-") that are
expected to kill it; those without it survive 200 cases, and say what no rule, kind or dimension reaches.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np

from tests.subjects.plain import (
    BLOCK,
    BLOCK_BYTES,
    Arrays,
    F,
    Floats,
    InvalidShape,
    Plain,
    Tensor,
    UnsupportedOperation,
    q4_k_fields,
)  # fmt: skip

VARIANTS: list[type[Faulty]] = []


class Faulty(Plain):
    """The base of all: `class Bug(Faulty, by="BLOCKS-001 BLOCKS-003")`."""

    by: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, by: str = "") -> None:
        cls.by = tuple(by.split())
        VARIANTS.append(cls)


def rounded(x: Floats, bits: int) -> Floats:
    """Float32 with so many bits of mantissa, to nearest."""
    mantissa, exponent = np.frexp(x)
    return np.ldexp(np.rint(np.ldexp(mantissa, bits)), exponent - bits).astype(F)


def up_one(x: Floats) -> Floats:
    """The next float32 upwards."""
    return np.nextafter(x, F(np.inf))


# --- Q4_K ----------------------------------------------------------------------------------------------------------


class NibblesInterleaved(Faulty, by="BLOCKS-001"):
    """A byte holds two neighbours instead of two values 32 apart."""

    def q4_k_quants(self, qs: np.ndarray) -> np.ndarray:
        return np.stack([qs & 15, qs >> 4], -1).reshape(*qs.shape[:-1], 8, 32)


class HighNibblesFirst(Faulty, by="BLOCKS-001 BLOCKS-003"):
    """Low and high nibbles are swapped."""

    def q4_k_quants(self, qs: np.ndarray) -> np.ndarray:
        return super().q4_k_quants((qs >> 4) | (qs << 4))


class NoMinimum(Faulty, by="BLOCKS-001 BLOCKS-003"):
    """The minimum is forgotten (Q4_0 has none)."""

    def q4_k_values(self, d: Floats, dmin: Floats, sc: np.ndarray, mn: np.ndarray, q: np.ndarray) -> Floats:
        return super().q4_k_values(d, dmin * 0, sc, mn, q)


class MinimumAdded(Faulty, by="BLOCKS-001 BLOCKS-003"):
    """The minimum is added (as in Q4_1)."""

    def q4_k_values(self, d: Floats, dmin: Floats, sc: np.ndarray, mn: np.ndarray, q: np.ndarray) -> Floats:
        return super().q4_k_values(d, -dmin, sc, mn, q)


class MinimumTimesD(Faulty, by="BLOCKS-001 BLOCKS-003"):
    """The minimum is scaled by d instead of dmin."""

    def q4_k_values(self, d: Floats, dmin: Floats, sc: np.ndarray, mn: np.ndarray, q: np.ndarray) -> Floats:
        return super().q4_k_values(d, d, sc, mn, q)


class ScalesSwapped(Faulty, by="BLOCKS-001 BLOCKS-003"):
    """d and dmin are read in the wrong order."""

    def q4_k_values(self, d: Floats, dmin: Floats, sc: np.ndarray, mn: np.ndarray, q: np.ndarray) -> Floats:
        return super().q4_k_values(dmin, d, sc, mn, q)


class Q4Scales(Faulty):
    """Changes the unpacked scales and minima; `changed` is the bug."""

    def q4_k_scales(self, s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return self.changed(*super().q4_k_scales(s))

    def changed(self, sc: np.ndarray, mn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        raise NotImplementedError


class LastMinimumDropped(Q4Scales, by="BLOCKS-001 BLOCKS-003"):
    """The loop over minima ends one sub-block early."""

    def changed(self, sc: np.ndarray, mn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return sc, np.where(np.arange(8) == 7, 0, mn)


class MinimumOfNeighbour(Q4Scales, by="BLOCKS-001 BLOCKS-003"):
    """The minimum of the next sub-block."""

    def changed(self, sc: np.ndarray, mn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return sc, np.roll(mn, -1, -1)


class ScaleOfNeighbour(Q4Scales, by="BLOCKS-001 BLOCKS-003"):
    """The scale of the sub-block before."""

    def changed(self, sc: np.ndarray, mn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.roll(sc, 1, -1), mn


class ScalesAndMinimaSwapped(Q4Scales, by="BLOCKS-001 BLOCKS-003"):
    """Scales are taken for minima and minima for scales."""

    def changed(self, sc: np.ndarray, mn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return mn, sc


class SixBits(Faulty):
    """Another reading of the 12 packed bytes; `packed` gives scales and minima of sub-blocks 4 to 7."""

    def q4_k_scales(self, s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        a, b, c = s[..., 0:4], s[..., 4:8], s[..., 8:12]
        sc, mn = self.packed(a, b, c)
        return np.concatenate([a & 63, sc], -1), np.concatenate([b & 63, mn], -1)

    def packed(self, a: np.ndarray, b: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        raise NotImplementedError


class HighBitsExchanged(SixBits, by="BLOCKS-001 BLOCKS-003"):
    """From sub-block 4 on, the upper bits of scale and minimum are exchanged."""

    def packed(self, a: np.ndarray, b: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return (c & 15) | (b >> 6 << 4), (c >> 4) | (a >> 6 << 4)


class HighBitsLost(SixBits, by="BLOCKS-001 BLOCKS-003"):
    """From sub-block 4 on, only four of the six bits are read."""

    def packed(self, a: np.ndarray, b: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return c & 15, c >> 4


class HighBitOfMinimumLost(SixBits, by="BLOCKS-001"):
    """From sub-block 4 on, the uppermost bit of the minimum is masked away."""

    def packed(self, a: np.ndarray, b: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return (c & 15) | (a >> 6 << 4), ((c >> 4) | (b >> 6 << 4)) & 31


class HighBitsShiftedByTwo(SixBits, by="BLOCKS-001 BLOCKS-003"):
    """From sub-block 4 on, the upper bits land two places too low."""

    def packed(self, a: np.ndarray, b: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return (c & 15) | (a >> 6 << 2), (c >> 4) | (b >> 6 << 2)


class ScaleNibblesSwapped(SixBits, by="BLOCKS-001 BLOCKS-003"):
    """From sub-block 4 on, the nibbles of scale and minimum are exchanged."""

    def packed(self, a: np.ndarray, b: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return (c >> 4) | (a >> 6 << 4), (c & 15) | (b >> 6 << 4)


class LastHighBitsOfNeighbour(SixBits, by="BLOCKS-001"):
    """Only sub-block 7 takes its upper bits from the byte before."""

    def packed(self, a: np.ndarray, b: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        shifted = a[..., [0, 1, 2, 2]]
        return (c & 15) | (shifted >> 6 << 4), (c >> 4) | (b >> 6 << 4)


class SixBitsUnmasked(Faulty, by="BLOCKS-001 BLOCKS-003"):
    """Sub-blocks 0 to 3 keep the two bits that belong to 4 to 7."""

    def q4_k_scales(self, s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        sc, mn = super().q4_k_scales(s)
        return np.concatenate([s[..., 0:4], sc[..., 4:]], -1), np.concatenate([s[..., 4:8], mn[..., 4:]], -1)


class HalfAsBfloat16(Faulty, by="BLOCKS-001 BLOCKS-003"):
    """Block scales are read as bfloat16."""

    def half(self, raw: np.ndarray) -> Floats:
        return (np.ascontiguousarray(raw).view("<u2").astype(np.uint32) << 16).view(F)


class SubnormalHalfFlushed(Faulty, by="BLOCKS-001"):
    """The conversion of a subnormal float16 block scale gives zero."""

    def half(self, raw: np.ndarray) -> Floats:
        d = super().half(raw)
        return np.where(np.abs(d) < 2.0**-14, F(0), d)


class SignOfScaleLost(Faulty, by="BLOCKS-001 BLOCKS-003"):
    """A float16 scale is converted without its sign; quantisers write negative ones, too."""

    def half(self, raw: np.ndarray) -> Floats:
        return np.abs(super().half(raw))


class ScaleProductInHalf(Faulty, by="BLOCKS-001"):
    """d * sc and dmin * m are rounded to float16."""

    def q4_k_values(self, d: Floats, dmin: Floats, sc: np.ndarray, mn: np.ndarray, q: np.ndarray) -> Floats:
        high, low = ((part[0] * part[1]).astype(np.float16).astype(F) for part in ((d, sc), (dmin, mn)))
        return high[..., None] * q - low[..., None]


# --- Q6_K ----------------------------------------------------------------------------------------------------------


class OffsetThirtyOne(Faulty, by="BLOCKS-001 BLOCKS-003"):
    """The offset of six bits is taken for 31."""

    def q6_k_offset(self, q: np.ndarray) -> Floats:
        return super().q6_k_offset(q) + F(1)


class OffsetThirtyThree(Faulty, by="BLOCKS-001 BLOCKS-003"):
    """The offset of six bits is taken for 33."""

    def q6_k_offset(self, q: np.ndarray) -> Floats:
        return super().q6_k_offset(q) - F(1)


class NoOffset(Faulty, by="BLOCKS-001 BLOCKS-003"):
    """Quants are unsigned."""

    def q6_k_offset(self, q: np.ndarray) -> Floats:
        return q.astype(F)


class UnsignedScales(Faulty, by="BLOCKS-001 BLOCKS-003"):
    """int8 scales are read as uint8."""

    def q6_k_scales(self, raw: np.ndarray) -> np.ndarray:
        return raw


class ScaleClamped(Faulty, by="BLOCKS-001"):
    """A scale of -128 is taken for -127, as a symmetric int8 would have it."""

    def q6_k_scales(self, raw: np.ndarray) -> np.ndarray:
        return np.maximum(super().q6_k_scales(raw), -127)


class SecondHalfScales(Faulty, by="BLOCKS-001 BLOCKS-003"):
    """The second half of a block uses the scales of the first."""

    def q6_k_scales(self, raw: np.ndarray) -> np.ndarray:
        return super().q6_k_scales(raw)[..., [*range(8), *range(8)]]


class ScalesPerThirtyTwo(Faulty, by="BLOCKS-001 BLOCKS-003"):
    """Sub-blocks are taken for 32 values, as in Q4_K."""

    def q6_k_scales(self, raw: np.ndarray) -> np.ndarray:
        return super().q6_k_scales(raw)[..., [j // 2 * 2 for j in range(16)]]


class HighPairs(Faulty):
    """Another reading of the two upper bits; `changed` maps four groups of 32 values, 0 to 3."""

    def q6_k_quants(self, ql: np.ndarray, qh: np.ndarray) -> np.ndarray:
        q = super().q6_k_quants(ql, qh).reshape(*ql.shape[:-1], 2, 4, 32)
        return ((q & 15) | (self.changed(q >> 4) << 4)).reshape(*ql.shape[:-1], BLOCK)

    def changed(self, pairs: np.ndarray) -> np.ndarray:
        raise NotImplementedError


class HighPairsReversed(HighPairs, by="BLOCKS-001 BLOCKS-003"):
    """The upper pairs are taken from the top of the byte."""

    def changed(self, pairs: np.ndarray) -> np.ndarray:
        return pairs[..., ::-1, :]


class ThirdPairShift(HighPairs, by="BLOCKS-001 BLOCKS-003"):
    """The third pair is shifted by 2 instead of 4."""

    def changed(self, pairs: np.ndarray) -> np.ndarray:
        return pairs[..., [0, 1, 1, 3], :]


class HighBitOfPairLost(HighPairs, by="BLOCKS-001 BLOCKS-003"):
    """The last pair is masked with 1 instead of 3."""

    def changed(self, pairs: np.ndarray) -> np.ndarray:
        return pairs & np.array([3, 3, 3, 1], np.uint8)[:, None]


class LowHalvesSwapped(Faulty, by="BLOCKS-001 BLOCKS-003"):
    """Low bits of l and l + 32 are exchanged."""

    def q6_k_quants(self, ql: np.ndarray, qh: np.ndarray) -> np.ndarray:
        swapped = ql.reshape(*ql.shape[:-1], 2, 2, 32)[..., ::-1, :]
        return super().q6_k_quants(swapped.reshape(ql.shape), qh)


class ScaleAtTheFront(Faulty, by="BLOCKS-001 BLOCKS-003"):
    """d of Q6_K is looked for at the block's start, where Q4_K has it."""

    def q6_k(self, raw: np.ndarray) -> Floats:
        d, ql, qh, sc = raw[..., 0:2], raw[..., 2:130], raw[..., 130:194], raw[..., 194:210]
        return super().q6_k(np.concatenate([ql, qh, sc, d], -1))


class WrongKernelForQ6K(Faulty, by="BLOCKS-001 BLOCKS-003"):
    """The Q4_K kernel runs on Q6_K bytes (the GPU bug of PR 1529)."""

    def q6_k(self, raw: np.ndarray) -> Floats:
        return self.q4_k(raw[..., :144])


# --- rows ----------------------------------------------------------------------------------------------------------


class RowStrideFloor(Faulty, by="BLOCKS-002 BLOCKS-007"):
    """The row stride is columns / 256 blocks, rounded down."""

    def blocks(self, tensor: Tensor) -> np.ndarray:
        raw = super().blocks(tensor)
        flat, count = raw.reshape(-1, raw.shape[-1]), raw.shape[-2]
        starts = np.arange(len(flat) // count) * max(1, tensor.shape[-1] // BLOCK)
        return flat[starts[:, None] + np.arange(count)].reshape(raw.shape)


class ActivationsOfProducts(Faulty):
    """Changes the activations of every quantised product; `changed` is the bug."""

    def products(self, tensor: Tensor, x: Floats) -> Floats:
        return super().products(tensor, self.changed(x))

    def changed(self, x: Floats) -> Floats:
        raise NotImplementedError


class PaddingTakesPart(Faulty, by="BLOCKS-003 BLOCKS-007"):
    """Activations are padded with their last value instead of zeros."""

    def products(self, tensor: Tensor, x: Floats) -> Floats:
        missing = -x.shape[-1] % BLOCK
        padded = np.concatenate([x, np.repeat(x[..., -1:], missing, -1)], -1)
        return super().products(replace(tensor, shape=(*tensor.shape[:-1], padded.shape[-1])), padded)


class LastBlockDropped(ActivationsOfProducts, by="BLOCKS-003 BLOCKS-007"):
    """A row of several blocks lacks its last one."""

    def changed(self, x: Floats) -> Floats:
        last = (x.shape[-1] - 1) // BLOCK * BLOCK
        return np.where(np.arange(x.shape[-1]) < (last or BLOCK), x, F(0))


class LastElementDropped(ActivationsOfProducts, by="BLOCKS-003 BLOCKS-007"):
    """The sum ends one value early."""

    def changed(self, x: Floats) -> Floats:
        return np.where(np.arange(x.shape[-1]) < x.shape[-1] - 1, x, F(0))


class FirstElementTwice(ActivationsOfProducts, by="BLOCKS-003"):
    """The accumulator starts with the first product, and the loop at 0."""

    def changed(self, x: Floats) -> Floats:
        return x * np.where(np.arange(x.shape[-1]) == 0, F(2), F(1))


class VectorTailDropped(ActivationsOfProducts, by="BLOCKS-007"):
    """Columns behind the last whole vector of 8 are lost."""

    def changed(self, x: Floats) -> Floats:
        return np.where(np.arange(x.shape[-1]) < x.shape[-1] // 8 * 8, x, F(0))


class ActivationsReversedInBlock(ActivationsOfProducts, by="BLOCKS-003"):
    """The two halves of the first block are exchanged, where there are two blocks."""

    def changed(self, x: Floats) -> Floats:
        order = np.arange(x.shape[-1])
        if x.shape[-1] == 512:
            order[:256] = np.roll(order[:256], 128)
        return x[..., order]


# --- precision -----------------------------------------------------------------------------------------------------


class Bfloat16Activations(ActivationsOfProducts, by="BLOCKS-003 QW3-MOE-002"):
    """Activations are rounded to bfloat16."""

    def changed(self, x: Floats) -> Floats:
        return rounded(x, 8)


class HalfActivations(ActivationsOfProducts, by="BLOCKS-003"):
    """Activations are rounded to float16."""

    def changed(self, x: Floats) -> Floats:
        return x.astype(np.float16).astype(F)


class Tf32Activations(ActivationsOfProducts, by="BLOCKS-003 QW3-MOE-002"):
    """Activations have the 10 bits of tensor cores."""

    def changed(self, x: Floats) -> Floats:
        return rounded(x, 11)


class SplitBfloat16Activations(ActivationsOfProducts, by="BLOCKS-003"):
    """Activations are the sum of two bfloat16, one too few."""

    def changed(self, x: Floats) -> Floats:
        return rounded(x, 16)


class WholeActivations(ActivationsOfProducts):
    """Activations are rounded to integers of one scale per 256 values."""

    largest: ClassVar[int]

    def changed(self, x: Floats) -> Floats:
        parts = np.pad(x, [(0, 0)] * (x.ndim - 1) + [(0, -x.shape[-1] % BLOCK)])
        parts = parts.reshape(*x.shape[:-1], -1, BLOCK)
        scale = np.abs(parts).max(-1, keepdims=True) / F(self.largest)
        whole = np.rint(parts / np.where(scale > 0, scale, F(1))) * scale
        return whole.reshape(*x.shape[:-1], -1)[..., : x.shape[-1]].astype(F)


class Int8Activations(WholeActivations, by="BLOCKS-003 BLOCKS-004 QW3-MOE-002"):
    """The Q8_K arithmetic where float32 is promised (PR 1822)."""

    largest = 127


class Int8ActivationsForQ4K(Int8Activations, by="BLOCKS-003 BLOCKS-004 QW3-MOE-002"):
    """The same for Q4_K only, as the seed has it."""

    def products(self, tensor: Tensor, x: Floats) -> Floats:
        return super().products(tensor, x) if tensor.dtype == "q4_k" else Plain.products(self, tensor, x)


class Int16Activations(WholeActivations, by="BLOCKS-003 BLOCKS-004 QW3-MOE-002"):
    """Activations are rounded to int16 per 256."""

    largest = 32767


class HalfAccumulator(Faulty, by="BLOCKS-003 BLOCKS-004"):
    """Sums are kept in float16."""

    def dot(self, w: Floats, x: Floats) -> Floats:
        return (w * x).astype(np.float16).sum(-1, dtype=np.float16).astype(F)


class Bfloat16Result(Faulty, by="BLOCKS-003"):
    """Products are stored as bfloat16."""

    def products(self, tensor: Tensor, x: Floats) -> Floats:
        return rounded(super().products(tensor, x), 8)


class HalfWeights(Faulty, by="BLOCKS-003"):
    """Products use weights that were decoded to float16."""

    def products(self, tensor: Tensor, x: Floats) -> Floats:
        w = self.weights_of(tensor).astype(np.float16).astype(F)
        return self.dot(w, x[..., None, :] if x.ndim > 1 else x)


class CoarseExp(Faulty, by="QW3-MOE-002"):
    """exp is off by 16 units in the last place."""

    def exp(self, z: Floats) -> Floats:
        return np.exp(z) * F(1 + 2.0**-19)


class FastExp(Faulty, by="MOE-ROUTER-007 QW3-MOE-002"):
    """Schraudolph's exp from the bits of the exponent, good to 3 per cent."""

    def exp(self, z: Floats) -> Floats:
        bits = np.clip(z * F(12102203) + F(1064866805), 0, 2**31 - 129).astype(np.int32)
        return bits.view(F)


class SubnormalActivationsFlushed(ActivationsOfProducts, by="BLOCKS-003"):
    """Subnormal activations count as zero; where an arithmetic declares flush_to_zero this is no fault."""

    def changed(self, x: Floats) -> Floats:
        return np.where(np.abs(x) < 2.0**-126, F(0), x)


# --- int8 arithmetic -----------------------------------------------------------------------------------------------


class Q8ScaleBy128(Faulty, by="BLOCKS-008"):
    """The int8 scale is max / 128, and what leaves the range is clipped."""

    def quantise(self, x: Floats) -> tuple[Floats, Floats]:
        scale, _ = super().quantise(x)
        scale = scale * F(127 / 128)
        whole = np.rint(x.reshape(-1, BLOCK) / np.where(scale > 0, scale, F(1)))
        return scale, np.clip(whole, -128, 127).astype(F)


class Q8Truncated(Faulty, by="BLOCKS-008"):
    """Activations are cut off to int8 instead of rounded."""

    def quantise(self, x: Floats) -> tuple[Floats, Floats]:
        scale, _ = super().quantise(x)
        return scale, np.trunc(x.reshape(-1, BLOCK) / np.where(scale > 0, scale, F(1)))


class Q8OneScale(Faulty, by="BLOCKS-008"):
    """One scale for the whole vector instead of one per 256 values."""

    def quantise(self, x: Floats) -> tuple[Floats, Floats]:
        scale = np.full((len(x) // BLOCK, 1), np.abs(x).max() / F(127), F)
        return scale, np.rint(x.reshape(-1, BLOCK) / np.where(scale > 0, scale, F(1)))


class Q8ScaleInHalf(Faulty, by="BLOCKS-008"):
    """The int8 scale is stored as float16, as in Q8_0."""

    def quantise(self, x: Floats) -> tuple[Floats, Floats]:
        scale, whole = super().quantise(x)
        return scale.astype(np.float16).astype(F), whole


class Q8ZeroBlock(Faulty, by="BLOCKS-008"):
    """A block of zeros is divided by its scale."""

    def quantise(self, x: Floats) -> tuple[Floats, Floats]:
        scale, _ = super().quantise(x)
        return scale, np.rint(x.reshape(-1, BLOCK) / scale)


class Q8NotQuantised(Faulty, by="BLOCKS-008"):
    """The int8 arithmetic is offered, and float32 is computed."""

    def quantise(self, x: Floats) -> tuple[Floats, Floats]:
        return np.ones((len(x) // BLOCK, 1), F), x.reshape(-1, BLOCK)


class Q8SumsOfFloats(Faulty, by="BLOCKS-008"):
    """Minima are multiplied with sums of the float32 activations, quants with the int8 ones."""

    def row_products_q8_k(self, *, tensor: Any, x: Floats) -> Arrays:
        packed = Tensor.of(tensor)
        result = super().row_products_q8_k(tensor=tensor, x=x)["products"]
        if packed.dtype != "q4_k":
            return {"products": result}
        _, dmin, s, _ = q4_k_fields(self.blocks(packed))
        _, mn = self.q4_k_scales(s)
        scale, whole = self.quantise(x)
        lost = (x.reshape(-1, BLOCK) - scale * whole).reshape(-1, 8, 32).sum(-1)
        return {"products": result - (self.half(dmin) * mn * lost).sum((-1, -2))}


class Q8TinyBlocksLost(Faulty, by="BLOCKS-008"):
    """A block whose largest value is at most 1e-10 counts as zero (the seed does this)."""

    def quantise(self, x: Floats) -> tuple[Floats, Floats]:
        scale, whole = super().quantise(x)
        return scale, np.where(scale <= 1e-10 / 127, F(0), whole)


class Q8ErasesNaN(Faulty, by="BLOCKS-040"):
    """The largest absolute value skips a NaN, whose conversion to int8 gives 0 (the seed does this)."""

    def refuse_activations(self, owner: str, x: Floats) -> None:
        if owner != "row_products_q8_k":
            super().refuse_activations(owner, x)

    def quantise(self, x: Floats) -> tuple[Floats, Floats]:
        return super().quantise(np.nan_to_num(x))


class Q8Int16Sums(Faulty):
    """The sum over a sub-block is int16 and wraps (32 * 15 * 127): 200 cases find it only by chance."""

    def row_products_q8_k(self, *, tensor: Any, x: Floats) -> Arrays:
        packed = Tensor.of(tensor)
        self.check_length(x, packed)
        scale, whole = self.quantise(x)
        raw = self.blocks(packed)
        if packed.dtype != "q4_k":
            return super().row_products_q8_k(tensor=tensor, x=x)
        d, dmin, s, qs = q4_k_fields(raw)
        sc, mn = self.q4_k_scales(s)
        q8 = whole.astype(np.int16).reshape(-1, 8, 32)
        sums = (self.q4_k_quants(qs) * q8).sum(-1, dtype=np.int16)
        positive = self.half(d)[..., 0] * (sums * sc.astype(F)).sum(-1)
        negative = self.half(dmin)[..., 0] * (mn.astype(F) * q8.sum(-1)).sum(-1)
        return {"products": ((positive - negative) * scale[:, 0]).sum(-1).astype(F)}


# --- decoded values ------------------------------------------------------------------------------------------------


class DecodeChanged(Faulty):
    """The right weights with one thing changed afterwards; `changed` works on the flat copy."""

    def decode(self, *, tensor: Any) -> Arrays:
        values = super().decode(tensor=tensor)["values"]
        self.changed(values.reshape(-1))
        return {"values": values}

    def changed(self, flat: Floats) -> None:
        raise NotImplementedError


class OneUlpInOneElement(DecodeChanged, by="BLOCKS-001"):
    """The last value is one unit in the last place too large."""

    def changed(self, flat: Floats) -> None:
        flat[-1] = up_one(flat[-1])


class LastValueZeroed(DecodeChanged, by="BLOCKS-001"):
    """The last value is never written."""

    def changed(self, flat: Floats) -> None:
        flat[-1] = 0


class OneValueNaN(DecodeChanged, by="BLOCKS-001"):
    """One value is not a number."""

    def changed(self, flat: Floats) -> None:
        flat[flat.size // 2] = np.nan


class TwoValuesSwapped(DecodeChanged, by="BLOCKS-001"):
    """Two neighbours are exchanged."""

    def changed(self, flat: Floats) -> None:
        flat[[7, 8]] = flat[[8, 7]]


class NegativeZeroKept(DecodeChanged):
    """Zeros come out as negative zeros: equal as numbers, other bits. No claim is about them."""

    def changed(self, flat: Floats) -> None:
        flat[flat == 0] = -0.0


# --- router --------------------------------------------------------------------------------------------------------


class NoRenormalisation(Faulty, by="MOE-ROUTER-001 QW3-MOE-002"):
    """norm_topk_prob was lost in the conversion (transformers 41151)."""

    def normalise(self, probs: Floats, chosen: np.ndarray) -> Floats:
        return probs[chosen]


class DividedTwice(Faulty, by="MOE-ROUTER-001 QW3-MOE-002"):
    """The weights are divided by the sum of the chosen probabilities twice."""

    def normalise(self, probs: Floats, chosen: np.ndarray) -> Floats:
        return super().normalise(probs, chosen) / self.add_up(probs[chosen])


class NormalisedWithEpsilon(Faulty, by="MOE-ROUTER-001 QW3-MOE-002"):
    """1e-6 is added to the sum so that nothing is divided by zero."""

    def normalise(self, probs: Floats, chosen: np.ndarray) -> Floats:
        return probs[chosen] / (self.add_up(probs[chosen]) + F(1e-6))


class WeightsInHalf(Faulty, by="MOE-ROUTER-001 QW3-MOE-002"):
    """Routing weights are rounded to float16."""

    def normalise(self, probs: Floats, chosen: np.ndarray) -> Floats:
        return super().normalise(probs, chosen).astype(np.float16).astype(F)


class WeightsInBfloat16(Faulty, by="MOE-ROUTER-001 QW3-MOE-002"):
    """Routing weights are rounded to bfloat16."""

    def normalise(self, probs: Floats, chosen: np.ndarray) -> Floats:
        return rounded(super().normalise(probs, chosen), 8)


class WeightsByNumber(Faulty, by="MOE-ROUTER-001 QW3-MOE-002"):
    """Weights come in the order of expert numbers, experts in that of ranks."""

    def normalise(self, probs: Floats, chosen: np.ndarray) -> Floats:
        return super().normalise(probs, np.sort(chosen))


class ScaledByExperts(Faulty, by="MOE-ROUTER-001 QW3-MOE-002"):
    """Weights are multiplied by k / (k + 1): a factor of another model's config."""

    def normalise(self, probs: Floats, chosen: np.ndarray) -> Floats:
        return super().normalise(probs, chosen) * F(len(chosen) / (len(chosen) + 1))


class SoftmaxWithoutShift(Faulty, by="MOE-ROUTER-008"):
    """exp of the logits themselves overflows."""

    def softmax(self, logits: Floats) -> Floats:
        e = self.exp(logits)
        return e / self.add_up(e)


class SoftmaxWithTemperature(Faulty, by="MOE-ROUTER-001 QW3-MOE-002"):
    """Logits are divided by the root of their number."""

    def softmax(self, logits: Floats) -> Floats:
        return super().softmax(logits / F(math.sqrt(len(logits))))


class SoftmaxInBaseTwo(Faulty, by="MOE-ROUTER-001 QW3-MOE-002"):
    """exp2 without the factor log2(e)."""

    def softmax(self, logits: Floats) -> Floats:
        return super().softmax(logits * F(math.log(2)))


class SigmoidInstead(Faulty, by="MOE-ROUTER-001 QW3-MOE-002"):
    """Sigmoid scores instead of a softmax, as in DeepSeek-V3."""

    def softmax(self, logits: Floats) -> Floats:
        return F(1) / (F(1) + self.exp(-logits))


class LogitsCapped(Faulty, by="MOE-ROUTER-001 MOE-ROUTER-007"):
    """Logits are clipped to 30 before the softmax."""

    def softmax(self, logits: Floats) -> Floats:
        return super().softmax(np.clip(logits, F(-30), F(30)))


class ProbabilityFloor(Faulty, by="MOE-ROUTER-007 QW3-MOE-002"):
    """Probabilities are at least 1e-20."""

    def softmax(self, logits: Floats) -> Floats:
        return np.maximum(super().softmax(logits), F(1e-20))


class LogitsInBfloat16(Faulty, by="MOE-ROUTER-001 QW3-MOE-002"):
    """Logits are rounded to bfloat16 before the softmax."""

    def logits(self, router: Floats, x: Floats) -> Floats:
        return rounded(super().logits(router, x), 8)


class RouterInBfloat16(Faulty, by="MOE-ROUTER-001 QW3-MOE-002"):
    """The router's weights are rounded to bfloat16."""

    def logits(self, router: Floats, x: Floats) -> Floats:
        return super().logits(rounded(router, 8), x)


class RouterTransposed(Faulty, by="MOE-ROUTER-001 QW3-MOE-002"):
    """The router is read as [hidden, experts], the order of GGUF's dimensions."""

    def logits(self, router: Floats, x: Floats) -> Floats:
        return super().logits(np.ascontiguousarray(router.reshape(router.shape[::-1]).T), x)


class RouterWithoutLastColumn(Faulty, by="MOE-ROUTER-001 QW3-MOE-002"):
    """The router's product ends one column early."""

    def logits(self, router: Floats, x: Floats) -> Floats:
        return super().logits(router, np.where(np.arange(len(x)) < len(x) - 1, x, F(0)))


class HighestIndexFirst(Faulty, by="MOE-ROUTER-004 MOE-ROUTER-005 QW3-MOE-011"):
    """Ties go to the higher index."""

    def select(self, probs: Floats, k: int) -> np.ndarray:
        return (len(probs) - 1 - np.argsort(-probs[::-1], kind="stable"))[:k]


class UnstableTies(Faulty, by="MOE-ROUTER-004 MOE-ROUTER-005"):
    """The sort is not stable: ties come in the order of a heap."""

    def select(self, probs: Floats, k: int) -> np.ndarray:
        return np.lexsort((np.arange(len(probs)) * 5 % 7, -probs))[:k]


class LastTieReversed(Faulty, by="MOE-ROUTER-004 MOE-ROUTER-005"):
    """A partial sort that replaces the last of its k on `>=` instead of `>`."""

    def select(self, probs: Floats, k: int) -> np.ndarray:
        chosen = super().select(probs, k).copy()
        equal = np.flatnonzero(probs == probs[chosen[-1]])
        if equal[-1] not in chosen:
            chosen[-1] = equal[-1]
        return chosen


class NearTiesByIndex(Faulty, by="MOE-ROUTER-002"):
    """Probabilities that differ by less than 1e-3 count as equal."""

    def select(self, probs: Floats, k: int) -> np.ndarray:
        return np.argsort(-np.round(probs, 3), kind="stable")[:k]


class BottomK(Faulty, by="MOE-ROUTER-002 QW3-MOE-002"):
    """The least probable experts."""

    def select(self, probs: Floats, k: int) -> np.ndarray:
        return np.argsort(probs, kind="stable")[:k]


class AscendingOrder(Faulty, by="MOE-ROUTER-002 MOE-ROUTER-004 QW3-MOE-002"):
    """The right experts, the least probable of them first."""

    def select(self, probs: Floats, k: int) -> np.ndarray:
        return super().select(probs, k)[::-1].copy()


class OrderOfNumbers(Faulty, by="MOE-ROUTER-002 QW3-MOE-002"):
    """The right experts in the order of their numbers."""

    def select(self, probs: Floats, k: int) -> np.ndarray:
        return np.sort(super().select(probs, k))


class DuplicateExpert(Faulty, by="MOE-ROUTER-002 MOE-ROUTER-007 QW3-MOE-012"):
    """The last of several experts is the first once more."""

    def select(self, probs: Floats, k: int) -> np.ndarray:
        chosen = super().select(probs, k).copy()
        chosen[-1] = chosen[0]
        return chosen


class SecondBest(Faulty, by="MOE-ROUTER-002 QW3-MOE-002"):
    """The search starts at rank 1 where it can."""

    def select(self, probs: Floats, k: int) -> np.ndarray:
        order = super().select(probs, len(probs))
        return order[1 : k + 1] if k < len(probs) else order


class AlwaysTheFirst(Faulty, by="MOE-ROUTER-002 QW3-MOE-002"):
    """The first k experts, whatever the router says."""

    def select(self, probs: Floats, k: int) -> np.ndarray:
        return np.arange(k)


class OneExpertFewer(Faulty, by="MOE-ROUTER-001 QW3-MOE-002"):
    """k - 1 experts share the weight, the last gets none."""

    def normalise(self, probs: Floats, chosen: np.ndarray) -> Floats:
        weights = super().normalise(probs, chosen)
        if len(chosen) > 1:
            weights = np.append(super().normalise(probs, chosen[:-1]), F(0))
        return weights


class SelectsAmongEight(Faulty, by="MOE-ROUTER-002"):
    """Only the first eight experts are looked at, where k allows."""

    def select(self, probs: Floats, k: int) -> np.ndarray:
        return super().select(probs[: max(8, k)], k)


# --- slabs ---------------------------------------------------------------------------------------------------------


class SlabOffByOne(Faulty, by="SLICE-001 SWIGLU-002 QW3-MOE-002"):
    """Expert e gets the slab of e + 1."""

    def slab(self, size: int, experts: int, e: int) -> tuple[int, int]:
        return super().slab(size, experts, (e + 1) % experts)


class LastSlabOffByOne(Faulty, by="SLICE-001 SLICE-002 SWIGLU-002 QW3-MOE-002"):
    """The last expert gets the slab before its own."""

    def slab(self, size: int, experts: int, e: int) -> tuple[int, int]:
        return super().slab(size, experts, max(0, e - (e == experts - 1)))


class FirstSlabOffByOne(Faulty, by="SLICE-001 SWIGLU-002 QW3-MOE-002"):
    """Expert 0 of several gets the slab of expert 1."""

    def slab(self, size: int, experts: int, e: int) -> tuple[int, int]:
        return super().slab(size, experts, e or min(1, experts - 1))


class SlabsReversed(Faulty, by="SLICE-001 SWIGLU-002 QW3-MOE-002"):
    """The experts are stacked from the last to the first."""

    def slab(self, size: int, experts: int, e: int) -> tuple[int, int]:
        return super().slab(size, experts, experts - 1 - e)


class SlabFromWrongDivisor(Faulty, by="SLICE-001 SWIGLU-002 QW3-MOE-002"):
    """Slabs start as if there were one expert more."""

    def slab(self, size: int, experts: int, e: int) -> tuple[int, int]:
        start = e * (size // (experts + 1))
        return start, start + size // experts


class SlabOneByteShort(Faulty, by="SLICE-001"):
    """A slab lacks its last byte."""

    def slab(self, size: int, experts: int, e: int) -> tuple[int, int]:
        first, last = super().slab(size, experts, e)
        return first, last - 1


class SlabAligned(Faulty, by="SLICE-001"):
    """Slabs start at a multiple of 16 bytes."""

    def slab(self, size: int, experts: int, e: int) -> tuple[int, int]:
        first, last = super().slab(size, experts, e)
        return first // 16 * 16, first // 16 * 16 + last - first


class SlabIn16Bits(Faulty, by="SWIGLU-002 QW3-MOE-002"):
    """The start of a slab is kept in 16 bits and wraps."""

    def slab(self, size: int, experts: int, e: int) -> tuple[int, int]:
        first, last = super().slab(size, experts, e)
        return first % 65536, first % 65536 + last - first


class SlabIn32Bits(Faulty):
    """The start of a slab is kept in 32 bits: only a tensor of 4 GiB would show it."""

    def slab(self, size: int, experts: int, e: int) -> tuple[int, int]:
        first, last = super().slab(size, experts, e)
        return first % 2**32, first % 2**32 + last - first


class OffsetForgotten(Faulty, by="SLICE-001"):
    """The tensor is looked for at the start of the file."""

    def expert_slice(self, **arguments: Any) -> Arrays:
        super().expert_slice(**arguments)
        return super().expert_slice(**arguments | {"offset": 0})


class DownOfAnother(Faulty, by="QW3-MOE-003 QW3-MOE-002"):
    """The down projections of the chosen experts come in the opposite order."""

    def expert_products(self, x: Floats, gate: Tensor, up: Tensor, down: Tensor) -> Arrays:
        per = down.data.reshape(down.shape[0], -1)
        return super().expert_products(x, gate, up, replace(down, data=per[::-1].reshape(-1)))


# --- swiglu --------------------------------------------------------------------------------------------------------


class GateUpSwapped(Faulty, by="SWIGLU-002 QW3-MOE-002"):
    """Gate and up were exchanged when the tensors were exported."""

    def expert_products(self, x: Floats, gate: Tensor, up: Tensor, down: Tensor) -> Arrays:
        return super().expert_products(x, up, gate, down)


class GateUpSwappedForQ6K(Faulty, by="SWIGLU-002 QW3-MOE-002"):
    """The same where both are Q6_K only."""

    def expert_products(self, x: Floats, gate: Tensor, up: Tensor, down: Tensor) -> Arrays:
        if gate.dtype == up.dtype == "q6_k":
            gate, up = up, gate
        return super().expert_products(x, gate, up, down)


class SiluOnUp(Faulty, by="SWIGLU-002 SWIGLU-005 QW3-MOE-002 QW3-MOE-009"):
    """The activation function is applied to up."""

    def swiglu(self, gate: Floats, up: Floats) -> Floats:
        return gate * self.silu(up)


class NoUp(Faulty, by="SWIGLU-002 QW3-MOE-002"):
    """The product with up is forgotten."""

    def swiglu(self, gate: Floats, up: Floats) -> Floats:
        return self.silu(gate)


class Activation(Faulty):
    """Another activation function; `silu` is the bug."""


class Gelu(Activation, by="SWIGLU-002 QW3-MOE-002"):
    """GELU for SiLU."""

    def silu(self, g: Floats) -> Floats:
        erf = np.vectorize(math.erf, otypes=[np.float64])
        return (g * 0.5 * (1 + erf(g / math.sqrt(2)))).astype(F)


class GeluTanh(Activation, by="SWIGLU-002 QW3-MOE-002"):
    """The tanh form of GELU for SiLU."""

    def silu(self, g: Floats) -> Floats:
        return F(0.5) * g * (F(1) + np.tanh(F(0.7978846) * (g + F(0.044715) * g * g * g)))


class QuickGelu(Activation, by="SWIGLU-002 QW3-MOE-002"):
    """g * sigmoid(1.702 g)."""

    def silu(self, g: Floats) -> Floats:
        return g / (F(1) + self.exp(F(-1.702) * g))


class HardSwish(Activation, by="SWIGLU-002 QW3-MOE-002"):
    """g * clip(g / 6 + 1/2, 0, 1)."""

    def silu(self, g: Floats) -> Floats:
        return g * np.clip(g / F(6) + F(0.5), F(0), F(1))


class Relu(Activation, by="SWIGLU-002 QW3-MOE-002"):
    """ReLU for SiLU."""

    def silu(self, g: Floats) -> Floats:
        return np.maximum(g, F(0))


class SigmoidOnly(Activation, by="SWIGLU-002 QW3-MOE-002"):
    """GLU: the factor g is forgotten."""

    def silu(self, g: Floats) -> Floats:
        return F(1) / (F(1) + self.exp(-g))


class NoActivation(Activation, by="SWIGLU-002 QW3-MOE-002"):
    """The activation function is forgotten."""

    def silu(self, g: Floats) -> Floats:
        return g


class SiluCutOff(Activation, by="SWIGLU-002 QW3-MOE-002"):
    """Below -20 silu is taken for zero."""

    def silu(self, g: Floats) -> Floats:
        return np.where(g < -20, F(0), super().silu(g))


class SiluFlushed(Activation, by="SWIGLU-040"):
    """Below -87.34, where exp of a float32 becomes subnormal, silu is zero (tt-metal 55711)."""

    def silu(self, g: Floats) -> Floats:
        return np.where(g < F(-87.34), F(0), super().silu(g))


class SiluInHalf(Activation, by="SWIGLU-002 QW3-MOE-002"):
    """The sigmoid is rounded to float16."""

    def silu(self, g: Floats) -> Floats:
        return g * (F(1) / (F(1) + self.exp(-g))).astype(np.float16).astype(F)


class SiluOverflows(Activation, by="SWIGLU-002 QW3-MOE-002"):
    """g * exp(g) / (1 + exp(g)) is NaN where exp overflows."""

    def silu(self, g: Floats) -> Floats:
        return g * self.exp(g) / (F(1) + self.exp(g))


class GateClipped(Faulty, by="SWIGLU-002 QW3-MOE-002"):
    """Gate is clipped at 7, as another model does."""

    def swiglu(self, gate: Floats, up: Floats) -> Floats:
        return super().swiglu(np.minimum(gate, F(7)), up)


class SwigluClipped(Faulty, by="SWIGLU-002 QW3-MOE-002"):
    """Results are clipped to the range of float16."""

    def swiglu(self, gate: Floats, up: Floats) -> Floats:
        return np.clip(super().swiglu(gate, up), F(-65504), F(65504))


class UpPlusOne(Faulty, by="SWIGLU-002 QW3-MOE-002"):
    """silu(gate) * (up + 1), as another model does."""

    def swiglu(self, gate: Floats, up: Floats) -> Floats:
        return super().swiglu(gate, up + F(1))


# --- combination ---------------------------------------------------------------------------------------------------


class LastExpertDropped(Faulty, by="QW3-MOE-003 QW3-MOE-012"):
    """The last of several chosen experts is not added."""

    def combine(self, weights: Floats, down: Floats, experts: np.ndarray) -> Floats:
        count = max(1, len(weights) - 1)
        return super().combine(weights[:count], down[:count], experts[:count])


class FirstExpertTwice(Faulty, by="QW3-MOE-002 QW3-MOE-010"):
    """The output starts as the first expert, which is then added again."""

    def combine(self, weights: Floats, down: Floats, experts: np.ndarray) -> Floats:
        return weights[0] * down[0] + super().combine(weights, down, experts)


class WeightOfNeighbour(Faulty, by="QW3-MOE-003 QW3-MOE-002"):
    """Each expert is weighted with the weight of the rank before."""

    def combine(self, weights: Floats, down: Floats, experts: np.ndarray) -> Floats:
        return super().combine(np.roll(weights, 1), down, experts)


class WeightsIgnored(Faulty, by="QW3-MOE-003 QW3-MOE-002"):
    """The mean of the chosen experts."""

    def combine(self, weights: Floats, down: Floats, experts: np.ndarray) -> Floats:
        return super().combine(np.full_like(weights, F(1 / len(weights))), down, experts)


class WeightAppliedTwice(Faulty, by="QW3-MOE-003 QW3-MOE-002"):
    """The weight is applied to the activations and again to the sum."""

    def combine(self, weights: Floats, down: Floats, experts: np.ndarray) -> Floats:
        return super().combine(weights * weights, down, experts)


class FourthExpertSkipped(Faulty, by="QW3-MOE-003 QW3-MOE-002"):
    """With four experts or more, the fourth is skipped: a loop unrolled by three."""

    def combine(self, weights: Floats, down: Floats, experts: np.ndarray) -> Floats:
        return super().combine(np.where(np.arange(len(weights)) == 3, F(0), weights), down, experts)


class ResidualAdded(Faulty, by="QW3-MOE-002 QW3-MOE-001"):
    """The residual is added here and by the caller."""

    def layer(self, owner: str, **arguments: Any) -> Arrays:
        stages = super().layer(owner, **arguments)
        return stages | {"output": stages["output"] + arguments["hidden"]}


class OutputInHalf(Faulty, by="QW3-MOE-003 QW3-MOE-002"):
    """The weighted sum is kept in float16."""

    def combine(self, weights: Floats, down: Floats, experts: np.ndarray) -> Floats:
        return super().combine(weights, down, experts).astype(np.float16).astype(F)


class ConstantLeak(Faulty, by="SWIGLU-006 QW3-MOE-013"):
    """The output buffer is not cleared: a tiny constant is left in it."""

    def expert_products(self, x: Floats, gate: Tensor, up: Tensor, down: Tensor) -> Arrays:
        stages = super().expert_products(x, gate, up, down)
        return stages | {"down": stages["down"] + F(1e-30)}


# --- siblings that drift -------------------------------------------------------------------------------------------

When = Callable[[dict[str, Any], Arrays], bool]


class Drift(Faulty):
    """One sibling's output is one unit in the last place off, where `when` says so."""

    sibling: ClassVar[str] = "moe_ffn_trace_layer"

    def layer(self, owner: str, **arguments: Any) -> Arrays:
        stages = super().layer(owner, **arguments)
        if owner == self.sibling and self.when(**arguments):
            stages = stages | {"output": up_one(stages["output"])}
        return stages

    def when(self, **arguments: Any) -> bool:
        return True


class TraceDrifted(Drift, by="QW3-MOE-005"):
    """Only in the trace."""


class WithRouterDrifted(Drift, by="QW3-MOE-004"):
    """Only in forward_with_router."""

    sibling = "moe_ffn_forward_layer_with_router"


class ProductionDrifted(Drift, by="QW3-MOE-004 QW3-MOE-005"):
    """Only in production."""

    sibling = "moe_ffn_forward_layer"


class DriftWithAllExperts(Drift, by="QW3-MOE-004"):
    """Only in forward_with_router, and only when every expert is chosen."""

    sibling = "moe_ffn_forward_layer_with_router"

    def when(self, **arguments: Any) -> bool:
        return arguments["num_experts_per_tok"] == arguments["num_experts"] > 1


class DriftForQ6K(Drift, by="QW3-MOE-005"):
    """Only in the trace, and only where down is Q6_K."""

    def when(self, **arguments: Any) -> bool:
        return arguments["down"][0] == "q6_k"


class DriftAtOneCorner(Drift):
    """Only in the trace of 8 experts, one chosen, hidden 257, gate Q6_K and down Q4_K."""

    def when(self, **arguments: Any) -> bool:
        return (
            arguments["num_experts"] == 8
            and arguments["num_experts_per_tok"] == 1
            and arguments["hidden_dim"] == 257
            and (arguments["gate"][0], arguments["down"][0]) == ("q6_k", "q4_k")
        )


class DriftOfLargeRows(Drift, by="QW3-MOE-004"):
    """Only in production with two threads and many rows."""

    sibling = "moe_ffn_forward_layer"

    def when(self, **arguments: Any) -> bool:
        return arguments["threads"] > 1 and arguments["intermediate"] == 256


class ExpertDrifted(Faulty, by="SWIGLU-003"):
    """The staged expert is one unit in the last place off."""

    def expert_stages(self, **arguments: Any) -> Arrays:
        stages = super().expert_stages(**arguments)
        return stages | {"output": up_one(stages["output"])}

    def expert(self, **arguments: Any) -> Arrays:
        return {"output": super().expert_stages(**arguments)["output"]}


class TracedWeightsUnused(Faulty, by="QW3-MOE-002"):
    """The trace shows the probabilities where the weights are."""

    def trace(self, **arguments: Any) -> Arrays:
        stages = super().trace(**arguments)
        return stages | {"weights": stages["probs"][stages["experts"]]}


class ReturnedWeightsUnused(Faulty, by="QW3-MOE-003 QW3-MOE-005"):
    """forward_with_router returns other weights than those it used."""

    def forward_with_router(self, **arguments: Any) -> Arrays:
        result = super().forward_with_router(**arguments)
        return result | {"weights": np.full_like(result["weights"], F(1 / len(result["weights"])))}


class ReturnedExpertsSorted(Faulty, by="QW3-MOE-005"):
    """forward_with_router returns the experts in the order of their numbers."""

    def forward_with_router(self, **arguments: Any) -> Arrays:
        result = super().forward_with_router(**arguments)
        return result | {"experts": np.sort(result["experts"])}


class OnlyProduction(Faulty):
    """A bug of `forward` alone: there the method `broken` takes the place of `swiglu`."""

    producing = False

    def forward(self, **arguments: Any) -> Arrays:
        self.producing = True
        try:
            return super().forward(**arguments)
        finally:
            self.producing = False

    def swiglu(self, gate: Floats, up: Floats) -> Floats:
        return self.broken(gate, up) if self.producing else super().swiglu(gate, up)

    def broken(self, gate: Floats, up: Floats) -> Floats:
        raise NotImplementedError


class GeluInProduction(OnlyProduction, by="QW3-MOE-004 QW3-MOE-005"):
    """Production has GELU, its traced siblings SiLU."""

    def broken(self, gate: Floats, up: Floats) -> Floats:
        return (GeluTanh.silu(GeluTanh(), gate)) * up


class Tf32InProduction(OnlyProduction, by="QW3-MOE-004 QW3-MOE-005"):
    """Production rounds what goes into down to 10 bits."""

    def broken(self, gate: Floats, up: Floats) -> Floats:
        return rounded(Plain.swiglu(self, gate, up), 11)


class NegatedInProduction(OnlyProduction, by="QW3-MOE-001 QW3-MOE-004"):
    """Production has the wrong sign."""

    def broken(self, gate: Floats, up: Floats) -> Floats:
        return -Plain.swiglu(self, gate, up)


class GeluInExpertOnly(Faulty, by="SWIGLU-003"):
    """The single expert has GELU, its staged sibling SiLU."""

    def expert(self, **arguments: Any) -> Arrays:
        return {"output": Gelu().expert_stages(**arguments)["output"]}


# --- one dimension, one kind of input ------------------------------------------------------------------------------


class OneRowImprecise(Faulty, by="BLOCKS-003"):
    """The sixth row is off by 1e-3."""

    def products(self, tensor: Tensor, x: Floats) -> Floats:
        result = super().products(tensor, x)
        result[..., 5:6] *= F(1.001)
        return result


class ColumnBehindTheBlock(ActivationsOfProducts, by="BLOCKS-007 QW3-MOE-002 SWIGLU-002 BLOCKS-003"):
    """Rows of 257 values lose the last one."""

    def changed(self, x: Floats) -> Floats:
        return np.where(np.arange(x.shape[-1]) == 256, F(0), x) if x.shape[-1] == 257 else x


class TwoBlocksOnly(ActivationsOfProducts, by="BLOCKS-003"):
    """Rows of exactly two blocks are off by 1e-4."""

    def changed(self, x: Floats) -> Floats:
        return x * F(1.0001) if x.shape[-1] == 512 else x


class ThreeBlocksOnly(ActivationsOfProducts, by="BLOCKS-003"):
    """Rows of three blocks lose the third (the down rows of the real model have three)."""

    def changed(self, x: Floats) -> Floats:
        return np.where(np.arange(x.shape[-1]) < 512, x, F(0))


class EightExperts(Faulty, by="QW3-MOE-002"):
    """With eight experts the last one is never chosen, where k allows."""

    def select(self, probs: Floats, k: int) -> np.ndarray:
        return super().select(probs[:7] if len(probs) == 8 > k else probs, k)


class ManyExperts(Faulty, by="MOE-ROUTER-002"):
    """Expert numbers beyond 127 wrap to zero, as in int8."""

    def select(self, probs: Floats, k: int) -> np.ndarray:
        chosen = super().select(probs, k)
        return np.where(chosen > 127, 0, chosen)


class LastRowChunkDropped(Faulty, by="SWIGLU-002 QW3-MOE-002"):
    """Rows are handed out in chunks of 64; what is left over is not computed."""

    def products(self, tensor: Tensor, x: Floats) -> Floats:
        result = super().products(tensor, x)
        if result.shape[-1] > 64:
            result[..., result.shape[-1] // 64 * 64 :] = 0
        return result


class NegativeZero(ActivationsOfProducts, by="SWIGLU-002 QW3-MOE-003"):
    """A test of the sign bit takes negative zero for a negative number."""

    def changed(self, x: Floats) -> Floats:
        return np.where((x == 0) & np.signbit(x), F(-1e-3), x)


class NegativeActivations(ActivationsOfProducts, by="BLOCKS-003"):
    """The sign of activations below -4 is lost."""

    def changed(self, x: Floats) -> Floats:
        return np.where(x < -4, -x, x)


class LargeActivationsSaturate(ActivationsOfProducts, by="BLOCKS-003 QW3-MOE-002"):
    """Activations beyond 65504 saturate."""

    def changed(self, x: Floats) -> Floats:
        return np.clip(x, F(-65504), F(65504))


class DenseVectorsOnly(ActivationsOfProducts, by="BLOCKS-003"):
    """A vector without a zero loses its last value."""

    def changed(self, x: Floats) -> Floats:
        dense = (x != 0).all(-1, keepdims=True)
        return np.where(dense & (np.arange(x.shape[-1]) == x.shape[-1] - 1), F(0), x)


# --- state, threads, arguments -------------------------------------------------------------------------------------


class ThreadsInTheSum(Faulty, by="QW3-MOE-006"):
    """Each thread adds up its own experts."""

    def layer(self, owner: str, **arguments: Any) -> Arrays:
        stages = super().layer(owner, **arguments)
        if arguments["threads"] > 1:
            w, down, e = stages["weights"], stages["down"], stages["experts"]
            half = (len(w) + 1) // 2
            split = self.combine(w[half:], down[half:], e[half:]) + self.combine(w[:half], down[:half], e[:half])
            stages = stages | {"output": split}
        return stages


class FourThreads(Faulty, by="QW3-MOE-006"):
    """More than two threads drop the last expert."""

    def layer(self, owner: str, **arguments: Any) -> Arrays:
        stages = super().layer(owner, **arguments)
        if arguments["threads"] > 2 and len(stages["weights"]) > 1:
            w, down, e = (stages[name][:-1] for name in ("weights", "down", "experts"))
            stages = stages | {"output": self.combine(w, down, e)}
        return stages


class CallCount(Faulty, by="BLOCKS-009 SWIGLU-007"):
    """Every second product is summed backwards."""

    calls = 0

    def add_up(self, terms: Floats) -> Floats:
        self.calls += 1
        return np.add.accumulate(terms[..., :: -1 if self.calls % 2 else 1], -1)[..., -1]


class StaleWeights(Faulty, by="BLOCKS-001 QW3-MOE-008"):
    """Decoded weights are cached by type and shape."""

    def __init__(self) -> None:
        self.cache: dict[Any, Floats] = {}

    def weights_of(self, tensor: Tensor) -> Floats:
        return self.cache.setdefault((tensor.dtype, tensor.shape), super().weights_of(tensor)).copy()


class StaleResult(Faulty, by="BLOCKS-003"):
    """A product returns the result of the call before, where the shape fits."""

    last: Floats | None = None

    def products(self, tensor: Tensor, x: Floats) -> Floats:
        result = super().products(tensor, x)
        last, self.last = self.last, result
        return last if last is not None and last.shape == result.shape else result


class BufferReused(Faulty, by="QW3-MOE-008 QW3-MOE-009"):
    """The output is a view of a buffer that the next call overwrites."""

    buffer = np.zeros(4096, F)

    def combine(self, weights: Floats, down: Floats, experts: np.ndarray) -> Floats:
        output = super().combine(weights, down, experts)
        self.buffer[: len(output)] = output
        return self.buffer[: len(output)]


class InputModified(Faulty, by="BLOCKS-003"):
    """Activations are scaled in place."""

    def row_products(self, *, tensor: Any, x: Floats) -> Arrays:
        x *= F(1 / 127)
        return super().row_products(tensor=tensor, x=x * F(127))


class HiddenModified(Faulty, by="QW3-MOE-001 QW3-MOE-013"):
    """The output overwrites the hidden state."""

    def forward(self, **arguments: Any) -> Arrays:
        result = super().forward(**arguments)
        arguments["hidden"][...] = result["output"] + 1
        return result


class ResultInFloat64(Faulty, by="BLOCKS-003"):
    """The result is float64."""

    def row_products(self, *, tensor: Any, x: Floats) -> Arrays:
        return {"products": super().row_products(tensor=tensor, x=x)["products"].astype(np.float64)}


class ResultShape(Faulty, by="BLOCKS-003"):
    """The result has an axis too many."""

    def row_products(self, *, tensor: Any, x: Floats) -> Arrays:
        return {"products": super().row_products(tensor=tensor, x=x)["products"][None]}


class ResultTooLong(Faulty, by="QW3-MOE-001"):
    """The output is as long as its buffer: whole blocks."""

    def forward(self, **arguments: Any) -> Arrays:
        output = super().forward(**arguments)["output"]
        return {"output": np.pad(output, (0, -len(output) % BLOCK))}


class ExpertsAsFloats(Faulty, by="MOE-ROUTER-002"):
    """Expert numbers are returned as float32, as a trace file has them."""

    def route(self, **arguments: Any) -> Arrays:
        result = super().route(**arguments)
        return result | {"experts": result["experts"].astype(F)}


class ResultMissing(Faulty, by="MOE-ROUTER-001"):
    """The weights are not returned."""

    def route(self, **arguments: Any) -> Arrays:
        return {"experts": super().route(**arguments)["experts"]}


# --- errors --------------------------------------------------------------------------------------------------------


def accepts(self: Plain, *arguments: Any) -> None:
    """In the place of a refusal: nothing is refused."""


class HiddenPadded(Faulty, by="SWIGLU-008 QW3-MOE-014"):
    """A short hidden state is padded with zeros."""

    refuse_hidden = accepts

    def products(self, tensor: Tensor, x: Floats) -> Floats:
        return super().products(tensor, np.pad(x, [(0, 0)] * (x.ndim - 1) + [(0, tensor.shape[-1] - x.shape[-1])]))

    def logits(self, router: Floats, x: Floats) -> Floats:
        return super().logits(router, np.pad(x, (0, router.shape[1] - len(x))))


class VectorPadded(Faulty, by="BLOCKS-010 BLOCKS-011"):
    """A short vector is padded with zeros."""

    check_length = accepts

    def row_products(self, *, tensor: Any, x: Floats) -> Arrays:
        return super().row_products(tensor=tensor, x=np.pad(x, (0, tensor[1][-1] - len(x))))

    def row_products_q8_k(self, *, tensor: Any, x: Floats) -> Arrays:
        return super().row_products_q8_k(tensor=tensor, x=np.pad(x, (0, tensor[1][-1] - len(x))))


class ShortRouterAccepted(Faulty, by="MOE-ROUTER-010 QW3-MOE-015"):
    """A missing router row is filled with zeros."""

    def refuse_router(self, owner: str, router: Any, experts: int, hidden: int) -> None:
        if not isinstance(router, np.ndarray):
            super().refuse_router(owner, router, experts, hidden)


class LongRouterAccepted(Faulty, by="MOE-ROUTER-016 QW3-MOE-022"):
    """A router with too many rows is accepted: the size is compared with `<`."""

    def refuse_router(self, owner: str, router: Any, experts: int, hidden: int) -> None:
        if not isinstance(router, np.ndarray) or router.nbytes < experts * hidden * 4:
            super().refuse_router(owner, router, experts, hidden)

    def layer(self, owner: str, **arguments: Any) -> Arrays:
        router = arguments["router"]
        if isinstance(router, np.ndarray) and len(router) > arguments["num_experts"]:
            arguments["router"] = router[: arguments["num_experts"]]
        return super().layer(owner, **arguments)

    def route(self, **arguments: Any) -> Arrays:
        if len(arguments["router"]) > arguments["num_experts"]:
            arguments["router"] = arguments["router"][: arguments["num_experts"]]
        return super().route(**arguments)


class LongHiddenAccepted(Faulty, by="SWIGLU-012 QW3-MOE-021"):
    """A hidden state that is too long is cut off: the length is compared with `<`."""

    def layer(self, owner: str, **arguments: Any) -> Arrays:
        return super().layer(owner, **arguments | {"hidden": arguments["hidden"][: arguments["hidden_dim"]]})

    def row_products(self, *, tensor: Any, x: Floats) -> Arrays:
        return super().row_products(tensor=tensor, x=x[: tensor[1][-1]])

    def expert_stages(self, **arguments: Any) -> Arrays:
        return super().expert_stages(**arguments | {"hidden": arguments["hidden"][: arguments["hidden_dim"]]})


class QuantisedRouterRead(Faulty, by="QW3-MOE-016"):
    """The bytes of a quantised router are taken for float32."""

    def layer(self, owner: str, **arguments: Any) -> Arrays:
        if not isinstance(arguments["router"], np.ndarray):
            arguments["router"] = np.zeros((arguments["num_experts"], arguments["hidden_dim"]), F)
        return super().layer(owner, **arguments)


class TopKAccepted(Faulty, by="MOE-ROUTER-011 QW3-MOE-017"):
    """k = 0 gives zeros, and k beyond the experts is clamped, as in the seed."""

    refuse_top_k = accepts


class TopKClamped(Faulty, by="MOE-ROUTER-012 QW3-MOE-017"):
    """k beyond the experts is clamped; k = 0 is refused."""

    def refuse_top_k(self, owner: str, k: int, experts: int) -> None:
        super().refuse_top_k(owner, min(k, experts), experts)


class ZeroKTakenForOne(Faulty, by="MOE-ROUTER-011 QW3-MOE-017"):
    """k = 0 is taken for 1."""

    def refuse_top_k(self, owner: str, k: int, experts: int) -> None:
        super().refuse_top_k(owner, k or 1, experts)

    def select(self, probs: Floats, k: int) -> np.ndarray:
        return super().select(probs, k or 1)


class PoisonAccepted(Faulty, by="MOE-ROUTER-013 QW3-MOE-019"):
    """Activations are not checked; NaN comes out."""

    refuse_activations = accepts
    refuse_logits = accepts


class OnlyNaNRefused(Faulty, by="MOE-ROUTER-013 QW3-MOE-019"):
    """Infinite activations pass; logits that they make are not looked at."""

    refuse_logits = accepts

    def refuse_activations(self, owner: str, x: Floats) -> None:
        super().refuse_activations(owner, np.where(np.isinf(x), F(0), x))


class PoisonedLogitsAccepted(Faulty, by="MOE-ROUTER-014"):
    """Logits that are not finite become a plausible uniform distribution."""

    refuse_logits = accepts

    def softmax(self, logits: Floats) -> Floats:
        good = np.isfinite(logits).all()
        return super().softmax(logits) if good else np.full(len(logits), F(1 / len(logits)), F)


class LayerRoutesPoison(PoisonedLogitsAccepted, by="QW3-MOE-020"):
    """The same in the layer alone: `route` refuses what the layer accepts."""

    def refuse_logits(self, owner: str, logits: Floats) -> None:
        if owner == "route":
            Plain.refuse_logits(self, owner, logits)


class TraceAcceptsPoison(Faulty, by="QW3-MOE-019"):
    """The trace alone does not check its activations."""

    refuse_logits = accepts

    def refuse_activations(self, owner: str, x: Floats) -> None:
        if "trace" not in owner:
            super().refuse_activations(owner, x)


class UnknownTypeGuessed(Faulty):
    """An unknown quantisation is read as the known one of the same size."""

    def refuse_type(self, tensor: Tensor) -> None:
        """Nothing is refused."""

    def blocks(self, tensor: Tensor) -> np.ndarray:
        rows = math.prod(tensor.shape[:-1]) * self.blocks_per_row(tensor.shape[-1])
        known = next(name for name, size in BLOCK_BYTES.items() if rows * size == tensor.data.size)
        return super().blocks(replace(tensor, dtype=known))


class UnknownTypeRead(UnknownTypeGuessed, by="SWIGLU-010 QW3-MOE-018"):
    """An unknown quantisation is read as the known one of the same size, by every entry."""


class UnknownUpRead(UnknownTypeGuessed, by="QW3-MOE-018"):
    """Only gate is checked; up and down may be of any type."""

    def layer(self, owner: str, **arguments: Any) -> Arrays:
        Plain.refuse_type(self, Tensor.of(arguments["gate"]))
        return super().layer(owner, **arguments)

    def expert_stages(self, **arguments: Any) -> Arrays:
        Plain.refuse_type(self, Tensor.of(arguments["gate"]))
        return super().expert_stages(**arguments)


class UnknownTypeTraced(UnknownTypeGuessed, by="QW3-MOE-023"):
    """Production refuses an unknown quantisation, its traced siblings do not."""

    def layer(self, owner: str, **arguments: Any) -> Arrays:
        if owner == "moe_ffn_forward_layer":
            for name in ("gate", "up", "down"):
                Plain.refuse_type(self, Tensor.of(arguments[name]))
        return super().layer(owner, **arguments)

    def expert_stages(self, **arguments: Any) -> Arrays:
        for name in ("gate", "up", "down"):
            Plain.refuse_type(self, Tensor.of(arguments[name]))
        return super().expert_stages(**arguments)


class TraceClampsK(Faulty, by="QW3-MOE-024"):
    """The trace clamps k, its siblings refuse it."""

    def refuse_top_k(self, owner: str, k: int, experts: int) -> None:
        if "trace" not in owner:
            super().refuse_top_k(owner, k, experts)


class OffsetIn32Bits(Faulty, by="SLICE-007"):
    """A place beyond 4 GiB wraps around into the file."""

    def expert_slice(self, *, offset: int, **arguments: Any) -> Arrays:
        return super().expert_slice(offset=offset % 2**32, **arguments)


class OnlyGateTypeChecked(Faulty, by="SWIGLU-013"):
    """A type without a kernel is refused for the gate; of up and down the bytes are read as what they are not."""

    def expert_stages(self, *, up: Any, down: Any, **arguments: Any) -> Arrays:
        up, down = (self.guessed(part) for part in (up, down))
        return super().expert_stages(up=up, down=down, **arguments)

    def guessed(self, part: Any) -> Any:
        blocks = math.prod(part[1][:-1]) * self.blocks_per_row(part[1][-1])
        return "q4_k" if len(part[2]) == blocks * 144 else "q6_k", *part[1:]


class StagedExpertClamped(Faulty, by="SWIGLU-014"):
    """The staged sibling takes the last expert for one beyond it; production refuses."""

    def expert_stages(self, *, expert_id: int, num_experts: int, **arguments: Any) -> Arrays:
        return super().expert_stages(
            expert_id=min(expert_id, num_experts - 1), num_experts=num_experts, **arguments
        )  # fmt: skip

    def expert(self, **arguments: Any) -> Arrays:
        return {"output": super().expert_stages(**arguments)["output"]}


class NoExpertsAccepted(Faulty, by="SLICE-003"):
    """A tensor of no experts gives an empty slab."""

    def expert_slice(self, **arguments: Any) -> Arrays:
        if arguments["num_experts"] == 0:
            return {"bytes": np.zeros(0, np.uint8)}
        return super().expert_slice(**arguments)


class DivisionByZero(Faulty, by="SLICE-003"):
    """A tensor of no experts ends in an arithmetic error."""

    def refuse_slice(self, offset: int, size: int, e: int, experts: int, available: int) -> None:
        if experts == 0:
            raise ZeroDivisionError("integer division or modulo by zero")
        super().refuse_slice(offset, size, e, experts, available)


class ExpertWraps(Faulty, by="SLICE-004 SWIGLU-009"):
    """An expert beyond the last is taken modulo their number."""

    def refuse_slice(self, offset: int, size: int, e: int, experts: int, available: int) -> None:
        super().refuse_slice(offset, size, e % experts if experts else e, experts, available)


class ExpertRangeOffByOne(Faulty, by="SLICE-004 SWIGLU-009"):
    """The range of experts is checked with `>` instead of `>=`."""

    def refuse_slice(self, offset: int, size: int, e: int, experts: int, available: int) -> None:
        super().refuse_slice(offset, size, e - (e == experts > 0), experts, available)


class UnevenStackAccepted(Faulty, by="SLICE-005"):
    """A size that the experts do not divide is rounded down."""

    def refuse_slice(self, offset: int, size: int, e: int, experts: int, available: int) -> None:
        super().refuse_slice(offset, size // experts * experts if experts else size, e, experts, available)


class FileEndIgnored(Faulty, by="SLICE-006"):
    """A slab may end behind the file."""

    def refuse_slice(self, offset: int, size: int, e: int, experts: int, available: int) -> None:
        super().refuse_slice(offset, size, e, experts, available + 1)


ENTRIES = (
    "row_products",
    "row_products_q8_k",
    "expert_slice",
    "route",
    "expert",
    "forward",
    "forward_with_router",
    "trace",
)
REFUSALS = (
    "BLOCKS-010 BLOCKS-011 SLICE-003 SLICE-004 SLICE-005 SLICE-006 MOE-ROUTER-010 MOE-ROUTER-011 MOE-ROUTER-012 "
    "MOE-ROUTER-013 MOE-ROUTER-014 SWIGLU-008 SWIGLU-009 SWIGLU-010 QW3-MOE-014 QW3-MOE-015 QW3-MOE-016 QW3-MOE-017 "
    "QW3-MOE-018 QW3-MOE-019"
)


class Refusals(Faulty):
    """Every refusal of every entry goes through `refused`, which is the bug: it returns or raises something else."""

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name not in ENTRIES:
            return found

        def entry(**arguments: Any) -> Arrays:
            try:
                return found(**arguments)  # type: ignore[no-any-return]
            except Exception as error:
                return self.refused(error, name, arguments)

        return entry

    def refused(self, error: Exception, name: str, arguments: dict[str, Any]) -> Arrays:
        raise NotImplementedError


class ZerosForErrors(Refusals, by=REFUSALS):
    """An error becomes zeros, like unwrap_or(0.0)."""

    value: ClassVar[float] = 0.0

    def refused(self, error: Exception, name: str, arguments: dict[str, Any]) -> Arrays:
        def filled(size: int) -> Floats:
            return np.full(size, self.value, F)

        if name in ("row_products", "row_products_q8_k"):
            return {"products": filled(arguments["tensor"][1][0])}
        if name == "expert_slice":
            return {"bytes": np.zeros(arguments["byte_size"] // max(1, arguments["num_experts"]), np.uint8)}
        k = arguments.get("num_experts_per_tok", 1)
        routed = {"experts": np.arange(k), "weights": filled(k)}
        return routed if name == "route" else routed | {"output": filled(arguments["hidden_dim"])}


class NaNForErrors(ZerosForErrors, by=REFUSALS):
    """An error becomes NaN."""

    value = np.nan


class WrongErrorClass(Refusals, by=REFUSALS):
    """The right words in an error that nobody catches by name."""

    def refused(self, error: Exception, name: str, arguments: dict[str, Any]) -> Arrays:
        raise ValueError(str(error)) from error


class WrongErrorMessage(Refusals, by=REFUSALS):
    """The right class without a word on what is wrong."""

    def refused(self, error: Exception, name: str, arguments: dict[str, Any]) -> Arrays:
        raise type(error)("invalid argument") from error


class ExpectedAndGotSwapped(Faulty, by="MOE-ROUTER-018"):
    """The message names the expected size as the one found."""

    def refuse_router(self, owner: str, router: Any, experts: int, hidden: int) -> None:
        if isinstance(router, np.ndarray) and router.nbytes != experts * hidden * 4:
            raise InvalidShape(f"{owner}: router byte_size {experts * hidden * 4} != expected {router.nbytes}")
        super().refuse_router(owner, router, experts, hidden)


class RouterTypeAsShape(Faulty, by="QW3-MOE-016"):
    """A quantised router is refused for its size, not for its type."""

    def refuse_router(self, owner: str, router: Any, experts: int, hidden: int) -> None:
        try:
            super().refuse_router(owner, router, experts, hidden)
        except UnsupportedOperation:
            raise InvalidShape(
                f"{owner}: router byte_size {len(router[2])} != expected {experts * hidden * 4}"
            ) from None


# --- many tokens ---------------------------------------------------------------------------------------------------


class NextTokensRow(Faulty, by="TOKENS-001"):
    """Results of a batch are put back one token further on."""

    def rows(self, hidden: Floats, arguments: dict[str, Any]) -> list[Floats]:
        rows = super().rows(hidden, arguments)
        return [*rows[1:], rows[0]]


class TailOfTheBatch(Faulty, by="TOKENS-001"):
    """Tokens left over from groups of four take another path, off by a unit in the last place."""

    def rows(self, hidden: Floats, arguments: dict[str, Any]) -> list[Floats]:
        rows = super().rows(hidden, arguments)
        whole = len(rows) // 4 * 4
        return rows[:whole] + [up_one(row) for row in rows[whole:]]


class OddTokenRepeatsItsNeighbour(Faulty, by="TOKENS-001"):
    """The last token of an odd batch gets the activations of the one before it."""

    def rows(self, hidden: Floats, arguments: dict[str, Any]) -> list[Floats]:
        if len(hidden) % 2 and len(hidden) > 1:
            hidden = np.concatenate([hidden[:-1], hidden[-2:-1]])
        return super().rows(hidden, arguments)


class GroupsOfSixteen(Faulty, by="TOKENS-001"):
    """Tokens are computed 16 at a time, and each group is put back at the place of the first."""

    def rows(self, hidden: Floats, arguments: dict[str, Any]) -> list[Floats]:
        rows = super().rows(hidden, arguments)
        return [rows[at % 16] for at in range(len(rows))]


class ClampedForManyTokens(Faulty, by="TOKENS-007"):
    """k beyond the experts is refused for one token, and clamped for many."""

    def refuse_top_k(self, owner: str, k: int, experts: int) -> None:
        if "tokens" not in owner:
            super().refuse_top_k(owner, k, experts)


class OnlyTheFirstTokenIsChecked(Faulty, by="TOKENS-005"):
    """A value that is not finite is looked for in the first token alone."""

    def rows(self, hidden: Floats, arguments: dict[str, Any]) -> list[Floats]:
        rest = np.where(np.isfinite(hidden[1:]), hidden[1:], F(0))
        return super().rows(np.concatenate([hidden[:1], rest]), arguments)


# --- sizes that models have ------------------------------------------------------------------------------------------


class WeightsWrongAt128Experts(Faulty, by="MOE-ROUTER-001"):
    """The kernel for 128 experts with k = 8 does not renormalise (MetaX vLLM 270)."""

    def normalise(self, probs: Floats, chosen: np.ndarray) -> Floats:
        return probs[chosen] if (len(probs), len(chosen)) == (128, 8) else super().normalise(probs, chosen)


class LayerWrongAt128Experts(WeightsWrongAt128Experts, by="QW3-MOE-003"):
    """The same in the layer."""


class RouterWrongAt512Experts(Faulty, by="MOE-ROUTER-002"):
    """A kernel for 512 experts with k = 10 ranks the first 256 alone."""

    def select(self, probs: Floats, k: int) -> np.ndarray:
        return super().select(probs[:256] if (len(probs), k) == (512, 10) else probs, k)


class HalfOf64ExpertsRanked(Faulty, by="MOE-ROUTER-060"):
    """A kernel for 64 experts with k = 8 ranks the first 32 alone; with other kinds of values nearly all are tied."""

    def select(self, probs: Floats, k: int) -> np.ndarray:
        return super().select(probs[:32] if (len(probs), k) == (64, 8) else probs, k)


class HalfOf512ExpertsRanked(Faulty, by="MOE-ROUTER-060"):
    """The same of 512 with k = 8."""

    def select(self, probs: Floats, k: int) -> np.ndarray:
        return super().select(probs[:256] if (len(probs), k) == (512, 8) else probs, k)


class EighthExpertOf256Lost(Faulty, by="MOE-ROUTER-003"):
    """With 256 experts and k = 8 the last of the chosen gets no weight."""

    def normalise(self, probs: Floats, chosen: np.ndarray) -> Floats:
        weights = super().normalise(probs, chosen)
        if (len(probs), len(chosen)) == (256, 8):
            weights[-1] = 0
        return weights


class ThirdBlockMisread(Faulty, by="SWIGLU-002"):
    """The third block of a row of 768 is read where the second lies (ktransformers 1971)."""

    def blocks(self, tensor: Tensor) -> np.ndarray:
        raw = super().blocks(tensor)
        if tensor.shape[-1] == 768:
            raw = raw.copy()
            raw[..., 2, :] = raw[..., 1, :]
        return raw


class ThirdBlockOfTheLayerMisread(ThirdBlockMisread, by="QW3-MOE-002"):
    """The same, where only the layer's contract is run."""


class ShortRowsOverwriteScales(Faulty, by="BLOCKS-001"):
    """Rows of 32 or 288 values: the scales are written over the quants (llama.cpp 20527)."""

    def blocks(self, tensor: Tensor) -> np.ndarray:
        raw = super().blocks(tensor)
        if tensor.shape[-1] in (32, 288):
            raw = raw.copy()
            raw[..., 20:24] = raw[..., 4:8]
        return raw


class RowsBeyond64Repeat(Faulty, by="BLOCKS-003"):
    """The products of the 65th row on are those of the rows 64 before."""

    def products(self, tensor: Tensor, x: Floats) -> Floats:
        products = super().products(tensor, x)
        return products[..., np.arange(products.shape[-1]) % 64]


class ManyTokens(Faulty):
    """A family: the token asked for is computed by itself, and what is wrong depends on how many there are."""

    def forward_among(self, *, token: int, hidden: Floats, **arguments: Any) -> Arrays:
        arguments = self.many(token, len(hidden), arguments)
        output = self.layer("moe_ffn_forward_tokens", hidden=hidden[token], **arguments)["output"]
        return {"output": self.put(output, token, len(hidden))}

    def many(self, token: int, count: int, arguments: dict[str, Any]) -> dict[str, Any]:
        """The layer that token `token` of `count` goes through."""
        return arguments

    def put(self, output: Floats, token: int, count: int) -> Floats:
        """What becomes of the output of token `token` of `count`."""
        return output


class PathFrom64Tokens(ManyTokens, by="TOKENS-001"):
    """Another path from 64 tokens on, off by a unit in the last place (llama.cpp 27016)."""

    def put(self, output: Floats, token: int, count: int) -> Floats:
        return up_one(output) if count >= 64 else output


class PathFrom256Tokens(ManyTokens, by="TOKENS-001"):
    """Another path from 256 tokens on (uzu 715)."""

    def put(self, output: Floats, token: int, count: int) -> Floats:
        return up_one(output) if count >= 256 else output


class TokenBehind512(ManyTokens, by="TOKENS-001"):
    """The tokens behind 512 are rounded to bfloat16."""

    def put(self, output: Floats, token: int, count: int) -> Floats:
        return rounded(output, 8) if token >= 512 else output


class RemainderAfter16Tokens(ManyTokens, by="TOKENS-001"):
    """The tokens behind the last whole group of 16 are rounded to bfloat16."""

    def put(self, output: Floats, token: int, count: int) -> Floats:
        return rounded(output, 8) if token >= count // 16 * 16 > 0 else output


class RoughRouterFromNineTokens(ManyTokens, by="TOKENS-060"):
    """More than 8 tokens are routed by a router in bfloat16."""

    def many(self, token: int, count: int, arguments: dict[str, Any]) -> dict[str, Any]:
        return {**arguments, "router": rounded(arguments["router"], 8)} if count > 8 else arguments


class LastExpertOf512ReadInShort(Faulty, by="SWIGLU-002"):
    """The 512th expert is taken for the 256th: its number was kept in 8 bits."""

    def slabs(self, tensor: Tensor, experts: int, chosen: np.ndarray) -> Tensor:
        return super().slabs(tensor, experts, np.where(chosen == 511, 255, chosen))


# --- families, not faults ------------------------------------------------------------------------------------------

FAMILIES = (
    Q4Scales, SixBits, HighPairs, ActivationsOfProducts, WholeActivations, DecodeChanged, Activation, Drift,
    OnlyProduction, UnknownTypeGuessed, Refusals, ManyTokens,
)  # fmt: skip
VARIANTS = [variant for variant in VARIANTS if variant not in FAMILIES]


# --- what is not a value of a result --------------------------------------------------------------------------------


class NegativeExpertFromTheEnd(Faulty, by="SLICE-040"):
    """An expert of -1 is the last one, as in Python."""

    def refuse_slice(self, offset: int, size: int, e: int, experts: int, available: int) -> None:
        super().refuse_slice(offset, size, e % experts if e < 0 and experts else e, experts, available)


class NegativeExpertOfALayer(NegativeExpertFromTheEnd, by="SWIGLU-042"):
    """The same, where whole experts are run."""


class OneExpertAmongNaN(Faulty, by="MOE-ROUTER-041"):
    """Nothing is refused, and a search for the next best that compares with NaN finds one expert again and again."""

    def refuse_activations(self, owner: str, x: Floats) -> None:
        pass

    def refuse_logits(self, owner: str, logits: Floats) -> None:
        pass

    def select(self, probs: Floats, k: int) -> np.ndarray:
        left, found = probs.copy(), []
        for _ in range(k):
            found.append(int(np.argmax(left)))  # the first NaN, and it stays one
            left[found[-1]] = left[found[-1]] * 0 - 1
        return np.array(found)


class LogitsClamped(Faulty, by="MOE-ROUTER-040"):
    """Logits are clamped to +-1000 before the softmax: what lies beyond is tied."""

    def softmax(self, logits: Floats) -> Floats:
        return super().softmax(np.clip(logits, F(-1000), F(1000)))


class WrongAfterARefusal(Faulty, by="MOE-ROUTER-001"):
    """After a refused call the next answer is wrong, and none after it (llama.cpp 27022)."""

    refused = False

    def route(self, **arguments: Any) -> Arrays:
        was, self.refused = self.refused, True
        result = super().route(**arguments)
        self.refused = False
        return result | {"weights": result["weights"][::-1].copy()} if was else result


class WrongEverAfterARefusal(Faulty, by="MOE-ROUTER-001"):
    """After a refused call every answer is wrong."""

    refused = False

    def route(self, **arguments: Any) -> Arrays:
        try:
            result = super().route(**arguments)
        except Exception:
            self.refused = True
            raise
        return result | {"weights": result["weights"] * F(0.5)} if self.refused else result


class SurplusResult(Faulty, by="MOE-ROUTER-001"):
    """More is returned than was asked for."""

    def route(self, **arguments: Any) -> Arrays:
        return super().route(**arguments) | {"probs": np.ones(arguments["num_experts"], F)}


class StagesInAnotherOrder(Faulty, by="SWIGLU-002"):
    """The right stages, the last one first."""

    def expert_stages(self, **arguments: Any) -> Arrays:
        return dict(reversed(super().expert_stages(**arguments).items()))


class AlignedLoads(Faulty, by="BLOCKS-003"):
    """Activations are loaded as vectors of 16 bytes from the aligned address before them."""

    def row_products(self, *, tensor: Any, x: Floats) -> Arrays:
        skipped = x.ctypes.data % 16
        return super().row_products(tensor=tensor, x=np.roll(x, 1) if skipped else x)


class BlocksAtEvenAddresses(Faulty, by="BLOCKS-001"):
    """The float16 of a block at an odd address is read one byte too early."""

    def decode(self, *, tensor: Any) -> Arrays:
        dtype, shape, data = tensor
        odd = np.frombuffer(data, np.uint8).ctypes.data % 2
        return super().decode(tensor=(dtype, shape, b"\0" + bytes(data)[:-1] if odd else data))


class GapsRead(Faulty, by="BLOCKS-003"):
    """The distance between activations in memory is taken to be four bytes."""

    def row_products(self, *, tensor: Any, x: Floats) -> Arrays:
        return super().row_products(tensor=tensor, x=np.lib.stride_tricks.as_strided(x, strides=(x.itemsize,)))


class ScaledInPlace(Faulty, by="BLOCKS-003"):
    """Activations are scaled in the caller's array and put back: it has to be one that can be written to."""

    def row_products(self, *, tensor: Any, x: Floats) -> Arrays:
        x *= F(2)
        x *= F(0.5)
        return super().row_products(tensor=tensor, x=x)
