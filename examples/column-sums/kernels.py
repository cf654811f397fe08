"""Sums over rows."""

import numpy as np

F = np.float32


class OneByOne:
    """From the first row to the last."""

    @staticmethod
    def reduce(*, x):
        sums = np.zeros(x.shape[1], F)
        for row in x:
            sums = sums + row
        return {"sums": sums, "means": sums / F(len(x))}


class Tree:
    """Halves of the rows are added until one is left."""

    @staticmethod
    def reduce(*, x):
        part = x
        while len(part) > 1:
            half = len(part) // 2
            part = np.concatenate([part[:half] + part[half : 2 * half], part[2 * half :]])
        return {"sums": part[0], "means": part[0] * (F(1) / F(len(x)))}


class OddRowLost:
    """A tree that drops the last of an odd number of rows."""

    @staticmethod
    def reduce(*, x):
        part = x
        while len(part) > 1:
            half = len(part) // 2
            part = part[:half] + part[half : 2 * half]
        return {"sums": part[0], "means": part[0] / F(len(x))}


class MeanOfColumns:
    """Divided by the number of columns."""

    @staticmethod
    def reduce(*, x):
        sums = x.sum(0, dtype=F)
        return {"sums": sums, "means": sums / F(x.shape[1])}


class PaddedRows:
    """The mean is taken over rows rounded up to a multiple of 16 (tt-metal 50682: padding counts as rows)."""

    @staticmethod
    def reduce(*, x):
        sums = x.sum(0, dtype=F)
        return {"sums": sums, "means": sums / F(-(-len(x) // 16) * 16)}


class HalfSum:
    """The sum is held in bfloat16."""

    @staticmethod
    def reduce(*, x):
        sums = np.zeros(x.shape[1], F)
        for row in x:
            sums = ((sums + row).view(np.uint32) & np.uint32(0xFFFF0000)).view(F)
        return {"sums": sums, "means": sums / F(len(x))}


class FirstSixteen:
    """Rows behind the first sixteen are left out of the sum, and counted in the mean."""

    @staticmethod
    def reduce(*, x):
        sums = x[:16].sum(0, dtype=F)
        return {"sums": sums, "means": sums / F(len(x))}


RIGHT = (OneByOne, Tree)
WRONG = (OddRowLost, MeanOfColumns, PaddedRows, HalfSum, FirstSixteen)
