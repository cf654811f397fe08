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


RIGHT = (Axes, Rows)
WRONG = (AllGroups, LastAxis)
