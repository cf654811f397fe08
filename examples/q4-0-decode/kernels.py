"""Decoding Q4_0: a float16 scale and 32 nibbles, low ones first."""

import numpy as np

F = np.float32


def parts(tensor):
    _, shape, data = tensor
    blocks = np.frombuffer(data, np.uint8).reshape(-1, 18)
    return shape, blocks[:, :2].copy().view(np.float16).astype(F), blocks[:, 2:]


class Vector:
    """Both halves of all blocks at once."""

    @staticmethod
    def decode(*, tensor):
        shape, scale, nibbles = parts(tensor)
        q = np.concatenate([nibbles & 15, nibbles >> 4], 1).astype(np.int32) - 8
        return {"weights": (q * scale).astype(F).reshape(shape)}


class Loop:
    """Nibble by nibble, through a table of the sixteen weights of a block."""

    @staticmethod
    def decode(*, tensor):
        shape, scale, nibbles = parts(tensor)
        out = np.empty((len(scale), 32), F)
        for block in range(len(scale)):
            table = scale[block] * np.arange(-8, 8, dtype=F)
            out[block, :16] = table[nibbles[block] & 15]
            out[block, 16:] = table[nibbles[block] >> 4]
        return {"weights": out.reshape(shape)}


class Interleaved:
    """Low and high nibbles in turn."""

    @staticmethod
    def decode(*, tensor):
        shape, scale, nibbles = parts(tensor)
        q = np.stack([nibbles & 15, nibbles >> 4], 2).reshape(-1, 32).astype(np.int32) - 8
        return {"weights": (q * scale).astype(F).reshape(shape)}


class OffsetSeven:
    """Seven is taken away instead of eight."""

    @staticmethod
    def decode(*, tensor):
        shape, scale, nibbles = parts(tensor)
        q = np.concatenate([nibbles & 15, nibbles >> 4], 1).astype(np.int32) - 7
        return {"weights": (q * scale).astype(F).reshape(shape)}


class ScaleOfFirstBlock:
    """Every block has the scale of the first."""

    @staticmethod
    def decode(*, tensor):
        shape, scale, nibbles = parts(tensor)
        q = np.concatenate([nibbles & 15, nibbles >> 4], 1).astype(np.int32) - 8
        return {"weights": (q * scale[:1]).astype(F).reshape(shape)}


RIGHT = (Vector, Loop)
WRONG = (Interleaved, OffsetSeven, ScaleOfFirstBlock)
