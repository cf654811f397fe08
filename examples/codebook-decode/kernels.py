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


class SignedCodes:
    """A code is a signed number of four bits: from 8 on the codebook is read from its end, one place off."""

    @staticmethod
    def decode(*, codes, codebook, scale):
        low = (codes & 15).astype(np.int64)
        return {"out": codebook[np.where(low > 7, low - 17, low)] * scale[:, None]}


class NextScale:
    """Every group has the scale of the one behind it, the last that of the first."""

    @staticmethod
    def decode(*, codes, codebook, scale):
        return {"out": codebook[codes & 15] * np.roll(scale, -1)[:, None]}


class HalfCodebook:
    """The codebook is held in bfloat16."""

    @staticmethod
    def decode(*, codes, codebook, scale):
        held = (codebook.view(np.uint32) & np.uint32(0xFFFF0000)).view(F)
        return {"out": held[codes & 15] * scale[:, None]}


RIGHT = (Gathered, ScaledTable)
WRONG = (HighBits, SevenBits, LastScale, SignedCodes, NextScale, HalfCodebook)
