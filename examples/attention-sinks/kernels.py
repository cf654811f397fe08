"""Causal attention with a sink for each head."""

import numpy as np

F = np.float32


def scores_of(q, k):
    scores = q @ k.transpose(0, 2, 1) / np.sqrt(F(q.shape[-1]))
    return np.where(np.triu(np.ones(scores.shape[-2:], bool), 1), F(-np.inf), scores)


def weighed(scores, v, sinks, times=1):
    """The sink is in the maximum and in the sum."""
    sinks = sinks[:, None, None]
    highest = np.maximum(scores.max(-1, keepdims=True), sinks)
    e = np.exp(scores - highest)
    total = e.sum(-1, keepdims=True, dtype=F) + F(times) * np.exp(sinks - highest)
    return {"out": e / total @ v}


class InTheSum:
    """The sink joins the maximum and the sum."""

    @staticmethod
    def attend(*, q, k, v, sinks):
        return weighed(scores_of(q, k), v, sinks)


class OneMoreKey:
    """The sink is a key whose value is zero, as eager implementations have it."""

    @staticmethod
    def attend(*, q, k, v, sinks):
        scores = scores_of(q, k)
        column = np.broadcast_to(sinks[:, None, None], (*scores.shape[:2], 1))
        scores = np.concatenate([scores, column], -1)
        e = np.exp(scores - scores.max(-1, keepdims=True))
        p = e / e.sum(-1, keepdims=True, dtype=F)
        return {"out": p[..., :-1] @ v}


class Blocks:
    """Blocks of 8 keys begin with the sink as their maximum, and a sum of one."""

    @staticmethod
    def attend(*, q, k, v, sinks):
        scores = scores_of(q, k)
        highest = np.broadcast_to(sinks[:, None, None], (*scores.shape[:2], 1)).astype(F)
        total, out = np.ones_like(highest), np.zeros(v.shape, F)
        for start in range(0, scores.shape[-1], 8):
            part = scores[..., start : start + 8]
            grown = np.maximum(highest, part.max(-1, keepdims=True))
            again, e = np.exp(highest - grown), np.exp(part - grown)
            total = total * again + e.sum(-1, keepdims=True, dtype=F)
            out, highest = out * again + e @ v[:, start : start + 8], grown
        return {"out": out / total}


class SinkForgotten:
    """rocm-libraries 12227: the sink does not reach the denominator."""

    @staticmethod
    def attend(*, q, k, v, sinks):
        return weighed(scores_of(q, k), v, sinks, times=0)


class SinkTwice:
    """rocm-libraries 12227: each of two splits of the keys counts the sink."""

    @staticmethod
    def attend(*, q, k, v, sinks):
        return weighed(scores_of(q, k), v, sinks, times=1 if len(q[0]) < 8 else 2)


class SinkScaled:
    """rocm-libraries 12229: the sink is scaled like a score, though it is a logit already."""

    @staticmethod
    def attend(*, q, k, v, sinks):
        return weighed(scores_of(q, k), v, sinks / np.sqrt(F(q.shape[-1])))


class SinkIsAKey:
    """The weight of the sink goes to the value of the first token."""

    @staticmethod
    def attend(*, q, k, v, sinks):
        scores = scores_of(q, k)
        column = np.broadcast_to(sinks[:, None, None], (*scores.shape[:2], 1))
        scores = np.concatenate([column, scores], -1)
        e = np.exp(scores - scores.max(-1, keepdims=True))
        return {"out": e / e.sum(-1, keepdims=True, dtype=F) @ np.concatenate([v[:, :1], v], 1)}


class SinkOfTheFirstHead:
    """Every head has the sink of the first."""

    @staticmethod
    def attend(*, q, k, v, sinks):
        return weighed(scores_of(q, k), v, np.repeat(sinks[:1], len(sinks)))


RIGHT = (InTheSum, OneMoreKey, Blocks)
WRONG = (SinkForgotten, SinkTwice, SinkScaled, SinkIsAKey, SinkOfTheFirstHead)
