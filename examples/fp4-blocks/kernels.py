"""Numbers of four bits (a sign, two bits of exponent, one of mantissa) with a scale of eight bits to 16 or 32."""

import numpy as np

F = np.float32
NAN_IS_NO_WARNING = np.errstate(all="ignore")  # some scales are drawn to be NaN
SIZES = {"mxfp4": 17, "nvfp4": 36}
E2M1 = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -0.5, -1, -1.5, -2, -3, -4, -6], F)


class Vector:
    """All blocks of a tensor at once, from a table of the sixteen numbers."""

    table = E2M1

    def halves(self, packed):
        return np.concatenate([packed & 15, packed >> 4], -1)

    def power(self, e):
        """2**(e - 127), as ggml and OCP have it."""
        return np.ldexp(F(1), e.astype(np.int32) - 127)

    def e4m3(self, code):
        exponent, mantissa = code.astype(np.int32) >> 3 & 15, (code & 7).astype(F)
        value = np.where(exponent == 0, np.ldexp(mantissa, -9), np.ldexp(mantissa + 8, exponent - 10)).astype(F)
        return np.where(code & 127 == 127, F(np.nan), value)

    def mxfp4(self, b):
        return self.power(b[:, :1]) * self.table[self.halves(b[:, 1:])]

    def nvfp4(self, b):
        return self.e4m3(b[:, :4])[..., None] * self.table[self.halves(b[:, 4:].reshape(-1, 4, 8))]

    def rows(self, tensor):
        dtype, (rows, columns), data = tensor
        blocks = np.frombuffer(data, np.uint8).reshape(-1, SIZES[dtype])
        return getattr(self, dtype)(blocks).astype(F).reshape(rows, -1)[:, :columns]

    @NAN_IS_NO_WARNING
    def decode(self, *, tensor):
        return {"weights": self.rows(tensor).copy()}

    @NAN_IS_NO_WARNING
    def row_products(self, *, tensor, x):
        return {"products": self.rows(tensor) @ x}


class Doubled(Vector):
    """As ggml: twice the numbers, which are integers, and half the scale, by its bits."""

    table = (2 * E2M1).astype(np.int8).astype(F)

    def power(self, e):
        e = e.astype(np.uint32)
        small = np.uint32(0x00200000) << np.minimum(e, 1)
        return np.where(e < 2, small, (e - 1) << np.uint32(23)).astype(np.uint32).view(F)

    def e4m3(self, code):
        return super().e4m3(code) * F(0.5)


class BiasOffByOne(Vector):
    """The bias of the scale is 126."""

    def power(self, e):
        return super().power(e) * 2


class SubnormalPowerIsZero(Doubled):
    """Half of the two least powers of two is taken for zero: their bits have no exponent."""

    def power(self, e):
        return np.where(e < 2, F(0), super().power(e))


class SmallestPowerByBits(Vector):
    """The scale is its code put where float32 has the exponent: code 0 becomes zero."""

    def power(self, e):
        return (e.astype(np.uint32) << np.uint32(23)).view(F)


class NibblesInTurn(Vector):
    """The low and the high nibble of a byte are neighbours."""

    def halves(self, packed):
        return np.stack([packed & 15, packed >> 4], -1).reshape(*packed.shape[:-1], -1)


class NibblesExchanged(Vector):
    """The high nibbles come first."""

    def halves(self, packed):
        return np.concatenate([packed >> 4, packed & 15], -1)


class HalfIsMissing(Vector):
    """The subnormal number of the table is zero."""

    table = np.where(abs(E2M1) == 0.5, F(0), E2M1)


class Integers(Vector):
    """Codes are taken for integers with a sign bit."""

    table = np.array([*range(8), *range(0, -8, -1)], F)


class ScaleOfTheFirst(Vector):
    """All sub-blocks of NVFP4 have the first scale."""

    def nvfp4(self, b):
        return super().nvfp4(np.concatenate([b[:, :1].repeat(4, 1), b[:, 4:]], 1))


class PlainBlocks(Vector):
    """The nibbles of NVFP4 are halved over all of the block, not over each sub-block."""

    def nvfp4(self, b):
        return self.e4m3(b[:, :4]).repeat(16, 1) * self.table[self.halves(b[:, 4:])]


class ScaleOfFiveBits(Vector):
    """The scale of NVFP4 is read with five bits of exponent and two of mantissa."""

    def e4m3(self, code):
        return np.left_shift(code.astype(np.uint16) & 127, 8).astype(np.uint16).view(np.float16).astype(F)


class ScaleWithoutSubnormals(Vector):
    """Subnormal scales of NVFP4 are taken for zero."""

    def e4m3(self, code):
        return np.where(code & 127 < 8, F(0), super().e4m3(code))


class NanForAll(Vector):
    """A tensor with one weight that is NaN is nothing but NaN."""

    def rows(self, tensor):
        weights = super().rows(tensor)
        return weights if np.isfinite(weights).all() else np.full_like(weights, np.nan)


RIGHT = (Vector, Doubled)
WRONG = (
    BiasOffByOne, SubnormalPowerIsZero, SmallestPowerByBits, NibblesInTurn, NibblesExchanged, HalfIsMissing, Integers,
    ScaleOfTheFirst, PlainBlocks, ScaleOfFiveBits, ScaleWithoutSubnormals, NanForAll,
)  # fmt: skip
