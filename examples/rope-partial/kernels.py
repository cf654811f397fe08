"""Rotary position embedding in halves of the first entries of a head."""

import numpy as np

F = np.float32


def turned(x, cosine, sine):
    """The first 2 half entries in halves; the rest as it is."""
    half = cosine.shape[1]
    a, b, rest = x[:, :half], x[:, half : 2 * half], x[:, 2 * half :]
    return {"out": np.concatenate([a * cosine - b * sine, b * cosine + a * sine, rest], 1)}


def of_angle(x, angle):
    return turned(x, np.cos(angle), np.sin(angle))


def angles(positions, inv_freq):
    return positions[:, None].astype(F) * inv_freq


def bf16(x):
    """Rounded to bfloat16, halves up."""
    bits = np.ascontiguousarray(x, F).view(np.uint32)
    return ((bits + np.uint32(0x8000)) & np.uint32(0xFFFF0000)).view(F)


class Single:
    """Angles in float32."""

    @staticmethod
    def rotate(*, x, inv_freq, positions):
        return of_angle(x, angles(positions, inv_freq))


class Double:
    """Angles, cosines and sines in float64, rounded before they are used."""

    @staticmethod
    def rotate(*, x, inv_freq, positions):
        angle = positions[:, None] * inv_freq.astype(np.float64)
        return turned(x, np.cos(angle).astype(F), np.sin(angle).astype(F))


class Cached:
    """Tables of all positions, and x times cosines plus the turned x times sines, as most libraries write it."""

    @staticmethod
    def rotate(*, x, inv_freq, positions):
        half = len(inv_freq)
        table = np.arange(positions.max() + 1, dtype=F)[:, None] * np.concatenate([inv_freq, inv_freq])
        cosine, sine = np.cos(table[positions]), np.sin(table[positions])
        part, rest = x[:, : 2 * half], x[:, 2 * half :]
        swapped = np.concatenate([-part[:, half:], part[:, :half]], 1)
        return {"out": np.concatenate([part * cosine + swapped * sine, rest], 1)}


class OverTheHead:
    """pie 603: entry i is paired with entry i + head / 2, and not with i + rotary / 2."""

    @staticmethod
    def rotate(*, x, inv_freq, positions):
        half, middle = len(inv_freq), x.shape[1] // 2
        angle = angles(positions, inv_freq)
        cosine, sine, out = np.cos(angle), np.sin(angle), x.copy()
        a, b = x[:, :half], x[:, middle : middle + half]
        out[:, :half], out[:, middle : middle + half] = a * cosine - b * sine, b * cosine + a * sine
        return {"out": out}


class WholeHead:
    """vllm 43199: how wide the turned part is was not passed on, so all of the head is turned; frequencies repeat."""

    @staticmethod
    def rotate(*, x, inv_freq, positions):
        repeated = np.resize(inv_freq, x.shape[1] // 2)
        return of_angle(x, angles(positions, repeated))


class RestIsLost:
    """What is not turned is left as zeros."""

    @staticmethod
    def rotate(*, x, inv_freq, positions):
        out = of_angle(x, angles(positions, inv_freq))["out"]
        out[:, 2 * len(inv_freq) :] = 0
        return {"out": out}


class Exchanged:
    """vllm 57681: threads of the part that stays are missing in the exchange of pairs; some get another's value."""

    @staticmethod
    def rotate(*, x, inv_freq, positions):
        half = len(inv_freq)
        angle = angles(positions, inv_freq)
        cosine, sine, out = np.cos(angle), np.sin(angle), x.copy()
        out[:, :half] = x[:, :half] * cosine - x[:, half : 2 * half] * sine
        partner = x[:, half : 2 * half] if x.shape[1] > 2 * half else x[:, :half]
        out[:, half : 2 * half] = x[:, half : 2 * half] * cosine + partner * sine
        return {"out": out}


class NarrowFrequencies:
    """sglang-jax 1473: frequencies are cast to bfloat16 before the product with the position."""

    @staticmethod
    def rotate(*, x, inv_freq, positions):
        return of_angle(x, angles(positions, bf16(inv_freq)))


class NarrowAngles:
    """Angles are rounded to bfloat16."""

    @staticmethod
    def rotate(*, x, inv_freq, positions):
        return of_angle(x, bf16(angles(positions, inv_freq)))


class NarrowTable:
    """modded-nanogpt 39: cosines and sines are kept in bfloat16."""

    @staticmethod
    def rotate(*, x, inv_freq, positions):
        angle = angles(positions, inv_freq)
        return turned(x, bf16(np.cos(angle)), bf16(np.sin(angle)))


class FastIntrinsics:
    """imp 1316: fast sine and cosine count turns in float32, x / (2 pi); off by 1e-2 at position 131,071."""

    @staticmethod
    def rotate(*, x, inv_freq, positions):
        turns = angles(positions, inv_freq) * F(1 / (2 * np.pi))
        return of_angle(x, (turns - np.rint(turns)) * F(2 * np.pi))


class Doubled:
    """Far positions are reached by doubling a rotation in float32, and each doubling doubles the error."""

    @staticmethod
    def rotate(*, x, inv_freq, positions):
        cosine, sine = np.ones((2, len(positions), len(inv_freq)), F) * F([1, 0])[:, None, None]
        c, s = np.cos(inv_freq), np.sin(inv_freq)
        for bit in range(17):
            taken = (positions >> bit & 1)[:, None] == 1
            stepped = cosine * c - sine * s, sine * c + cosine * s
            cosine, sine = np.where(taken, stepped[0], cosine), np.where(taken, stepped[1], sine)
            c, s = c * c - s * s, F(2) * s * c
        return turned(x, cosine, sine)


RIGHT = (Single, Double, Cached)
WRONG = (
    OverTheHead, WholeHead, RestIsLost, Exchanged, NarrowFrequencies, NarrowAngles, NarrowTable, FastIntrinsics,
    Doubled,
)  # fmt: skip
