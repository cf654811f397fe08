"""ggml's blocks of 256 weights: sub-blocks with small integers as scales, and codes of two to eight bits."""

import numpy as np

F = np.float32
NAN_IS_NO_WARNING = np.errstate(all="ignore")  # some scales are drawn to be NaN
IQ4 = np.array([-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113], F)
SIZES = {"q2_k": 84, "q3_k": 110, "q4_k": 144, "q5_k": 176, "q6_k": 210, "q8_k": 292, "iq4_xs": 136}


def half(blocks, at):
    """The float16 at a byte of each block."""
    return blocks[:, at : at + 2].copy().view(np.float16).astype(F)


def each(values, width):
    """The value of every weight of a sub-block."""
    return np.repeat(values, width, axis=1).astype(F)


def planes(packed, groups, bits, count):
    """`count` rows of 32 weights from every 32 bytes, the row of the lowest bits first."""
    parts = packed.reshape(len(packed), groups, 32)
    rows = [parts >> bits * row & (1 << bits) - 1 for row in range(count)]
    return np.stack(rows, 2).reshape(len(packed), -1).astype(np.int32)


class Vector:
    """All blocks of a tensor at once; products with the decoded row."""

    def six_bits(self, s):
        """The scales and the minima of Q4_K and Q5_K."""
        scales = np.concatenate([s[:, 0:4] & 63, s[:, 8:12] & 15 | s[:, 0:4] >> 6 << 4], 1)
        minima = np.concatenate([s[:, 4:8] & 63, s[:, 8:12] >> 4 | s[:, 4:8] >> 6 << 4], 1)
        return scales, minima

    def q2_k(self, b):
        scales, minima = each(b[:, :16] & 15, 16), each(b[:, :16] >> 4, 16)
        return half(b, 80) * scales * planes(b[:, 16:80], 2, 2, 4) - half(b, 82) * minima

    def third(self, hmask):
        """4 where the third bit is not set."""
        return 4 * (1 - planes(hmask, 1, 1, 8))

    def scales3(self, s):
        low = np.concatenate([s[:, :8] & 15, s[:, :8] >> 4], 1).astype(np.int32)
        upper = np.concatenate([s[:, 8:] >> 2 * row & 3 for row in range(4)], 1)
        return (low | upper.astype(np.int32) << 4) - 32

    def q3_k(self, b):
        codes = planes(b[:, 32:96], 2, 2, 4) - self.third(b[:, :32])
        return half(b, 108) * each(self.scales3(b[:, 96:108]), 16) * codes

    def q4_k(self, b):
        scales, minima = self.six_bits(b[:, 4:16])
        return half(b, 0) * each(scales, 32) * planes(b[:, 16:], 4, 4, 2) - half(b, 2) * each(minima, 32)

    def q5_k(self, b):
        scales, minima = self.six_bits(b[:, 4:16])
        codes = planes(b[:, 48:], 4, 4, 2) + 16 * planes(b[:, 16:48], 1, 1, 8)
        return half(b, 0) * each(scales, 32) * codes - half(b, 2) * each(minima, 32)

    def q6_k(self, b):
        low = b[:, :128].reshape(len(b), 2, 64).astype(np.int32)
        nibbles = np.stack([low & 15, low >> 4], 2).reshape(len(b), 256)
        codes = (nibbles | planes(b[:, 128:192], 2, 2, 4) << 4) - 32
        return half(b, 208) * each(b[:, 192:208].view(np.int8), 16) * codes

    def q8_k(self, b):
        return b[:, :4].copy().view(F) * b[:, 4:260].view(np.int8).astype(F)

    def scales_xs(self, b):
        low = np.stack([b[:, 4:8] & 15, b[:, 4:8] >> 4], 2).reshape(len(b), 8).astype(np.int32)
        upper = b[:, 2:4].copy().view(np.uint16).astype(np.int32) >> 2 * np.arange(8) & 3
        return (low | upper << 4) - 32

    def iq4_xs(self, b):
        parts = b[:, 8:].reshape(len(b), 8, 16)
        codes = np.concatenate([parts & 15, parts >> 4], 2).reshape(len(b), 256)
        return half(b, 0) * each(self.scales_xs(b), 32) * IQ4[codes]

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


class SubBlocks(Vector):
    """Products by sub-blocks: codes times activations first, scales afterwards, minima times sums of activations."""

    @NAN_IS_NO_WARNING
    def row_products(self, *, tensor, x):
        dtype, (rows, columns), data = tensor
        blocks = np.frombuffer(data, np.uint8).reshape(-1, SIZES[dtype])
        padded = np.tile(np.pad(x, (0, -columns % 256)), rows).reshape(len(blocks), 16, 16)
        none = np.zeros((len(blocks), 16), F)
        if dtype == "q2_k":
            d, minima = half(blocks, 80) * (blocks[:, :16] & 15), half(blocks, 82) * (blocks[:, :16] >> 4)
            codes = planes(blocks[:, 16:80], 2, 2, 4)
        elif dtype in ("q4_k", "q5_k"):
            scales, lows = (each(part, 2) for part in self.six_bits(blocks[:, 4:16]))
            d, minima = half(blocks, 0) * scales, half(blocks, 2) * lows
            codes = planes(blocks[:, -128:], 4, 4, 2)
            if dtype == "q5_k":
                codes = codes + 16 * planes(blocks[:, 16:48], 1, 1, 8)
        else:
            d, minima, codes = none + 1, none, self.rows((dtype, (rows, len(blocks) // rows * 256), data))
        codes = codes.reshape(padded.shape).astype(F)
        parts = d * (codes * padded).sum(-1, dtype=F) - minima * padded.sum(-1, dtype=F)
        return {"products": parts.reshape(rows, -1).sum(1, dtype=F)}


class NibblesBySubBlock(Vector):
    """The low and the high nibbles of 16 bytes, not of 32, are neighbours in Q4_K."""

    def q4_k(self, b):
        scales, minima = self.six_bits(b[:, 4:16])
        parts = b[:, 16:].reshape(len(b), 8, 16)
        codes = np.concatenate([parts & 15, parts >> 4], 2).reshape(len(b), 256)
        return half(b, 0) * each(scales, 32) * codes - half(b, 2) * each(minima, 32)


class UpperScaleBitsLost(Vector):
    """The last four scales of Q4_K and Q5_K without their two upper bits."""

    def six_bits(self, s):
        scales, minima = super().six_bits(s)
        return np.concatenate([scales[:, :4], scales[:, 4:] & 15], 1), minima


class ScalesAndMinimaExchanged(Vector):
    """The low nibbles of the last four bytes are taken for minima."""

    def six_bits(self, s):
        return super().six_bits(np.concatenate([s[:, :8], s[:, 8:] >> 4 | s[:, 8:] << 4], 1))


class MinimumNotSubtracted(Vector):
    """Q2_K without its minima."""

    def q2_k(self, b):
        return half(b, 80) * each(b[:, :16] & 15, 16) * planes(b[:, 16:80], 2, 2, 4)


class MinimumAdded(Vector):
    """The minima of Q2_K are added."""

    def q2_k(self, b):
        minima = half(b, 82) * each(b[:, :16] >> 4, 16)
        return half(b, 80) * each(b[:, :16] & 15, 16) * planes(b[:, 16:80], 2, 2, 4) + minima


class ThirdBitInverted(Vector):
    """4 is taken away where the third bit of Q3_K is set."""

    def third(self, hmask):
        return 4 - super().third(hmask)


class ScalesWithoutOffset(Vector):
    """The scales of Q3_K are read as six bits without sign."""

    def scales3(self, s):
        return super().scales3(s) + 32


class UpperBitsOfScalesInOrder(Vector):
    """Each byte of upper bits of Q3_K is taken for those of four neighbours."""

    def scales3(self, s):
        low = np.concatenate([s[:, :8] & 15, s[:, :8] >> 4], 1).astype(np.int32)
        upper = (s[:, 8:, None] >> 2 * np.arange(4, dtype=np.uint8) & 3).reshape(len(s), 16)
        return (low | upper.astype(np.int32) << 4) - 32


class FifthBitsOfBytes(Vector):
    """The fifth bits of Q5_K are read as in the blocks of 32: eight neighbours to a byte."""

    def q5_k(self, b):
        scales, minima = self.six_bits(b[:, 4:16])
        fifth = np.unpackbits(b[:, 16:48], axis=1, bitorder="little").astype(np.int32)
        codes = planes(b[:, 48:], 4, 4, 2) + 16 * fifth
        return half(b, 0) * each(scales, 32) * codes - half(b, 2) * each(minima, 32)


class ScalesWithoutSign(Vector):
    """The scales of Q6_K are read as bytes without sign."""

    def q6_k(self, b):
        signed = b[:, 192:208].view(np.int8).astype(F)
        wrong = np.where(signed < 0, (signed + 256) / np.where(signed == 0, F(1), signed), F(1))
        return super().q6_k(b) * each(wrong, 16)


class ScaleAtTheFront(Vector):
    """The scale of Q8_K is read as the float16 that other formats have in front."""

    def q8_k(self, b):
        return half(b, 0) * b[:, 4:260].view(np.int8).astype(F)


class CodebookOfTheNeighbour(Vector):
    """The nibbles of IQ4_XS are taken for those of Q4_0."""

    def iq4_xs(self, b):
        parts = b[:, 8:].reshape(len(b), 8, 16)
        codes = np.concatenate([parts & 15, parts >> 4], 2).reshape(len(b), 256).astype(F)
        return half(b, 0) * each(self.scales_xs(b), 32) * (codes - 8)


class UpperScaleBitsOfTheNeighbour(Vector):
    """A sub-block of IQ4_XS has the upper scale bits of the one before it."""

    def scales_xs(self, b):
        right = super().scales_xs(b) + 32
        return (right & 15 | np.roll(right & 48, 1, axis=1)) - 32


class RowsWithoutPadding(Vector):
    """Rows are taken to follow one another without padding."""

    def rows(self, tensor):
        dtype, (rows, columns), data = tensor
        blocks = np.frombuffer(data, np.uint8).reshape(-1, SIZES[dtype])
        return getattr(self, dtype)(blocks).astype(F).reshape(-1)[: rows * columns].reshape(rows, columns)


RIGHT = (Vector, SubBlocks)
WRONG = (
    NibblesBySubBlock, UpperScaleBitsLost, ScalesAndMinimaExchanged, MinimumNotSubtracted, MinimumAdded,
    ThirdBitInverted, ScalesWithoutOffset, UpperBitsOfScalesInOrder, FifthBitsOfBytes, ScalesWithoutSign,
    ScaleAtTheFront, CodebookOfTheNeighbour, UpperScaleBitsOfTheNeighbour, RowsWithoutPadding,
)  # fmt: skip
