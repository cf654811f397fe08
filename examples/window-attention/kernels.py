"""Causal attention in a sliding window."""

import numpy as np

F = np.float32


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True, dtype=F)


def attention(q, k, v, seen, filler=-np.inf):
    return {"out": softmax(np.where(seen, q @ k.T / np.sqrt(F(q.shape[1])), F(filler))) @ v}


def back(q):
    """How far back a key lies."""
    return np.arange(len(q))[:, None] - np.arange(len(q))


def in_blocks(q, k, v, window, guarded=True):
    """Blocks of four keys; those outside of every window of the rows are skipped."""
    scale = F(1) / np.sqrt(F(q.shape[1]))
    out = np.zeros_like(v)
    for first in range(0, len(q), 4):
        rows = np.arange(first, min(first + 4, len(q)))
        highest = np.full((len(rows), 1), -np.inf, F)
        total, part = np.zeros((len(rows), 1), F), np.zeros((len(rows), v.shape[1]), F)
        for start in range(max(0, rows[0] - window + 1) // 4 * 4, rows[-1] + 1, 4):
            keys = np.arange(start, min(start + 4, len(k)))
            away = rows[:, None] - keys
            scores = np.where((away >= 0) & (away < window), q[rows] @ k[keys].T * scale, F(-np.inf))
            grown = np.maximum(highest, scores.max(-1, keepdims=True))
            frame = np.where(np.isneginf(grown), F(0), grown) if guarded else grown
            again, e = np.exp(highest - frame), np.exp(scores - frame)
            total = total * again + e.sum(-1, keepdims=True, dtype=F)
            part, highest = part * again + e @ v[keys], grown
        out[rows] = part / total
    return {"out": out}


class Masked:
    """The whole matrix of scores."""

    @staticmethod
    def attend(*, q, k, v, window):
        return attention(q, k, v, (back(q) >= 0) & (back(q) < window))


class Blocks:
    """Blocks of four rows and four keys."""

    @staticmethod
    def attend(*, q, k, v, window):
        return in_blocks(q, k, v, window)


class WindowTooLong:
    """zml 763: window_size_left counts the tokens before the current one, and is given the whole window."""

    @staticmethod
    def attend(*, q, k, v, window):
        return attention(q, k, v, (back(q) >= 0) & (back(q) <= window))


class BothSides:
    """transformers 39408: the window is (w, w), so that a token looks ahead."""

    @staticmethod
    def attend(*, q, k, v, window):
        return attention(q, k, v, np.abs(back(q)) < window)


class NoWindow:
    """hippogriff 7: the window is given as a negative number, which stands for none."""

    @staticmethod
    def attend(*, q, k, v, window):
        return attention(q, k, v, back(q) >= 0)


class WholeBlocks:
    """The first block that the window reaches is seen as a whole."""

    @staticmethod
    def attend(*, q, k, v, window):
        first = np.maximum(0, np.arange(len(q)) - window + 1) // 4 * 4
        return attention(q, k, v, (back(q) >= 0) & (np.arange(len(k)) >= first[:, None]))


class FillerTooSmall:
    """The filler -100 is within reach of large scores."""

    @staticmethod
    def attend(*, q, k, v, window):
        return attention(q, k, v, (back(q) >= 0) & (back(q) < window), -100)


class Unguarded:
    """flashinfer 4451: a row without a key in the first block of the window is -inf - -inf, and NaN from there on."""

    @staticmethod
    def attend(*, q, k, v, window):
        with np.errstate(all="ignore"):
            return in_blocks(q, k, v, window, guarded=False)


RIGHT = (Masked, Blocks)
WRONG = (WindowTooLong, BothSides, NoWindow, WholeBlocks, FillerTooSmall, Unguarded)
