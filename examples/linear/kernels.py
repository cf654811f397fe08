"""A linear layer."""

import numpy as np

F = np.float32


class Plain:
    """The whole product, then the bias."""

    @staticmethod
    def project(*, x, weights, bias):
        return {"out": x @ weights.T + bias}


class BiasFirst:
    """Sums begin with the bias and take eight inputs at a time."""

    @staticmethod
    def project(*, x, weights, bias):
        out = np.repeat(bias[None], len(x), 0)
        for start in range(0, x.shape[1], 8):
            out = out + x[:, start : start + 8] @ weights[:, start : start + 8].T
        return {"out": out}


class TailForgotten:
    """Inputs beyond whole groups of 8 are left out."""

    @staticmethod
    def project(*, x, weights, bias):
        whole = x.shape[1] // 8 * 8 or x.shape[1]
        return {"out": x[:, :whole] @ weights[:, :whole].T + bias}


class HalfSum:
    """Sums in float16."""

    @staticmethod
    def project(*, x, weights, bias):
        with np.errstate(all="ignore"):
            return {"out": (x.astype(np.float16) @ weights.T.astype(np.float16)).astype(F) + bias}


class BiasOfFirstToken:
    """The bias is added to the first token only."""

    @staticmethod
    def project(*, x, weights, bias):
        out = x @ weights.T
        out[0] += bias
        return {"out": out}


class BiasOfEveryPart:
    """The sum is split in parts that are added, and every part begins with the bias."""

    @staticmethod
    def project(*, x, weights, bias):
        parts = [x[:, first : first + 32] @ weights[:, first : first + 32].T for first in range(0, x.shape[1], 32)]
        return {"out": np.sum([part + bias for part in parts], 0, dtype=F)}


class ReadByColumns:
    """The weights are read as if they were stored by columns."""

    @staticmethod
    def project(*, x, weights, bias):
        return {"out": x @ weights.reshape(weights.shape[::-1]) + bias}


RIGHT = (Plain, BiasFirst)
WRONG = (TailForgotten, HalfSum, BiasOfFirstToken, BiasOfEveryPart, ReadByColumns)
