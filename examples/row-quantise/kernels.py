"""A quantiser by rows; quants are returned as float32 numbers."""

import numpy as np

F = np.float32


def nearest(x):
    return (np.sign(x) * np.floor(np.abs(x) + F(0.5))).astype(F)


def quantised(x, units, scale):
    largest = np.abs(x).max(-1)
    safe = np.where(largest > 0, largest, F(1))
    return {"scale": scale(largest), "quants": units(x, safe[:, None])}


class Divided:
    """Times 127, divided by the largest."""

    @staticmethod
    def quantise(*, x):
        return quantised(x, lambda x, top: nearest(x * (F(127) / top)), lambda top: top / F(127))


class ByScale:
    """Divided by the scale."""

    @staticmethod
    def quantise(*, x):
        return quantised(x, lambda x, top: nearest(x / (top / F(127))), lambda top: top * F(1 / 127))


class CutOff:
    """Rounded towards zero."""

    @staticmethod
    def quantise(*, x):
        return quantised(x, lambda x, top: np.trunc(x / (top / F(127))).astype(F), lambda top: top / F(127))


class SignedLargest:
    """The largest entry, not the largest magnitude."""

    @staticmethod
    def quantise(*, x):
        largest = x.max(-1)
        safe = np.where(largest != 0, largest, F(1))
        return {"scale": largest / F(127), "quants": nearest(x / safe[:, None] * F(127))}


class OneScale:
    """One scale for all rows."""

    @staticmethod
    def quantise(*, x):
        largest = np.full(len(x), np.abs(x).max(), F)
        safe = np.where(largest > 0, largest, F(1))
        return {"scale": largest / F(127), "quants": nearest(x / safe[:, None] * F(127))}


class ZerosDividedByZero:
    """The largest magnitude of a row of zeros is divided by as it is (kernels-community 681, pytorch/ao 4713)."""

    @staticmethod
    def quantise(*, x):
        largest = np.abs(x).max(-1)
        with np.errstate(all="ignore"):
            return {"scale": largest / F(127), "quants": nearest(x / (largest / F(127))[:, None])}


class Of128:
    """The largest entry becomes 128, which no int8 holds: it is cut to 127."""

    @staticmethod
    def quantise(*, x):
        return quantised(x, lambda x, top: np.minimum(nearest(x * (F(128) / top)), F(127)), lambda top: top / F(128))


class SmallRowsFlushed:
    """A row whose largest magnitude is below an epsilon is divided by that (GPTQModel 1531)."""

    @staticmethod
    def quantise(*, x):
        largest = np.maximum(np.abs(x).max(-1), F(0.25))
        return {"scale": largest / F(127), "quants": nearest(x * (F(127) / largest)[:, None])}


RIGHT = (Divided, ByScale)
WRONG = (CutOff, SignedLargest, OneScale, ZerosDividedByZero, Of128, SmallRowsFlushed)
