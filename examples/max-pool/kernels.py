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


RIGHT = (Pairs, Windows)
WRONG = (StartsAtZero, OtherPairs)
