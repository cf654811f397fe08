"""Queries and keys are normalised head by head and turned, in place."""

import numpy as np

F = np.float32


def turn(x, angle):
    """x[tokens, heads, width] in halves of the first entries; what is behind them stays."""
    half = angle.shape[-1]
    low, high, rest = x[..., :half], x[..., half : 2 * half], x[..., 2 * half :]
    c, s = np.cos(angle)[:, None], np.sin(angle)[:, None]
    return np.concatenate([low * c - high * s, high * c + low * s, rest], -1)


class Plain:
    """All heads at once."""

    epsilon = F(1e-6)

    @classmethod
    def qk_norm_rope(cls, *, qkv, q_weight, k_weight, inv_freq, positions, q_heads, kv_heads):
        heads = qkv.reshape(len(qkv), -1, len(q_weight)).copy()
        q, k, v = np.split(heads, [q_heads, q_heads + kv_heads], axis=1)
        angle = positions[:, None].astype(F) * inv_freq
        q, k = cls.one(q, q_weight, angle), cls.one(k, cls.of_keys(q_weight, k_weight), cls.angle_of_keys(angle))
        qkv[...] = np.concatenate([q, k, cls.values(v, angle)], 1).reshape(qkv.shape)

    @classmethod
    def one(cls, x, weight, angle):
        return turn(cls.norm(x) * weight, angle)

    @classmethod
    def norm(cls, x):
        return x / np.sqrt(np.mean(x * x, -1, keepdims=True, dtype=F) + cls.epsilon)

    @staticmethod
    def of_keys(_q_weight, k_weight):
        return k_weight

    @staticmethod
    def angle_of_keys(angle):
        return angle

    @staticmethod
    def values(v, _angle):
        return v


class HeadByHead:
    """One head of one token after the other, in float64, rounded at the end."""

    @staticmethod
    def qk_norm_rope(*, qkv, q_weight, k_weight, inv_freq, positions, q_heads, kv_heads):
        width, half = len(q_weight), len(inv_freq)
        for row, position in zip(qkv, positions, strict=True):
            for head in range(q_heads + kv_heads):
                place = slice(head * width, (head + 1) * width)
                x = row[place].astype(np.float64)
                x *= (q_weight if head < q_heads else k_weight) / np.sqrt(x @ x / width + 1e-6)
                angle = np.float64(position) * inv_freq
                both = (x[:half] + 1j * x[half : 2 * half]) * np.exp(1j * angle)
                row[place] = np.concatenate([both.real, both.imag, x[2 * half :]])


class NormOfAllHeads(Plain):
    """vllm 16311: the norm is taken across the heads, not of each."""

    @classmethod
    def norm(cls, x):
        return x / np.sqrt(np.mean(x * x, (-2, -1), keepdims=True, dtype=F) + cls.epsilon)


class WholeHeadTurned(Plain):
    """vllm 51049: the pairing is that of a whole head, so that entry i meets entry i + width / 2."""

    @classmethod
    def one(cls, x, weight, angle):
        x = cls.norm(x) * weight
        half, middle = angle.shape[-1], x.shape[-1] // 2
        low, high, out = x[..., :half], x[..., middle : middle + half], x.copy()
        c, s = np.cos(angle)[:, None], np.sin(angle)[:, None]
        out[..., :half] = low * c - high * s
        out[..., middle : middle + half] = high * c + low * s
        return out


class AnotherEpsilon(Plain):
    """MinivLLM 82: the norm falls back to an epsilon of 1e-5."""

    epsilon = F(1e-5)


class NormAfterTheTurn(Plain):
    """The turn comes first; the weights then meet other entries."""

    @classmethod
    def one(cls, x, weight, angle):
        return cls.norm(turn(x, angle)) * weight


class WeightOfQueriesForKeys(Plain):
    """Keys are weighed by q_norm's weight."""

    @staticmethod
    def of_keys(q_weight, _k_weight):
        return q_weight


class KeysNotTurned(Plain):
    """Keys are normalised, and stay at position 0."""

    @staticmethod
    def angle_of_keys(angle):
        return np.zeros_like(angle)


class ValuesNormalised(Plain):
    """The loop over heads runs to the end: values are normalised as well."""

    @classmethod
    def values(cls, v, _angle):
        return cls.norm(v)


class NeighboursPaired(Plain):
    """Entries 2i and 2i + 1 are paired, not entries of the two halves."""

    @classmethod
    def one(cls, x, weight, angle):
        x, half = cls.norm(x) * weight, angle.shape[-1]
        apart = np.concatenate([x[..., 0 : 2 * half : 2], x[..., 1 : 2 * half : 2], x[..., 2 * half :]], -1)
        turned = turn(apart, angle)
        out = turned.copy()
        out[..., 0 : 2 * half : 2], out[..., 1 : 2 * half : 2] = turned[..., :half], turned[..., half : 2 * half]
        return out


RIGHT = (Plain, HeadByHead)
WRONG = (
    NormOfAllHeads,
    WholeHeadTurned,
    AnotherEpsilon,
    NormAfterTheTurn,
    WeightOfQueriesForKeys,
    KeysNotTurned,
    ValuesNormalised,
    NeighboursPaired,
)
