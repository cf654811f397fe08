"""Pooling."""

import numpy as np

F = np.float32


class Pairs:
    """Both neighbours compared."""

    @staticmethod
    def pool(*, x):
        return {"out": np.maximum(x[:, ::2], x[:, 1::2])}


class Windows:
    """Over a view of windows."""

    @staticmethod
    def pool(*, x):
        return {"out": x.reshape(len(x), -1, 2).max(2)}


class StartsAtZero:
    """The maximum starts at zero: negative entries are lost."""

    @staticmethod
    def pool(*, x):
        return {"out": np.maximum(F(0), x.reshape(len(x), -1, 2).max(2))}


class OtherPairs:
    """Entry i with entry i + n / 2."""

    @staticmethod
    def pool(*, x):
        a, b = np.split(x, 2, 1)
        return {"out": np.maximum(a, b)}


class LargestMagnitude:
    """Of two neighbours the one that is farther from zero."""

    @staticmethod
    def pool(*, x):
        a, b = x[:, ::2], x[:, 1::2]
        return {"out": np.where(np.abs(a) >= np.abs(b), a, b)}


class NextWindow:
    """Windows begin one entry late; the last takes in zeros of the padding (pytorch 33382: minus infinity pads)."""

    @staticmethod
    def pool(*, x):
        padded = np.concatenate([x[:, 1:], np.zeros((len(x), 1), F)], 1)
        return {"out": padded.reshape(len(x), -1, 2).max(2)}


class Mean:
    """The mean of both neighbours."""

    @staticmethod
    def pool(*, x):
        return {"out": x.reshape(len(x), -1, 2).mean(2, dtype=F)}


RIGHT = (Pairs, Windows)
WRONG = (StartsAtZero, OtherPairs, LargestMagnitude, NextWindow, Mean)
