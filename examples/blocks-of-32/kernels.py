"""ggml's blocks of 32 weights: a scale of 16 bits, sometimes a minimum, and codes of four, five or eight bits."""

import numpy as np

F = np.float32
NAN_IS_NO_WARNING = np.errstate(all="ignore")  # some scales are drawn to be NaN
IQ4 = np.array([-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113], F)
SIZES = {"q4_0": 18, "q4_1": 20, "q5_0": 22, "q5_1": 24, "q8_0": 34, "q8_1": 36, "iq4_nl": 18}


def half(blocks, at):
    """The float16 at a byte of each block."""
    return blocks[:, at : at + 2].copy().view(np.float16).astype(F)


class Vector:
    """All blocks of a tensor at once; products with the decoded row."""

    def nibbles(self, packed):
        return np.concatenate([packed & 15, packed >> 4], 1).astype(F)

    def fifth(self, packed):
        return np.unpackbits(packed, axis=1, bitorder="little").astype(F) * 16

    def q4_0(self, b):
        return half(b, 0) * (self.nibbles(b[:, 2:]) - 8)

    def q4_1(self, b):
        return half(b, 0) * self.nibbles(b[:, 4:]) + half(b, 2)

    def q5_0(self, b):
        return half(b, 0) * (self.nibbles(b[:, 6:]) + self.fifth(b[:, 2:6]) - 16)

    def q5_1(self, b):
        return half(b, 0) * (self.nibbles(b[:, 8:]) + self.fifth(b[:, 4:8])) + half(b, 2)

    def q8_0(self, b):
        return half(b, 0) * b[:, 2:].view(np.int8).astype(F)

    def q8_1(self, b):
        return half(b, 0) * b[:, 4:].view(np.int8).astype(F)

    def iq4_nl(self, b):
        return half(b, 0) * IQ4[self.nibbles(b[:, 2:]).astype(int)]

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


class Scalar(Vector):
    """Weight by weight, as ggml's reference does it; a product is summed block by block, the scale taken out."""

    def codes(self, dtype, block):
        """The integers of a block, with the scale and the minimum that they have."""
        d, second = half(block[None], 0)[0, 0], half(block[None], 2)[0, 0]
        if dtype in ("q8_0", "q8_1"):
            return d, F(0), [int(q) for q in block[-32:].view(np.int8)]
        low = [int(byte) & 15 for byte in block[-16:]] + [int(byte) >> 4 for byte in block[-16:]]
        if dtype in ("q5_0", "q5_1"):
            word = int.from_bytes(block[-20:-16].tobytes(), "little")
            low = [q | (word >> j & 1) << 4 for j, q in enumerate(low)]
        if dtype == "iq4_nl":
            return d, F(0), [int(IQ4[q]) for q in low]
        offset = {"q4_0": 8, "q5_0": 16}.get(dtype, 0)
        return d, F(0) if offset else second, [q - offset for q in low]

    def blocks(self, tensor):
        dtype, (rows, _), data = tensor
        raw = np.frombuffer(data, np.uint8).reshape(rows, -1, SIZES[dtype])
        return [[self.codes(dtype, block) for block in row] for row in raw]

    @NAN_IS_NO_WARNING
    def decode(self, *, tensor):
        rows = [[d * F(q) + m for d, m, codes in row for q in codes] for row in self.blocks(tensor)]
        return {"weights": np.array(rows, F)[:, : tensor[1][1]].copy()}

    @NAN_IS_NO_WARNING
    def row_products(self, *, tensor, x):
        products = np.zeros(tensor[1][0], F)
        padded = np.pad(x, (0, -len(x) % 32)).reshape(-1, 32)
        for row, blocks in enumerate(self.blocks(tensor)):
            for (d, m, codes), part in zip(blocks, padded, strict=True):
                products[row] += d * np.dot(np.array(codes, F), part) + m * part.sum(dtype=F)
        return {"products": products}


class NibblesInTurn(Vector):
    """The low and the high nibble of a byte are neighbours."""

    def nibbles(self, packed):
        return np.stack([packed & 15, packed >> 4], 2).reshape(len(packed), 32).astype(F)


class HighHalfFirst(Vector):
    """The high nibbles are the first sixteen weights."""

    def nibbles(self, packed):
        return np.concatenate([packed >> 4, packed & 15], 1).astype(F)


class FifthBitsBigEndian(Vector):
    """The word of fifth bits is read with its bytes in the other order."""

    def fifth(self, packed):
        return super().fifth(packed[:, ::-1])


class FifthBitsHighestFirst(Vector):
    """The highest bit of a byte is that of its first weight."""

    def fifth(self, packed):
        return np.unpackbits(packed, axis=1).astype(F) * 16


class MinimumLeftOut(Vector):
    """Q5_1 without its minimum."""

    def q5_1(self, b):
        return half(b, 0) * (self.nibbles(b[:, 8:]) + self.fifth(b[:, 4:8]))


class MinimumTakenAway(Vector):
    """The minimum of Q4_1 is subtracted, as in the blocks of 256."""

    def q4_1(self, b):
        return half(b, 0) * self.nibbles(b[:, 4:]) - half(b, 2)


class NeighboursScale(Vector):
    """A block of Q8_0 has the scale of the block before it."""

    def q8_0(self, b):
        return np.roll(half(b, 0), 1, axis=0) * b[:, 2:].view(np.int8).astype(F)


class BytesWithoutSign(Vector):
    """The bytes of Q8_1 are read as numbers from 0 to 255."""

    def q8_1(self, b):
        return half(b, 0) * b[:, 4:].astype(F)


class EvenSteps(Vector):
    """The codes of IQ4_NL are taken for steps of one size."""

    def iq4_nl(self, b):
        return half(b, 0) * (self.nibbles(b[:, 2:]) - 8)


class OneEntryOfTheCodebook(Vector):
    """One entry of the codebook is off by one."""

    def iq4_nl(self, b):
        return half(b, 0) * np.where(IQ4 == -49, -48, IQ4).astype(F)[self.nibbles(b[:, 2:]).astype(int)]


class SubnormalScalesAreZero(Vector):
    """Subnormal float16 scales of Q4_0 are taken for zero."""

    def q4_0(self, b):
        return np.where(abs(half(b, 0)) < 2.0**-14, F(0), half(b, 0)) * (self.nibbles(b[:, 2:]) - 8)


class ProductsInHalf(Vector):
    """Weights of Q5_0 are computed in float16."""

    def q5_0(self, b):
        return super().q5_0(b).astype(np.float16)


RIGHT = (Vector, Scalar)
WRONG = (
    NibblesInTurn, HighHalfFirst, FifthBitsBigEndian, FifthBitsHighestFirst, MinimumLeftOut, MinimumTakenAway,
    NeighboursScale, BytesWithoutSign, EvenSteps, OneEntryOfTheCodebook, SubnormalScalesAreZero, ProductsInHalf,
)  # fmt: skip
