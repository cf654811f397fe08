"""Nucleus sampling: the order of the tokens, and the probabilities in that order."""

import numpy as np

F = np.float32


def softmax(x):
    powers = np.exp(x - x.max())
    return (powers / powers.sum(dtype=F)).astype(F)


def shares(kept):
    return kept / kept.sum(dtype=F)


def sampled(logits, temperature, p, kept):
    """Most likely first; `kept` says which of the ranked probabilities stay."""
    probs = softmax(logits / temperature)
    tokens = np.argsort(-probs, kind="stable")
    ranked = probs[tokens]
    return {"tokens": tokens, "probs": shares(np.where(kept(ranked, p), ranked, F(0)))}


class MassAhead:
    """Tokens stay while the mass ahead of them is below p."""

    @staticmethod
    def sample(*, logits, temperature, p):
        return sampled(logits, temperature, p, lambda ranked, p: np.cumsum(ranked, dtype=F) - ranked < p)


class FromTheLeastLikely:
    """Sorted upwards: what has at most 1 - p up to itself goes, but never the most likely one."""

    @staticmethod
    def sample(*, logits, temperature, p):
        probs = softmax(logits * (F(1) / temperature))
        upwards = np.argsort(probs)
        gone = np.cumsum(probs[upwards], dtype=F) <= F(1) - p
        gone[-1] = False
        ranked = np.where(gone, F(0), probs[upwards])[::-1]
        return {"tokens": upwards[::-1].copy(), "probs": shares(ranked)}


class OneByOne:
    """In double precision, one token after the other until p is reached."""

    @staticmethod
    def sample(*, logits, temperature, p):
        powers = np.exp((logits.astype(np.float64) - logits.max()) / temperature)
        tokens = np.argsort(-powers, kind="stable")
        ranked, mass, kept = powers[tokens] / powers.sum(), 0.0, 0
        while kept < len(ranked) and mass < p:
            mass += ranked[kept]
            kept += 1
        probs = np.where(np.arange(len(ranked)) < kept, ranked, 0) / ranked[:kept].sum()
        return {"tokens": tokens, "probs": probs.astype(F)}


class DropsTheLast:
    """The token that takes the mass to p or beyond it is dropped (Biohub/esm 360, reasoning-from-scratch 164)."""

    @staticmethod
    def sample(*, logits, temperature, p):
        def kept(ranked, p):
            below = np.cumsum(ranked, dtype=F) <= p
            below[0] = True
            return below

        return sampled(logits, temperature, p, kept)


class TemperatureLate:
    """The nucleus is that of the logits as they are; the temperature comes afterwards (fish-speech 1150)."""

    @staticmethod
    def sample(*, logits, temperature, p):
        probs = softmax(logits)
        tokens = np.argsort(-probs, kind="stable")
        ranked = probs[tokens]
        kept = np.cumsum(ranked, dtype=F) - ranked < p
        scaled = np.where(kept, logits[tokens] / temperature, F(-np.inf))
        return {"tokens": tokens, "probs": softmax(scaled)}


class Unsorted:
    """The mass is summed up in the order of the vocabulary (gluon-nlp 1481)."""

    @staticmethod
    def sample(*, logits, temperature, p):
        probs = softmax(logits / temperature)
        kept = np.cumsum(probs, dtype=F) - probs < p
        tokens = np.argsort(-probs, kind="stable")
        return {"tokens": tokens, "probs": shares(np.where(kept, probs, F(0))[tokens])}


class SoftmaxAgain:
    """What is left of the probabilities goes through softmax a second time (tt-metal 25341)."""

    @staticmethod
    def sample(*, logits, temperature, p):
        probs = softmax(logits / temperature)
        tokens = np.argsort(-probs, kind="stable")
        ranked = probs[tokens]
        kept = np.cumsum(ranked, dtype=F) - ranked < p
        return {"tokens": tokens, "probs": softmax(np.where(kept, ranked, F(-np.inf)))}


class NothingReachesOne:
    """The first whose mass exceeds p is the last to stay: at p = 1 there is none, and one stays (ChatRWKV 170)."""

    @staticmethod
    def sample(*, logits, temperature, p):
        def kept(ranked, p):
            return np.arange(len(ranked)) <= np.argmax(np.cumsum(ranked, dtype=F) > p)

        return sampled(logits, temperature, p, kept)


class NotNormalised:
    """The kept probabilities are those of the whole vocabulary, and sum to less than one."""

    @staticmethod
    def sample(*, logits, temperature, p):
        probs = softmax(logits / temperature)
        tokens = np.argsort(-probs, kind="stable")
        ranked = probs[tokens]
        return {"tokens": tokens, "probs": np.where(np.cumsum(ranked, dtype=F) - ranked < p, ranked, F(0))}


RIGHT = (MassAhead, FromTheLeastLikely, OneByOne)
WRONG = (DropsTheLast, TemperatureLate, Unsorted, SoftmaxAgain, NothingReachesOne, NotNormalised)
