"""Causal attention with fewer heads of keys and values than of queries."""

import numpy as np

F = np.float32


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True, dtype=F)


def masked(scores, diagonal=1):
    return np.where(np.triu(np.ones(scores.shape[-2:], bool), diagonal), F(-np.inf), scores)


def by_heads(q, k, v, of_keys, of_values=None, diagonal=1):
    """Head by head, with the keys and values of the head that a function names."""
    of_values = of_values or of_keys
    scale = F(1) / np.sqrt(F(q.shape[-1]))
    heads = [softmax(masked(q[h] @ k[of_keys(h)].T * scale, diagonal)) @ v[of_values(h)] for h in range(len(q))]
    return {"out": np.stack(heads)}


class Repeated:
    """Keys and values are repeated for every head of the group."""

    @staticmethod
    def attend(*, q, k, v):
        group = len(q) // len(k)
        k, v = np.repeat(k, group, 0), np.repeat(v, group, 0)
        return {"out": softmax(masked(q @ k.transpose(0, 2, 1) / np.sqrt(F(q.shape[-1])))) @ v}


class Folded:
    """The heads of a group are rows of one product; blocks of 8 keys, divided at the end."""

    @staticmethod
    def attend(*, q, k, v):
        kv_heads, tokens, width = k.shape
        group = len(q) // kv_heads
        rows = q.reshape(kv_heads, group * tokens, width) * (F(1) / np.sqrt(F(width)))
        last = np.tile(np.arange(tokens), group)[:, None]
        highest = np.full((kv_heads, group * tokens, 1), -np.inf, F)
        total, out = np.zeros_like(highest), np.zeros((kv_heads, group * tokens, width), F)
        for start in range(0, tokens, 8):
            keys = np.arange(start, min(start + 8, tokens))
            scores = np.where(keys <= last, rows @ k[:, keys].transpose(0, 2, 1), F(-np.inf))
            grown = np.maximum(highest, scores.max(-1, keepdims=True))
            again, e = np.exp(highest - grown), np.exp(scores - grown)
            total = total * again + e.sum(-1, keepdims=True, dtype=F)
            out, highest = out * again + e @ v[:, keys], grown
        return {"out": (out / total).reshape(q.shape)}


class Tiled:
    """onnx 7274: the heads are tiled, so that head h reads the keys of head h % kv_heads."""

    @staticmethod
    def attend(*, q, k, v):
        return by_heads(q, k, v, lambda h: h % len(k))


class GroupForHeads:
    """HipKittens 22: the size of a group is taken for the number of groups."""

    @staticmethod
    def attend(*, q, k, v):
        group = len(q) // len(k)
        return by_heads(q, k, v, lambda h: h // len(k) % len(k) if group > 1 else h)


class ValuesTiled:
    """The keys are those of the group, the values those of head h % kv_heads."""

    @staticmethod
    def attend(*, q, k, v):
        group = len(q) // len(k)
        return by_heads(q, k, v, lambda h: h // group, lambda h: h % len(k))


class FirstHeadOnly:
    """Every head reads the keys and values of the first, as with one head for all."""

    @staticmethod
    def attend(*, q, k, v):
        return by_heads(q, k, v, lambda _: 0)


class LooksAhead:
    """Every token sees the one after it."""

    @staticmethod
    def attend(*, q, k, v):
        group = len(q) // len(k)
        return by_heads(q, k, v, lambda h: h // group, diagonal=2)


RIGHT = (Repeated, Folded)
WRONG = (Tiled, GroupForHeads, ValuesTiled, FirstHeadOnly, LooksAhead)
