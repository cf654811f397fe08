"""Layer normalisation."""

import numpy as np

F = np.float32


def mean(x):
    return x.mean(-1, keepdims=True, dtype=F)


class TwoPasses:
    """The mean first, then the variance about it."""

    @staticmethod
    def normalise(*, x, weight, bias):
        centred = x - mean(x)
        return {"out": centred / np.sqrt(mean(centred * centred) + F(1e-5)) * weight + bias}


class Double:
    """In float64, rounded once at the end."""

    @staticmethod
    def normalise(*, x, weight, bias):
        x = x.astype(np.float64)
        out = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5) * weight + bias
        return {"out": out.astype(F)}


class OnePass:
    """Mean of squares minus square of the mean: it cancels where the mean is far above the spread."""

    @staticmethod
    def normalise(*, x, weight, bias):
        variance = np.maximum(mean(x * x) - mean(x) ** 2, F(0))
        return {"out": (x - mean(x)) / np.sqrt(variance + F(1e-5)) * weight + bias}


class EpsilonOutside:
    """Epsilon is added to the deviation."""

    @staticmethod
    def normalise(*, x, weight, bias):
        centred = x - mean(x)
        return {"out": centred / (np.sqrt(mean(centred * centred)) + F(1e-5)) * weight + bias}


class Unbiased:
    """Divided by width - 1."""

    @staticmethod
    def normalise(*, x, weight, bias):
        centred = x - mean(x)
        variance = (centred * centred).sum(-1, keepdims=True, dtype=F) / F(x.shape[-1] - 1)
        return {"out": centred / np.sqrt(variance + F(1e-5)) * weight + bias}


RIGHT = (TwoPasses, Double)
WRONG = (OnePass, EpsilonOutside, Unbiased)
