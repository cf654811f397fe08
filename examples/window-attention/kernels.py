"""Attention in a window."""

import numpy as np

F = np.float32


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True, dtype=F)


def probabilities(scores, kept, window, padding=True):
    back = np.arange(len(scores))[:, None] - np.arange(len(scores))
    seen = (back >= 0) & (back < window)
    if padding:
        seen &= (kept > 0) | (back == 0)
    return {"probabilities": softmax(np.where(seen, scores, F(-np.inf)))}


class Masked:
    """A mask for the window and one for padding."""

    @staticmethod
    def attend(*, scores, kept, window):
        return probabilities(scores, kept, window)


class Gathered:
    """Row by row, only the tokens that are seen."""

    @staticmethod
    def attend(*, scores, kept, window):
        out = np.zeros_like(scores)
        for row in range(len(scores)):
            seen = [c for c in range(max(0, row - window + 1), row + 1) if kept[c] or c == row]
            out[row, seen] = softmax(scores[row, seen])
        return {"probabilities": out}


class WindowTooLong:
    """One token more than the window."""

    @staticmethod
    def attend(*, scores, kept, window):
        return probabilities(scores, kept, window + 1)


class PaddingSeen:
    """Padding is weighed like any other token."""

    @staticmethod
    def attend(*, scores, kept, window):
        return probabilities(scores, kept, window, padding=False)


class FillerTooSmall:
    """The filler -10000 is within reach of large scores."""

    @staticmethod
    def attend(*, scores, kept, window):
        back = np.arange(len(scores))[:, None] - np.arange(len(scores))
        seen = (back == 0) | ((back > 0) & (back < window) & (kept > 0))
        return {"probabilities": softmax(np.where(seen, scores, F(-10000)))}


RIGHT = (Masked, Gathered)
WRONG = (WindowTooLong, PaddingSeen, FillerTooSmall)
