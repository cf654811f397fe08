"""The repetition penalty, on a copy of the logits."""

import numpy as np

F = np.float32


def less_likely(x, penalty):
    return np.where(x > 0, x / penalty, x * penalty).astype(F)


class Gathered:
    """The logits of the history are gathered, changed and written back; twice the same is the same."""

    @staticmethod
    def penalise(*, logits, history, penalty):
        out = logits.copy()
        out[history] = less_likely(logits[history], penalty)
        return {"logits": out}


class Masked:
    """A mask over the vocabulary, and a product with the reciprocal."""

    @staticmethod
    def penalise(*, logits, history, penalty):
        seen = np.zeros(len(logits), np.bool_)
        seen[history] = True
        factor = np.where(logits > 0, F(1) / penalty, penalty)
        return {"logits": np.where(seen, logits * factor, logits).astype(F)}


class NegativeDivided:
    """Every logit is divided: a negative one becomes more likely (transformers 2302, NeMo 8194)."""

    @staticmethod
    def penalise(*, logits, history, penalty):
        out = logits.copy()
        out[history] = logits[history] / penalty
        return {"logits": out}


class EveryTime:
    """A token is penalised as often as it occurs."""

    @staticmethod
    def penalise(*, logits, history, penalty):
        out = logits.copy()
        for token in history:
            out[token] = less_likely(out[token], penalty)
        return {"logits": out}


class Twice:
    """The penalty is applied here and by the caller too (sglang-omni 1360)."""

    @staticmethod
    def penalise(*, logits, history, penalty):
        once = Gathered.penalise(logits=logits, history=history, penalty=penalty)
        return Gathered.penalise(logits=once["logits"], history=history, penalty=penalty)


class WithoutTheLast:
    """The latest token is not in the history yet."""

    @staticmethod
    def penalise(*, logits, history, penalty):
        return Gathered.penalise(logits=logits, history=history[:-1], penalty=penalty)


class Scattered:
    """Factors are added up in a scatter: two of the same token make twice the factor."""

    @staticmethod
    def penalise(*, logits, history, penalty):
        added = np.zeros(len(logits), F)
        np.add.at(added, history, less_likely(logits[history], penalty) - logits[history])
        return {"logits": logits + added}


RIGHT = (Gathered, Masked)
WRONG = (NegativeDivided, EveryTime, Twice, WithoutTheLast, Scattered)
