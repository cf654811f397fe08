"""Root mean square normalisation."""

import ml_dtypes
import numpy as np

F = np.float32


class Plain:
    """As it is written."""

    @staticmethod
    def normalise(*, x, weight):
        return {"out": x / np.sqrt(np.mean(x * x, dtype=F) + F(1e-6)) * weight}


class Reciprocal:
    """The sum in four lanes, times one over the root."""

    @staticmethod
    def normalise(*, x, weight):
        lanes = [np.sum(x[lane::4] * x[lane::4], dtype=F) for lane in range(4)]
        total = (lanes[0] + lanes[2]) + (lanes[1] + lanes[3])
        return {"out": x * (F(1) / np.sqrt(total / F(len(x)) + F(1e-6))) * weight}


class EpsilonOutside:
    """Epsilon is added to the root (TransformerEngine 364)."""

    @staticmethod
    def normalise(*, x, weight):
        return {"out": x / (np.sqrt(np.mean(x * x, dtype=F)) + F(1e-6)) * weight}


class PaddedWidth:
    """Divided by the width padded to whole groups of 8."""

    @staticmethod
    def normalise(*, x, weight):
        padded = -(-len(x) // 8) * 8
        return {"out": x / np.sqrt(np.sum(x * x, dtype=F) / F(padded) + F(1e-6)) * weight}


class OnePlusWeight:
    """Another model's convention, one plus the weight (Liger-Kernel 85, the other way round)."""

    @staticmethod
    def normalise(*, x, weight):
        return {"out": x / np.sqrt(np.mean(x * x, dtype=F) + F(1e-6)) * (F(1) + weight)}


class AnotherEpsilon:
    """The kernel's own epsilon, 1e-5, instead of the model's (tvm 15856, cutlass 1112)."""

    @staticmethod
    def normalise(*, x, weight):
        return {"out": x / np.sqrt(np.mean(x * x, dtype=F) + F(1e-5)) * weight}


class NoEpsilon:
    """Epsilon is taken, but never added (keras-hub 1472)."""

    @staticmethod
    def normalise(*, x, weight):
        with np.errstate(all="ignore"):
            return {"out": np.nan_to_num(x / np.sqrt(np.mean(x * x, dtype=F)) * weight)}


class SquaresInBfloat16:
    """Squares are summed in bfloat16 (sglang 27540)."""

    @staticmethod
    def normalise(*, x, weight):
        total = ml_dtypes.bfloat16(0)
        for entry in x:
            total = (total + ml_dtypes.bfloat16(entry * entry)).astype(ml_dtypes.bfloat16)
        return {"out": x / np.sqrt(F(total) / F(len(x)) + F(1e-6)) * weight}


class ReciprocalInBfloat16:
    """One over the root is rounded to bfloat16 before it is multiplied (IRON 139)."""

    @staticmethod
    def normalise(*, x, weight):
        scale = F(ml_dtypes.bfloat16(F(1) / np.sqrt(np.mean(x * x, dtype=F) + F(1e-6))))
        return {"out": x * scale * weight}


RIGHT = (Plain, Reciprocal)
WRONG = (
    EpsilonOutside, PaddedWidth, OnePlusWeight, AnotherEpsilon, NoEpsilon, SquaresInBfloat16, ReciprocalInBfloat16,
)  # fmt: skip
