"""A product of float8 matrices: activations scaled by blocks of 128, weights by tiles of 128 times 128."""

import ml_dtypes
import numpy as np

BF16 = ml_dtypes.bfloat16
F = np.float32


def scaled(x, x_scale, w, w_scale):
    """Both matrices in float32."""
    each = np.repeat(x_scale, 128, 1)
    return x.astype(F) * each, w.astype(F) * np.repeat(np.repeat(w_scale, 128, 0), 128, 1)


def dots(x, w):
    """The unscaled sums of every block: [blocks, tokens, rows]."""
    cut = range(0, x.shape[1], 128)
    return np.stack([x[:, k : k + 128].astype(F) @ w[:, k : k + 128].astype(F).T for k in cut])


def factors(x_scale, w_scale):
    """The product of both scales, for every block: [blocks, tokens, rows]."""
    return x_scale.T[:, :, None] * np.repeat(w_scale, 128, 0).T[:, None, :]


class Dequantised:
    """Both matrices in float32, then one product."""

    @staticmethod
    def product(*, x, x_scale, w, w_scale):
        left, right = scaled(x, x_scale, w, w_scale)
        return {"y": (left @ right.T).astype(BF16)}


class ByBlocks:
    """Sums of blocks without scales, each scaled and added in float32."""

    @staticmethod
    def product(*, x, x_scale, w, w_scale):
        terms = dots(x, w) * factors(x_scale, w_scale)
        total = np.zeros(terms.shape[1:], F)
        for term in terms:
            total = total + term
        return {"y": total.astype(BF16)}


class InTwoSteps:
    """The sums of a block times one scale, then the other; from the last block to the first."""

    @staticmethod
    def product(*, x, x_scale, w, w_scale):
        terms = dots(x, w) * x_scale.T[:, :, None] * np.repeat(w_scale, 128, 0).T[:, None, :]
        total = np.zeros(terms.shape[1:], F)
        for term in terms[::-1]:
            total = total + term
        return {"y": total.astype(BF16)}


class Float64:
    """In float64, by way of float32."""

    @staticmethod
    def product(*, x, x_scale, w, w_scale):
        left, right = scaled(x.astype(np.float64), x_scale.astype(np.float64), w.astype(np.float64), w_scale)
        return {"y": (left @ right.T).astype(F).astype(BF16)}


class NextScale:
    """The scale of the activations is that of the block after."""

    @staticmethod
    def product(*, x, x_scale, w, w_scale):
        return ByBlocks.product(x=x, x_scale=np.roll(x_scale, -1, 1), w=w, w_scale=w_scale)


class OneScaleForAllRows:
    """The scales of the first tile of rows are used for every tile."""

    @staticmethod
    def product(*, x, x_scale, w, w_scale):
        return ByBlocks.product(x=x, x_scale=x_scale, w=w, w_scale=np.broadcast_to(w_scale[:1], w_scale.shape))


class Divides:
    """The scale of the weights is taken for its reciprocal, as its name in files suggests."""

    @staticmethod
    def product(*, x, x_scale, w, w_scale):
        with np.errstate(all="ignore"):
            return ByBlocks.product(x=x, x_scale=x_scale, w=w, w_scale=F(1) / w_scale)


class ReadAsFnuz:
    """The bits of the weights are read in the format of other hardware, whose bias is one more."""

    @staticmethod
    def product(*, x, x_scale, w, w_scale):
        other = w.view(ml_dtypes.float8_e4m3fnuz)
        return ByBlocks.product(x=x, x_scale=x_scale, w=other, w_scale=w_scale)


class Bf16BetweenBlocks:
    """The sum is kept in bfloat16 between blocks."""

    @staticmethod
    def product(*, x, x_scale, w, w_scale):
        terms = dots(x, w) * factors(x_scale, w_scale)
        total = np.zeros(terms.shape[1:], BF16)
        for term in terms:
            total = (total.astype(F) + term).astype(BF16)
        return {"y": total}


class FourteenBits:
    """Sums are cut to 14 bits after every 32 products, as some hardware adds float8, and never promoted."""

    @staticmethod
    def product(*, x, x_scale, w, w_scale):
        left, right = scaled(x, x_scale, w, w_scale)
        total = np.zeros((len(left), len(right)), F)
        for k in range(0, left.shape[1], 32):
            total = total + left[:, k : k + 32] @ right[:, k : k + 32].T
            total = (total.view(np.uint32) & np.uint32(0xFFFFFC00)).view(F)
        return {"y": total.astype(BF16)}


class Saturates:
    """The activations times their scale are stored as float8 again: beyond 448 they end at 448."""

    @staticmethod
    def product(*, x, x_scale, w, w_scale):
        left, right = scaled(x, x_scale, w, w_scale)
        stored = np.clip(left, -448, 448).astype(x.dtype).astype(F)
        return {"y": (stored @ right.T).astype(BF16)}


RIGHT = (Dequantised, ByBlocks, InTwoSteps, Float64)
WRONG = (NextScale, OneScaleForAllRows, Divides, ReadAsFnuz, Bf16BetweenBlocks, FourteenBits, Saturates)
