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


def normalised(x, m, squares, weight, bias):
    variance = squares / F(x.shape[-1])
    return ((x - m[:, None]) / np.sqrt(variance + F(1e-5))[:, None] * weight + bias).astype(F)


class Welford:
    """One pass: each number moves the mean and the sum of squares about it."""

    @staticmethod
    def normalise(*, x, weight, bias):
        m = squares = np.zeros(len(x), F)
        for count, column in enumerate(x.T, 1):
            delta = column - m
            m = m + delta / F(count)
            squares = squares + delta * (column - m)
        return {"out": normalised(x, m, squares, weight, bias)}


class Chan:
    """Parts of four, each in two passes; their means and sums of squares are joined."""

    @staticmethod
    def normalise(*, x, weight, bias):
        m, squares, count = np.zeros(len(x), F), np.zeros(len(x), F), 0
        for start in range(0, x.shape[-1], 4):
            part = x[:, start : start + 4]
            own, more = part.mean(-1, dtype=F), part.shape[-1]
            delta, both = own - m, count + more
            m = m + delta * F(more) / F(both)
            squares = squares + ((part - own[:, None]) ** 2).sum(-1, dtype=F)
            squares = squares + delta * delta * F(count) * F(more) / F(both)
            count = both
        return {"out": normalised(x, m, squares, weight, bias)}


class OnePass:
    """Mean of squares minus square of the mean: it cancels where the mean is far above the spread (burn 5607)."""

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


class VarianceInFloat16:
    """The variance with its epsilon is rounded to float16, where a small one is zero (DeepSpeed 581)."""

    @staticmethod
    def normalise(*, x, weight, bias):
        centred = x - mean(x)
        with np.errstate(all="ignore"):
            variance = (mean(centred * centred) + F(1e-5)).astype(np.float16).astype(F)
            return {"out": np.nan_to_num(centred / np.sqrt(variance)) * weight + bias}


class MeanOfAllRows:
    """The mean is that of all rows together."""

    @staticmethod
    def normalise(*, x, weight, bias):
        centred = x - x.mean(dtype=F)
        return {"out": centred / np.sqrt(mean(centred * centred) + F(1e-5)) * weight + bias}


class PaddedWidth:
    """Lanes beyond the width are zero in the mean, but not taken away again from the variance (a tile of 32)."""

    @staticmethod
    def normalise(*, x, weight, bias):
        width = x.shape[-1]
        padded = np.pad(x, ((0, 0), (0, -width % 32)))
        centred = padded - mean(x)
        variance = (centred * centred).sum(-1, keepdims=True, dtype=F) / F(width)
        return {"out": (x - mean(x)) / np.sqrt(variance + F(1e-5)) * weight + bias}


RIGHT = (TwoPasses, Double, Welford, Chan)
WRONG = (OnePass, EpsilonOutside, Unbiased, VarianceInFloat16, MeanOfAllRows, PaddedWidth)
