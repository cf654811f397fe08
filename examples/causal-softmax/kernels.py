"""The probabilities of causal attention."""

import numpy as np

F = np.float32


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True, dtype=F)


def ahead(x, first=1):
    return np.triu(np.ones(x.shape, bool), first)


class Filled:
    """What may not be seen gets minus infinity."""

    @staticmethod
    def attend(*, scores):
        return {"probabilities": softmax(np.where(ahead(scores), F(-np.inf), scores))}


class OnlySeen:
    """Row by row, over the keys that are seen only."""

    @staticmethod
    def attend(*, scores):
        out = np.zeros_like(scores)
        for row in range(len(scores)):
            out[row, : row + 1] = softmax(scores[row, : row + 1])
        return {"probabilities": out}


class LooksAhead:
    """The next token is seen."""

    @staticmethod
    def attend(*, scores):
        return {"probabilities": softmax(np.where(ahead(scores, 2), F(-np.inf), scores))}


class Uniform:
    """A constant that sums to one."""

    @staticmethod
    def attend(*, scores):
        return {"probabilities": np.full_like(scores, 1 / len(scores))}


class MaskedAfterwards:
    """Masked after the softmax and not normalised again."""

    @staticmethod
    def attend(*, scores):
        return {"probabilities": np.where(ahead(scores), F(0), softmax(scores))}


class CountsWhatIsMasked:
    """Masked scores become zero before the exponential: each counts as e to the zero in the sum."""

    @staticmethod
    def attend(*, scores):
        return {"probabilities": softmax(np.where(ahead(scores), F(0), scores)) * ~ahead(scores)}


class FiniteFiller:
    """What may not be seen gets -10000, which large negative scores lie below (onnxruntime 28904: a finite filler)."""

    @staticmethod
    def attend(*, scores):
        return {"probabilities": softmax(np.where(ahead(scores), F(-1e4), scores))}


class ShiftedByAll:
    """The maximum is that of masked scores, too: where it is far above the others, all of a row underflows."""

    @staticmethod
    def attend(*, scores):
        e = np.where(ahead(scores), F(0), np.exp(scores - scores.max(-1, keepdims=True)))
        with np.errstate(invalid="ignore"):
            return {"probabilities": e / e.sum(-1, keepdims=True, dtype=F)}


RIGHT = (Filled, OnlySeen)
WRONG = (LooksAhead, Uniform, MaskedAfterwards, CountsWhatIsMasked, FiniteFiller, ShiftedByAll)
