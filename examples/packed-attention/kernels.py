"""Causal attention over packed sequences."""

from itertools import pairwise

import numpy as np

F = np.float32


def softmax(x):
    with np.errstate(all="ignore"):  # rows of padding may be NaN
        e = np.exp(x - x.max(-1, keepdims=True))
        return e / e.sum(-1, keepdims=True, dtype=F)


def attention(q, k, v, seen):
    """[tokens, heads, d]; `seen` says which keys each query sees."""
    with np.errstate(all="ignore"):
        scores = np.einsum("qhd,khd->hqk", q, k) / np.sqrt(F(q.shape[-1]))
    return np.einsum("hqk,khd->qhd", softmax(np.where(seen, scores, F(-np.inf))), v)


def causal(queries, keys):
    return np.arange(keys) <= np.arange(queries)[:, None]


def one_by_one(q, k, v, bounds):
    out = np.zeros_like(v)
    for first, last in bounds:
        own = slice(first, last)
        if last > first:
            out[own] = attention(q[own], k[own], v[own], causal(last - first, last - first))
    return {"out": out}


class OneByOne:
    """Each sequence by itself."""

    @staticmethod
    def attend(*, q, k, v, cu_seqlens):
        return one_by_one(q, k, v, pairwise(cu_seqlens))


class TokenByToken:
    """For each token the keys from the beginning of its sequence on, the last one first, with running sums."""

    @staticmethod
    def attend(*, q, k, v, cu_seqlens):
        out = np.zeros_like(v)
        for first, last in pairwise(cu_seqlens):
            for token in range(first, last):
                highest = np.full(q.shape[1], -np.inf, F)
                total, mean = np.zeros(q.shape[1], F), np.zeros(v.shape[1:], F)
                for key in range(token, first - 1, -1):
                    score = (q[token] * k[key]).sum(-1, dtype=F) * (F(1) / np.sqrt(F(q.shape[-1])))
                    grown = np.maximum(highest, score)
                    again, e = np.exp(highest - grown), np.exp(score - grown)
                    total, mean = total * again + e, mean * again[:, None] + e[:, None] * v[key]
                    highest = grown
                out[token] = mean / total[:, None]
        return {"out": out}


class OneSequence:
    """Offsets are ignored: all is one sequence (maxtext 4476, NeMo RL 2105)."""

    @staticmethod
    def attend(*, q, k, v, cu_seqlens):
        return one_by_one(q, k, v, [(0, cu_seqlens[-1])])


class OneSplitPoint:
    """Only the end of the first sequence is looked at: the others are one (HunyuanVideo 310)."""

    @staticmethod
    def attend(*, q, k, v, cu_seqlens):
        return one_by_one(q, k, v, [(0, cu_seqlens[1]), (cu_seqlens[1], cu_seqlens[-1])])


class PaddedOffsets:
    """Offsets of sequences that are all as long as the longest (mistral.rs 1746)."""

    @staticmethod
    def attend(*, q, k, v, cu_seqlens):
        starts = np.minimum(np.diff(cu_seqlens).max() * np.arange(len(cu_seqlens)), len(q))
        return one_by_one(q, k, v, pairwise(starts))


class MaskOfPositions:
    """Causal by the position in the own sequence, across all of them: each sees the beginnings of the others."""

    @staticmethod
    def attend(*, q, k, v, cu_seqlens):
        used = cu_seqlens[-1]
        sequence = np.searchsorted(cu_seqlens, np.arange(used), "right") - 1
        position = np.arange(used) - cu_seqlens[sequence]
        out = np.zeros_like(v)
        if used:
            out[:used] = attention(q[:used], k[:used], v[:used], position <= position[:, None])
        return {"out": out}


class ShortByOne:
    """The last key of each sequence is left out, where it has others."""

    @staticmethod
    def attend(*, q, k, v, cu_seqlens):
        out = np.zeros_like(v)
        for first, last in pairwise(cu_seqlens):
            if last > first:
                keys = slice(first, max(last - 1, first + 1))
                seen = causal(last - first, keys.stop - first)
                out[first:last] = attention(q[first:last], k[keys], v[keys], seen)
        return {"out": out}


class NotCausal:
    """Every token sees all of its sequence."""

    @staticmethod
    def attend(*, q, k, v, cu_seqlens):
        out = np.zeros_like(v)
        for first, last in pairwise(cu_seqlens):
            if last > first:
                own = slice(first, last)
                out[own] = attention(q[own], k[own], v[own], np.True_)
        return {"out": out}


RIGHT = (OneByOne, TokenByToken)
WRONG = (OneSequence, OneSplitPoint, PaddedOffsets, MaskOfPositions, ShortByOne, NotCausal)
