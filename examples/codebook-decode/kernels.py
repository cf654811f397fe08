"""Decoding through a codebook."""

import numpy as np

F = np.float32


class Gathered:
    """An index array."""

    @staticmethod
    def decode(*, codes, codebook, scale):
        return {"out": codebook[codes & 15] * scale[:, None]}


class ScaledTable:
    """The codebook is scaled once for each group."""

    @staticmethod
    def decode(*, codes, codebook, scale):
        return {"out": np.stack([(codebook * one)[row & 15] for row, one in zip(codes, scale, strict=True)])}


class HighBits:
    """The upper four bits are taken."""

    @staticmethod
    def decode(*, codes, codebook, scale):
        return {"out": codebook[codes >> 4] * scale[:, None]}


class SevenBits:
    """Codes from 8 on are taken for negative ones."""

    @staticmethod
    def decode(*, codes, codebook, scale):
        return {"out": codebook[np.minimum(codes & 15, 7)] * scale[:, None]}


class LastScale:
    """The last group's scale for all."""

    @staticmethod
    def decode(*, codes, codebook, scale):
        return {"out": codebook[codes & 15] * scale[-1]}


RIGHT = (Gathered, ScaledTable)
WRONG = (HighBits, SevenBits, LastScale)
