"""Log-softmax by rows; the logits of forbidden columns are -inf."""

import numpy as np

F = np.float32


def finite(top):
    return np.where(np.isneginf(top), F(0), top)


def in_one_pass(x, size, rescaled=True, guarded=True):
    """Maximum and sum in one pass over parts of `size` columns."""
    highest = np.full((len(x), 1), -np.inf, F)
    total = np.zeros((len(x), 1), F)
    for start in range(0, x.shape[1], size):
        part = x[:, start : start + size]
        grown = np.maximum(highest, part.max(-1, keepdims=True))
        frame = finite(grown) if guarded else grown
        again = np.exp((finite(highest) if guarded else highest) - frame) if rescaled else F(1)
        total = total * again + np.exp(part - frame).sum(-1, keepdims=True, dtype=F)
        highest = grown
    return highest, total


class TwoPasses:
    """x - max, less the logarithm of the sum of its powers."""

    @staticmethod
    def normalise(*, logits):
        z = logits - logits.max(-1, keepdims=True)
        return {"logp": z - np.log(np.exp(z).sum(-1, keepdims=True, dtype=F))}


class SumAway:
    """x less the logarithm of the whole sum, which is taken in one pass."""

    @staticmethod
    def normalise(*, logits):
        highest, total = in_one_pass(logits, 16)
        return {"logp": logits - (highest + np.log(total))}


class LogOfSoftmax:
    """The logarithm of the probabilities: what is improbable vanishes first, and becomes -inf."""

    @staticmethod
    def normalise(*, logits):
        e = np.exp(logits - logits.max(-1, keepdims=True))
        with np.errstate(divide="ignore"):
            return {"logp": np.log(e / e.sum(-1, keepdims=True, dtype=F))}


class NoShift:
    """The maximum is not subtracted: large logits overflow."""

    @staticmethod
    def normalise(*, logits):
        with np.errstate(all="ignore"):
            return {"logp": logits - np.log(np.exp(logits).sum(-1, keepdims=True, dtype=F))}


class Unguarded:
    """torch-mojo-backend 319, flashinfer 1178: a part of nothing but -inf is NaN, and the row with it."""

    @staticmethod
    def normalise(*, logits):
        with np.errstate(all="ignore"):
            highest, total = in_one_pass(logits[:, ::-1], 4, guarded=False)
            return {"logp": logits - (highest + np.log(total))}


class NotRescaled:
    """The sum keeps the scale of the first maximum when a larger logit comes."""

    @staticmethod
    def normalise(*, logits):
        highest, total = in_one_pass(logits, 4, rescaled=False)
        return {"logp": logits - (highest + np.log(total))}


class FiniteSentinel:
    """flashinfer 4267: the running maximum begins at -50000, which logits may lie below."""

    @staticmethod
    def normalise(*, logits):
        highest = np.maximum(logits.max(-1, keepdims=True), F(-5e4))
        with np.errstate(all="ignore"):
            return {"logp": logits - (highest + np.log(np.exp(logits - highest).sum(-1, keepdims=True, dtype=F)))}


RIGHT = (TwoPasses, SumAway)
WRONG = (LogOfSoftmax, NoShift, Unguarded, NotRescaled, FiniteSentinel)
