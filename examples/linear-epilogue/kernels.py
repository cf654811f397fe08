"""A matrix product with bias and GELU."""

import math

import numpy as np

F = np.float32
erf = np.vectorize(math.erf, otypes=[np.float64])
erfc = np.vectorize(math.erfc, otypes=[np.float64])


def gelu(z):
    return (z * (F(0.5) * (F(1) + erf(z * F(math.sqrt(0.5))).astype(F)))).astype(F)


def by_tanh(z):
    return F(0.5) * z * (F(1) + np.tanh(F(math.sqrt(2 / math.pi)) * (z + F(0.044715) * z * z * z)))


class Whole:
    """The whole product, then the bias, then GELU."""

    @staticmethod
    def linear(*, x, w, bias):
        return {"y": gelu(x @ w.T + bias)}


class Tiles:
    """Sums begin with the bias, take eight inputs at a time, and end in GELU by erfc."""

    @staticmethod
    def linear(*, x, w, bias):
        z = np.repeat(bias[None], len(x), 0)
        for start in range(0, x.shape[1], 8):
            z = z + x[:, start : start + 8] @ w[:, start : start + 8].T
        half = erfc(z * F(-math.sqrt(0.5))).astype(F)
        return {"y": F(0.5) * z * half}


class Approximate:
    """GELU by tanh where that by erf is asked for (tt-metal 56321: as soon as the bias was fused)."""

    @staticmethod
    def linear(*, x, w, bias):
        with np.errstate(all="ignore"):
            return {"y": by_tanh(x @ w.T + bias)}


class NoEpilogue:
    """Results that are stored by another way get neither bias nor activation (FlyDSL 404)."""

    @staticmethod
    def linear(*, x, w, bias):
        return {"y": x @ w.T}


class BiasAfter:
    """The bias is added after the activation."""

    @staticmethod
    def linear(*, x, w, bias):
        return {"y": gelu(x @ w.T) + bias}


class BiasByRow:
    """The bias of a column is added to a row."""

    @staticmethod
    def linear(*, x, w, bias):
        return {"y": gelu(x @ w.T + bias[np.arange(len(x)) % len(bias)][:, None])}


class OncePerTile:
    """Every tile of eight inputs gets the bias."""

    @staticmethod
    def linear(*, x, w, bias):
        z = np.zeros((len(x), len(w)), F)
        for start in range(0, x.shape[1], 8):
            z = z + x[:, start : start + 8] @ w[:, start : start + 8].T + bias
        return {"y": gelu(z)}


class HalfPrecisionSum:
    """The sum is rounded to bfloat16 before the bias comes."""

    @staticmethod
    def linear(*, x, w, bias):
        bits = (x @ w.T).astype(F).view(np.uint32) & np.uint32(0xFFFF0000)
        return {"y": gelu(bits.view(F) + bias)}


RIGHT = (Whole, Tiles)
WRONG = (Approximate, NoEpilogue, BiasAfter, BiasByRow, OncePerTile, HalfPrecisionSum)
