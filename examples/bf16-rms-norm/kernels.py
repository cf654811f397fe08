"""Root mean square normalisation of bfloat16 or float16 rows."""

import ml_dtypes
import numpy as np

BF16 = ml_dtypes.bfloat16
F = np.float32
EPSILON = F(1e-6)


def root(x):
    """The root of the mean square of every row."""
    return np.sqrt(np.mean(x * x, -1, dtype=F, keepdims=True) + EPSILON)


class Plain:
    """As it is written, in float32."""

    @staticmethod
    def normalise(*, x, weight):
        wide = x.astype(F)
        return {"out": (wide / root(wide) * weight.astype(F)).astype(x.dtype)}


class Reciprocal:
    """Four lanes, and one over the root; the weight is multiplied into it first."""

    @staticmethod
    def normalise(*, x, weight):
        wide = x.astype(F)
        lanes = [np.sum(wide[:, lane::4] * wide[:, lane::4], -1, dtype=F) for lane in range(4)]
        total = (lanes[0] + lanes[2]) + (lanes[1] + lanes[3])
        scale = F(1) / np.sqrt(total / F(x.shape[1]) + EPSILON)
        return {"out": (wide * (scale[:, None] * weight.astype(F))).astype(x.dtype)}


class Float64:
    """In float64, by way of float32."""

    @staticmethod
    def normalise(*, x, weight):
        wide = x.astype(np.float64)
        scaled = wide / np.sqrt(np.mean(wide * wide, -1, keepdims=True) + 1e-6) * weight.astype(np.float64)
        return {"out": scaled.astype(F).astype(x.dtype)}


class RoundsBeforeTheWeight:
    """The order of LLaMA's reference code: the normalised row is stored, then multiplied by the weight."""

    @staticmethod
    def normalise(*, x, weight):
        wide = x.astype(F)
        stored = (wide / root(wide)).astype(x.dtype)
        return {"out": (stored.astype(F) * weight.astype(F)).astype(x.dtype)}


class SquaresInTwoBytes:
    """The squares are stored in the format of the row before they are summed."""

    @staticmethod
    def normalise(*, x, weight):
        squares = (x.astype(F) * x.astype(F)).astype(x.dtype).astype(F)
        scaled = x.astype(F) / np.sqrt(np.mean(squares, -1, dtype=F, keepdims=True) + EPSILON)
        return {"out": (scaled * weight.astype(F)).astype(x.dtype)}


class VarianceInBf16:
    """The mean square is rounded to bfloat16."""

    @staticmethod
    def normalise(*, x, weight):
        wide = x.astype(F)
        mean = np.mean(wide * wide, -1, dtype=F, keepdims=True).astype(BF16).astype(F)
        return {"out": (wide / np.sqrt(mean + EPSILON) * weight.astype(F)).astype(x.dtype)}


class EpsilonOutside:
    """Epsilon is added to the root."""

    @staticmethod
    def normalise(*, x, weight):
        wide = x.astype(F)
        square = np.mean(wide * wide, -1, dtype=F, keepdims=True)
        return {"out": (wide / (np.sqrt(square) + EPSILON) * weight.astype(F)).astype(x.dtype)}


class Truncates:
    """The conversion to bfloat16 keeps the upper half of the float32."""

    @staticmethod
    def normalise(*, x, weight):
        wide = x.astype(F)
        out = wide / root(wide) * weight.astype(F)
        if x.dtype == BF16:
            out = (out.astype(F).view(np.uint32) & np.uint32(0xFFFF0000)).view(F)
        return {"out": out.astype(x.dtype)}


class OnePlusWeight:
    """Another model's convention: one plus the weight."""

    @staticmethod
    def normalise(*, x, weight):
        wide = x.astype(F)
        return {"out": (wide / root(wide) * (F(1) + weight.astype(F))).astype(x.dtype)}


RIGHT = (Plain, Reciprocal, Float64)
WRONG = (RoundsBeforeTheWeight, SquaresInTwoBytes, VarianceInBf16, EpsilonOutside, Truncates, OnePlusWeight)
