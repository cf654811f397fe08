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


class SignedNibbles:
    """Nibbles are taken for numbers with a sign: from 8 on 16 less, and nothing is taken away from the others."""

    @staticmethod
    def decode(*, tensor):
        shape, scale, nibbles = parts(tensor)
        q = np.concatenate([nibbles & 15, nibbles >> 4], 1).astype(np.int32)
        return {"weights": (np.where(q > 7, q - 16, q) * scale).astype(F).reshape(shape)}


class ScaleInBfloat16:
    """The two bytes of the scale are read as bfloat16."""

    @staticmethod
    def decode(*, tensor):
        shape, _, nibbles = parts(tensor)
        bits = np.frombuffer(tensor[2], np.uint8).reshape(-1, 18)[:, :2].copy().view(np.uint16).astype(np.uint32)
        q = np.concatenate([nibbles & 15, nibbles >> 4], 1).astype(np.int32) - 8
        with np.errstate(all="ignore"):
            return {"weights": (q * (bits << 16).view(F)).astype(F).reshape(shape)}


class ThirdBlockMisread:
    """The third block of a row is read where the first lies (ktransformers 1971)."""

    @staticmethod
    def decode(*, tensor):
        weights = Vector.decode(tensor=tensor)["weights"]
        if weights.shape[1] > 64:
            weights[:, 64:96] = weights[:, :32]
        return {"weights": weights}


RIGHT = (Vector, Loop)
WRONG = (Interleaved, OffsetSeven, ScaleOfFirstBlock, SignedNibbles, ScaleInBfloat16, ThirdBlockMisread)
