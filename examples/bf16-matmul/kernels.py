"""A product of bfloat16 matrices with a result in bfloat16."""

import ml_dtypes
import numpy as np

BF16 = ml_dtypes.bfloat16
F = np.float32


def halves(x):
    """The upper half of every float32."""
    return (x.astype(F).view(np.uint32) & np.uint32(0xFFFF0000)).view(F).astype(BF16)


class Float32:
    """NumPy's product of float32 numbers, rounded at the end."""

    @staticmethod
    def product(*, weights, x):
        return {"y": (weights.astype(F) @ x.astype(F)).astype(BF16)}


class Float64:
    """Summed in float64; by way of float32, as frameworks convert."""

    @staticmethod
    def product(*, weights, x):
        return {"y": (weights.astype(np.float64) @ x.astype(np.float64)).astype(F).astype(BF16)}


class Lanes:
    """Eight accumulators, added in pairs."""

    @staticmethod
    def product(*, weights, x):
        w, x = weights.astype(F), x.astype(F)
        lanes = [w[:, lane::8] @ x[lane::8] for lane in range(8)]
        while len(lanes) > 1:
            lanes = [a + b for a, b in zip(lanes[::2], lanes[1::2], strict=True)]
        return {"y": lanes[0].astype(BF16)}


class Fused:
    """Fused multiply-adds from the last term to the first: one rounding to float32 for each."""

    @staticmethod
    def product(*, weights, x):
        w, x = weights.astype(np.float64), x.astype(np.float64)
        total = np.zeros((len(w), x.shape[1]), F)
        for k in reversed(range(len(x))):
            total = (total + w[:, k, None] * x[k]).astype(F)
        return {"y": total.astype(BF16)}


class Bf16Accumulator:
    """Every sum is rounded to bfloat16."""

    @staticmethod
    def product(*, weights, x):
        total = np.zeros((len(weights), x.shape[1]), BF16)
        for k in range(len(x)):
            total = (total.astype(F) + weights[:, k, None].astype(F) * x[k].astype(F)).astype(BF16)
        return {"y": total}


class Bf16SplitK:
    """Four parts of the sum are exchanged in bfloat16."""

    @staticmethod
    def product(*, weights, x):
        parts = zip(np.array_split(weights.astype(F), 4, 1), np.array_split(x.astype(F), 4), strict=True)
        return {"y": sum((w @ part).astype(BF16).astype(F) for w, part in parts).astype(BF16)}


class Truncates:
    """The conversion keeps the upper half of the float32."""

    @staticmethod
    def product(*, weights, x):
        return {"y": halves(weights.astype(F) @ x.astype(F))}


class ThroughFloat16:
    """The sums are float16 before they are bfloat16: beyond 65504 they are infinite."""

    @staticmethod
    def product(*, weights, x):
        return {"y": (weights.astype(F) @ x.astype(F)).astype(np.float16).astype(BF16)}


class DropsTheTail:
    """The terms after the last whole group of 16 are left out."""

    @staticmethod
    def product(*, weights, x):
        n = len(x) // 16 * 16 or len(x)
        return {"y": (weights[:, :n].astype(F) @ x[:n].astype(F)).astype(BF16)}


class Int8Activations:
    """The activations of a column are rounded to 127 levels before the product."""

    @staticmethod
    def product(*, weights, x):
        scale = np.abs(x.astype(F)).max(0) / F(127)
        whole = np.rint(x.astype(F) / np.where(scale > 0, scale, F(1)))
        return {"y": (weights.astype(F) @ whole * scale).astype(BF16)}


RIGHT = (Float32, Float64, Lanes, Fused)
WRONG = (Bf16Accumulator, Bf16SplitK, Truncates, ThroughFloat16, DropsTheTail, Int8Activations)
