"""Rotary position embedding of neighbouring pairs, with frequencies made from base 10000."""

import numpy as np

F = np.float32


def frequencies(width, base=1e4):
    """base ** (-2 i / d), in float32 throughout."""
    return F(1) / F(base) ** (np.arange(0, width, 2, dtype=F) / F(width))


def turned(x, cosine, sine):
    """Pairs 2 i and 2 i + 1 turned."""
    even, odd = x[:, ::2], x[:, 1::2]
    return {"out": np.stack([even * cosine - odd * sine, odd * cosine + even * sine], -1).reshape(x.shape)}


def of_angle(x, angle):
    return turned(x, np.cos(angle), np.sin(angle))


def bf16(x):
    """Cut to bfloat16."""
    return (np.ascontiguousarray(x, F).view(np.uint32) & np.uint32(0xFFFF0000)).view(F)


class Power:
    """Frequencies by pow, angles in float32."""

    @staticmethod
    def rotate(*, x, positions):
        return of_angle(x, positions[:, None].astype(F) * frequencies(x.shape[1]))


class Exponential:
    """Frequencies by exp, as in equation 15 of many write-ups."""

    @staticmethod
    def rotate(*, x, positions):
        width = x.shape[1]
        theta = np.exp(np.arange(0, width, 2, dtype=F) * F(-np.log(1e4) / width))
        return of_angle(x, positions[:, None].astype(F) * theta)


class Complex:
    """Each pair is a complex number, and so is its turn, in double precision: the first Llama's way of writing it."""

    @staticmethod
    def rotate(*, x, positions):
        theta = 1e4 ** (-np.arange(0, x.shape[1], 2) / x.shape[1])
        turn = np.exp(1j * positions[:, None] * theta).astype(np.complex64)
        pairs = np.ascontiguousarray(x).view(np.complex64) * turn
        return {"out": pairs.view(F)}


class Halves:
    """The pairing of GPT-NeoX, entry i with entry d / 2 + i, for a model that pairs neighbours."""

    @staticmethod
    def rotate(*, x, positions):
        angle = positions[:, None].astype(F) * frequencies(x.shape[1])
        a, b = np.split(x, 2, axis=1)
        c, s = np.cos(angle), np.sin(angle)
        return {"out": np.concatenate([a * c - b * s, b * c + a * s], 1)}


class OtherWay:
    """The sine has the wrong sign: turned by minus the angle."""

    @staticmethod
    def rotate(*, x, positions):
        return of_angle(x, -(positions[:, None].astype(F) * frequencies(x.shape[1])))


class FromOne:
    """Positions are counted from one."""

    @staticmethod
    def rotate(*, x, positions):
        return of_angle(x, (positions[:, None].astype(F) + F(1)) * frequencies(x.shape[1]))


class WidthLessTwo:
    """The exponent is divided by d - 2, so that the last frequency is 1 / base."""

    @staticmethod
    def rotate(*, x, positions):
        width = x.shape[1]
        theta = F(1) / F(1e4) ** (np.arange(0, width, 2, dtype=F) / F(max(width - 2, 1)))
        return of_angle(x, positions[:, None].astype(F) * theta)


class OneOverWidth:
    """i / d for 2 i / d: the frequencies fall half as fast."""

    @staticmethod
    def rotate(*, x, positions):
        width = x.shape[1]
        theta = F(1) / F(1e4) ** (np.arange(width // 2, dtype=F) / F(width))
        return of_angle(x, positions[:, None].astype(F) * theta)


class NarrowPositions:
    """candle 3520: positions are cast to bfloat16 before the product, which has no odd numbers above 256."""

    @staticmethod
    def rotate(*, x, positions):
        return of_angle(x, bf16(positions[:, None]) * frequencies(x.shape[1]))


class HalfPositions:
    """gpt-neox 1003: positions and angles are float16 throughout."""

    @staticmethod
    def rotate(*, x, positions):
        with np.errstate(over="ignore"):
            angle = positions[:, None].astype(np.float16) * frequencies(x.shape[1]).astype(np.float16)
        with np.errstate(invalid="ignore"):
            return of_angle(x, angle.astype(F))


class ShortPositions:
    """Positions are kept in 16 bits with a sign: wrong from 32,768 on."""

    @staticmethod
    def rotate(*, x, positions):
        return of_angle(x, positions.astype(np.int16)[:, None].astype(F) * frequencies(x.shape[1]))


RIGHT = (Power, Exponential, Complex)
WRONG = (Halves, OtherWay, FromOne, WidthLessTwo, OneOverWidth, NarrowPositions, HalfPositions, ShortPositions)
