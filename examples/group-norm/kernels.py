"""Group normalisation."""

import numpy as np

F = np.float32


def normalised(x, axes, size=None):
    size = size or int(np.prod([x.shape[axis] for axis in axes]))
    centred = x - x.sum(axes, keepdims=True, dtype=F) / F(size)
    return {"out": centred / np.sqrt((centred * centred).sum(axes, keepdims=True, dtype=F) / F(size) + F(1e-5))}


class Axes:
    """Over the last two axes."""

    @staticmethod
    def normalise(*, x):
        return normalised(x, (1, 2))


class Rows:
    """Rows first, then their sums."""

    @staticmethod
    def normalise(*, x):
        size = F(x.shape[1] * x.shape[2])
        centred = x - (x.sum(2, dtype=F).sum(1, dtype=F) / size)[:, None, None]
        variance = (centred * centred).sum(1, dtype=F).sum(1, dtype=F) / size
        return {"out": centred * (F(1) / np.sqrt(variance + F(1e-5)))[:, None, None]}


class AllGroups:
    """One mean for all groups."""

    @staticmethod
    def normalise(*, x):
        return normalised(x, (0, 1, 2))


class LastAxis:
    """Every row of a group by itself."""

    @staticmethod
    def normalise(*, x):
        return normalised(x, (2,))


class NextGroupToo:
    """A block of a power of two of rows reaches into the next group, whose entries enter the sums (FlagGems 4984)."""

    @staticmethod
    def normalise(*, x):
        groups, per, _ = x.shape
        rows = 1 << (per - 1).bit_length()
        whole = np.concatenate([x.reshape(groups * per, per), np.zeros((rows, per), F)])
        block = np.stack([whole[group * per : group * per + rows] for group in range(groups)])
        size = F(per * per)
        mean = block.sum((1, 2), dtype=F)[:, None, None] / size
        variance = ((block - mean) ** 2).sum((1, 2), keepdims=True, dtype=F) / size
        return {"out": (x - mean) / np.sqrt(variance + F(1e-5))}


class PaddedSize:
    """Sums are divided by the number of entries rounded up to a multiple of eight (tt-metal 50682)."""

    @staticmethod
    def normalise(*, x):
        return normalised(x, (1, 2), -(-x.shape[1] * x.shape[2] // 8) * 8)


class OnePass:
    """The mean of the squares less the square of the mean: nothing is left of a spread far below the mean."""

    @staticmethod
    def normalise(*, x):
        size = F(x.shape[1] * x.shape[2])
        mean, squares = (part.sum((1, 2), keepdims=True, dtype=F) / size for part in (x, x * x))
        with np.errstate(all="ignore"):
            return {"out": (x - mean) / np.sqrt(squares - mean * mean + F(1e-5))}


class EpsilonOutside:
    """Epsilon is added to the deviation, and not to the variance."""

    @staticmethod
    def normalise(*, x):
        size = F(x.shape[1] * x.shape[2])
        centred = x - x.sum((1, 2), keepdims=True, dtype=F) / size
        return {"out": centred / (np.sqrt((centred * centred).sum((1, 2), keepdims=True, dtype=F) / size) + F(1e-5))}


RIGHT = (Axes, Rows)
WRONG = (AllGroups, LastAxis, NextGroupToo, PaddedSize, OnePass, EpsilonOutside)
