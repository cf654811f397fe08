"""Softmax by rows."""

import numpy as np

F = np.float32


class TwoPasses:
    """The maximum first, then the sum."""

    @staticmethod
    def normalise(*, x):
        e = np.exp(x - x.max(-1, keepdims=True))
        return {"probabilities": e / e.sum(-1, keepdims=True, dtype=F)}


class Online:
    """Maximum and sum in one pass over parts of 16 columns; the sum is rescaled when the maximum grows."""

    @staticmethod
    def normalise(*, x):
        highest = np.full((len(x), 1), -np.inf, F)
        total = np.zeros((len(x), 1), F)
        for start in range(0, x.shape[1], 16):
            part = x[:, start : start + 16]
            grown = np.maximum(highest, part.max(-1, keepdims=True))
            total = total * np.exp(highest - grown) + np.exp(part - grown).sum(-1, keepdims=True, dtype=F)
            highest = grown
        return {"probabilities": np.exp(x - highest) / total}


class NoShift:
    """The maximum is not subtracted: large scores overflow."""

    @staticmethod
    def normalise(*, x):
        with np.errstate(all="ignore"):
            e = np.exp(x)
            return {"probabilities": e / e.sum(-1, keepdims=True, dtype=F)}


class WholeMatrix:
    """One sum for all rows."""

    @staticmethod
    def normalise(*, x):
        e = np.exp(x - x.max(-1, keepdims=True))
        return {"probabilities": e / e.sum(dtype=F)}


class TailForgotten:
    """Columns beyond the last whole group of 8 are not in the sum."""

    @staticmethod
    def normalise(*, x):
        e = np.exp(x - x.max(-1, keepdims=True))
        whole = x.shape[1] // 8 * 8 or x.shape[1]
        return {"probabilities": e / e[:, :whole].sum(-1, keepdims=True, dtype=F)}


class FiniteSentinel:
    """flashinfer 4267: the running maximum begins at -50000, which rows may lie below."""

    @staticmethod
    def normalise(*, x):
        highest = np.maximum(x.max(-1, keepdims=True), F(-5e4))
        e = np.exp(x - highest)
        total = e.sum(-1, keepdims=True, dtype=F)
        return {"probabilities": np.where(total > 0, e / np.where(total > 0, total, F(1)), F(0))}


class NotRescaled:
    """The running sum keeps its scale when a larger score comes."""

    @staticmethod
    def normalise(*, x):
        highest = np.full((len(x), 1), -np.inf, F)
        total = np.zeros((len(x), 1), F)
        for start in range(0, x.shape[1], 16):
            part = x[:, start : start + 16]
            highest = np.maximum(highest, part.max(-1, keepdims=True))
            total = total + np.exp(part - highest).sum(-1, keepdims=True, dtype=F)
        return {"probabilities": np.exp(x - highest) / total}


RIGHT = (TwoPasses, Online)
WRONG = (NoShift, WholeMatrix, TailForgotten, FiniteSentinel, NotRescaled)
