"""Root mean square normalisation."""

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
    """Epsilon is added to the root."""

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
    """Another model's convention: one plus the weight."""

    @staticmethod
    def normalise(*, x, weight):
        return {"out": x / np.sqrt(np.mean(x * x, dtype=F) + F(1e-6)) * (F(1) + weight)}


RIGHT = (Plain, Reciprocal)
WRONG = (EpsilonOutside, PaddedWidth, OnePlusWeight)
