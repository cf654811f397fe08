"""MXFP4 weights, 17 bytes for 32 of them, times a bfloat16 vector."""

import ml_dtypes
import numpy as np

BF16 = ml_dtypes.bfloat16
F = np.float32
TABLE = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6, 0, -0.5, -1, -1.5, -2, -3, -4, -6], F)


def parts(weights):
    """The exponents, one for each block, and the bytes of nibbles."""
    _, (rows, n), data = weights
    blocks = np.frombuffer(data, np.uint8).reshape(rows, n // 32, 17)
    return blocks[..., 0].astype(np.int32), blocks[..., 1:]


def in_order(nibbles):
    """Low nibbles, then high ones."""
    return np.concatenate([nibbles & 15, nibbles >> 4], -1)


def scales(exponents, bias=127):
    return np.ldexp(1.0, exponents - bias)


def product(values, scale, x):
    """The decoded weights times x, in float32."""
    w = (values * scale[..., None]).astype(F).reshape(len(values), -1)
    return {"y": (w @ x.astype(F)).astype(BF16)}


class Decoded:
    """All weights are decoded first."""

    @staticmethod
    def product(*, weights, x):
        exponents, nibbles = parts(weights)
        return product(TABLE[in_order(nibbles)], scales(exponents), x)


class ByBlocks:
    """The nibbles as whole numbers of a half times x, block by block; then the scale, exactly."""

    @staticmethod
    def product(*, weights, x):
        exponents, nibbles = parts(weights)
        whole = (2 * TABLE)[in_order(nibbles)]
        dots = np.sum(whole * x.astype(F).reshape(-1, 32), -1, dtype=F)
        terms = np.ldexp(dots.astype(np.float64), exponents - 128).astype(F)
        total = np.zeros(len(terms), F)
        for block in reversed(range(terms.shape[1])):
            total = total + terms[:, block]
        return {"y": total.astype(BF16)}


class Float64:
    """In float64, by way of float32."""

    @staticmethod
    def product(*, weights, x):
        exponents, nibbles = parts(weights)
        w = (TABLE[in_order(nibbles)].astype(np.float64) * scales(exponents)[..., None]).reshape(len(nibbles), -1)
        return {"y": (w @ x.astype(np.float64)).astype(F).astype(BF16)}


class HighNibblesFirst:
    """High nibbles, then low ones."""

    @staticmethod
    def product(*, weights, x):
        exponents, nibbles = parts(weights)
        return product(TABLE[np.concatenate([nibbles >> 4, nibbles & 15], -1)], scales(exponents), x)


class Interleaved:
    """Low and high nibbles in turn, as in files of another kind."""

    @staticmethod
    def product(*, weights, x):
        exponents, nibbles = parts(weights)
        pairs = np.stack([nibbles & 15, nibbles >> 4], -1).reshape(*nibbles.shape[:-1], 32)
        return product(TABLE[pairs], scales(exponents), x)


class BiasOf128:
    """The exponent of the scale is one too small: it belongs to a table of doubled values."""

    @staticmethod
    def product(*, weights, x):
        exponents, nibbles = parts(weights)
        return product(TABLE[in_order(nibbles)], scales(exponents, 128), x)


class NextScale:
    """Every block has the scale of the block after it."""

    @staticmethod
    def product(*, weights, x):
        exponents, nibbles = parts(weights)
        return product(TABLE[in_order(nibbles)], scales(np.roll(exponents, -1, -1)), x)


class NoSubnormal:
    """The smallest weight, one half, is decoded as if it had a hidden bit."""

    @staticmethod
    def product(*, weights, x):
        exponents, nibbles = parts(weights)
        table = np.where(np.abs(TABLE) == 0.5, np.copysign(F(0.75), TABLE), TABLE)
        return product(table[in_order(nibbles)], scales(exponents), x)


class Bf16Accumulator:
    """The sum over blocks is kept in bfloat16."""

    @staticmethod
    def product(*, weights, x):
        exponents, nibbles = parts(weights)
        w = (TABLE[in_order(nibbles)] * scales(exponents)[..., None]).astype(F)
        dots = np.sum(w * x.astype(F).reshape(-1, 32), -1, dtype=F)
        total = np.zeros(len(dots), BF16)
        for block in range(dots.shape[1]):
            total = (total.astype(F) + dots[:, block]).astype(BF16)
        return {"y": total}


RIGHT = (Decoded, ByBlocks, Float64)
WRONG = (HighNibblesFirst, Interleaved, BiasOf128, NextScale, NoSubnormal, Bf16Accumulator)
