"""Causal attention of which the scores are capped at 50."""

import numpy as np

F = np.float32
CAP = F(50)


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True, dtype=F)


def scores_of(q, k):
    return q @ k.T / np.sqrt(F(q.shape[1]))


def capped(scores):
    return CAP * np.tanh(scores / CAP)


def masked(scores, filler=-np.inf):
    return np.where(np.triu(np.ones(scores.shape, bool), 1), F(filler), scores)


class Whole:
    """The whole matrix of scores."""

    @staticmethod
    def attend(*, q, k, v):
        return {"out": softmax(masked(capped(scores_of(q, k)))) @ v}


class ByExp:
    """tanh made of exp, row by row, only the keys that are seen."""

    @staticmethod
    def attend(*, q, k, v):
        scaled = q * (F(1) / np.sqrt(F(q.shape[1])) / CAP)
        out = np.zeros_like(v)
        for row in range(len(q)):
            t = k[: row + 1] @ scaled[row]
            e = np.exp(F(-2) * np.abs(t))
            out[row] = softmax(CAP * np.copysign((F(1) - e) / (F(1) + e), t)) @ v[: row + 1]
        return {"out": out}


class CapForgotten:
    """llama.cpp 8197: the scores are not capped."""

    @staticmethod
    def attend(*, q, k, v):
        return {"out": softmax(masked(scores_of(q, k))) @ v}


class MaskCapped:
    """The mask comes first, and is capped with the scores: what is excluded has a score of -50."""

    @staticmethod
    def attend(*, q, k, v):
        return {"out": softmax(capped(masked(scores_of(q, k)))) @ v}


class CappedBeforeTheScale:
    """The scores are capped as they come from the product, and scaled afterwards."""

    @staticmethod
    def attend(*, q, k, v):
        return {"out": softmax(masked(capped(q @ k.T) / np.sqrt(F(q.shape[1])))) @ v}


class Clipped:
    """Scores beyond the cap are cut off; those below it stay as they are."""

    @staticmethod
    def attend(*, q, k, v):
        return {"out": softmax(masked(np.clip(scores_of(q, k), -CAP, CAP))) @ v}


class NotMultiplied:
    """The scores are divided by the cap, and not multiplied by it again."""

    @staticmethod
    def attend(*, q, k, v):
        return {"out": softmax(masked(np.tanh(scores_of(q, k) / CAP))) @ v}


RIGHT = (Whole, ByExp)
WRONG = (CapForgotten, MaskCapped, CappedBeforeTheScale, Clipped, NotMultiplied)
