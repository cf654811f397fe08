"""Log-softmax by rows; the logits of forbidden columns are -inf."""

import numpy as np

F = np.float32


def finite(top):
    """The maximum of nothing but -inf is taken for 0."""
    return np.where(np.isneginf(top), F(0), top)


def rescaling(highest, grown):
    """What the sum is multiplied by; of nothing summed yet it is exp(-inf) = 0."""
    return np.exp(highest - finite(grown))


def in_one_pass(x, size, frame=finite, again=rescaling):
    """Maximum and sum in one pass over parts of `size` columns."""
    highest = np.full((len(x), 1), -np.inf, F)
    total = np.zeros((len(x), 1), F)
    for start in range(0, x.shape[1], size):
        part = x[:, start : start + size]
        grown = np.maximum(highest, part.max(-1, keepdims=True))
        total = total * again(highest, grown) + np.exp(part - frame(grown)).sum(-1, keepdims=True, dtype=F)
        highest = grown
    return highest + np.log(total)


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
        return {"logp": logits - in_one_pass(logits, 16)}


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
            whole = in_one_pass(logits[:, ::-1], 4, lambda top: top, lambda old, new: np.exp(old - new))
            return {"logp": logits - whole}


class NothingRescaled:
    """The maximum of nothing is taken for 0: a sum of 0 is multiplied by exp(0 - max), infinite for low logits."""

    @staticmethod
    def normalise(*, logits):
        with np.errstate(all="ignore"):
            whole = in_one_pass(logits, 16, again=lambda old, new: np.exp(finite(old) - finite(new)))
            return {"logp": logits - whole}


class NotRescaled:
    """The sum keeps the scale of the first maximum when a larger logit comes."""

    @staticmethod
    def normalise(*, logits):
        return {"logp": logits - in_one_pass(logits, 4, again=lambda *_: F(1))}


class FiniteSentinel:
    """flashinfer 4267: the running maximum begins at -50000, which logits may lie below."""

    @staticmethod
    def normalise(*, logits):
        highest = np.maximum(logits.max(-1, keepdims=True), F(-5e4))
        with np.errstate(all="ignore"):
            return {"logp": logits - (highest + np.log(np.exp(logits - highest).sum(-1, keepdims=True, dtype=F)))}


RIGHT = (TwoPasses, SumAway)
WRONG = (LogOfSoftmax, NoShift, Unguarded, NothingRescaled, NotRescaled, FiniteSentinel)
