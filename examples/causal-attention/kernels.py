"""One head of causal attention."""

import numpy as np

F = np.float32


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True, dtype=F)


def masked(scores, first=1):
    return np.where(np.triu(np.ones(scores.shape, bool), first), F(-np.inf), scores)


class Whole:
    """The whole matrix of scores."""

    @staticmethod
    def attend(*, q, k, v):
        return {"out": softmax(masked(q @ k.T / np.sqrt(F(q.shape[1])))) @ v}


class Blocks:
    """Blocks of 16 keys; what was summed is rescaled when the maximum grows, and divided at the end."""

    @staticmethod
    def attend(*, q, k, v):
        scores = masked(q @ k.T * (F(1) / np.sqrt(F(q.shape[1]))))
        highest = np.full((len(q), 1), -np.inf, F)
        total, out = np.zeros((len(q), 1), F), np.zeros(v.shape, F)
        for start in range(0, len(k), 16):
            part = scores[:, start : start + 16]
            grown = np.maximum(highest, part.max(-1, keepdims=True))
            again, e = np.exp(highest - grown), np.exp(part - grown)
            total = total * again + e.sum(-1, keepdims=True, dtype=F)
            out = out * again + e @ v[start : start + 16]
            highest = grown
        return {"out": out / total}


class LooksAhead:
    """Every token sees the one after it."""

    @staticmethod
    def attend(*, q, k, v):
        return {"out": softmax(masked(q @ k.T / np.sqrt(F(q.shape[1])), 2)) @ v}


class ScaleForgotten:
    """Scores are not divided by the root of the width."""

    @staticmethod
    def attend(*, q, k, v):
        return {"out": softmax(masked(q @ k.T)) @ v}


class MaskOfTheOtherSide:
    """Every token sees itself and those after it."""

    @staticmethod
    def attend(*, q, k, v):
        scores = q @ k.T / np.sqrt(F(q.shape[1]))
        return {"out": softmax(np.where(np.tril(np.ones(scores.shape, bool), -1), F(-np.inf), scores)) @ v}


class TailDropped:
    """Keys behind the last whole block of 16 are left out."""

    @staticmethod
    def attend(*, q, k, v):
        scores = masked(q @ k.T / np.sqrt(F(q.shape[1])))
        kept = len(k) // 16 * 16 or len(k)
        return {"out": softmax(scores[:, :kept]) @ v[:kept]}


class NotRescaled:
    """The sum is not rescaled when a later block has a larger score."""

    @staticmethod
    def attend(*, q, k, v):
        scores = masked(q @ k.T / np.sqrt(F(q.shape[1])))
        highest = np.full((len(q), 1), -np.inf, F)
        total, out = np.zeros((len(q), 1), F), np.zeros(v.shape, F)
        for start in range(0, len(k), 4):
            part = scores[:, start : start + 4]
            highest = np.maximum(highest, part.max(-1, keepdims=True))
            e = np.exp(part - highest)
            total = total + e.sum(-1, keepdims=True, dtype=F)
            out = out + e @ v[start : start + 4]
        return {"out": out / total}


RIGHT = (Whole, Blocks)
WRONG = (LooksAhead, ScaleForgotten, MaskOfTheOtherSide, TailDropped, NotRescaled)
