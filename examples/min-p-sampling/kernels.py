"""Min-p sampling: the probabilities of all tokens, zero for those that are cut off."""

import numpy as np

F = np.float32


def softmax(x):
    powers = np.exp(x - x.max())
    return (powers / powers.sum(dtype=F)).astype(F)


def shares(kept):
    return kept / kept.sum(dtype=F)


class OfProbabilities:
    """As it is written."""

    @staticmethod
    def sample(*, logits, temperature, min_p):
        probs = softmax(logits / temperature)
        return {"probs": shares(np.where(probs >= min_p * probs.max(), probs, F(0)))}


class OfPowers:
    """exp(x - max) is compared with min_p itself: the most likely one is 1."""

    @staticmethod
    def sample(*, logits, temperature, min_p):
        scaled = logits * (F(1) / temperature)
        powers = np.exp(scaled - scaled.max())
        kept = np.where(powers >= min_p, powers, F(0))
        return {"probs": kept * (F(1) / kept.sum(dtype=F))}


class SoftmaxOfWhatIsLeft:
    """Logits that are cut off become -inf, and softmax runs again."""

    @staticmethod
    def sample(*, logits, temperature, min_p):
        scaled = logits / temperature
        probs = softmax(scaled)
        return {"probs": softmax(np.where(probs >= min_p * probs.max(), scaled, F(-np.inf)))}


class OfLogits:
    """Logits are compared with min_p times the largest logit (mamba 1010)."""

    @staticmethod
    def sample(*, logits, temperature, min_p):
        scaled = logits / temperature
        kept = scaled >= min_p * scaled.max()
        kept[np.argmax(scaled)] = True
        return {"probs": softmax(np.where(kept, scaled, F(-np.inf)))}


class FirstForLargest:
    """The first probability stands for the largest, as if they were sorted (mamba 1010)."""

    @staticmethod
    def sample(*, logits, temperature, min_p):
        probs = softmax(logits / temperature)
        return {"probs": shares(np.where(probs >= min_p * probs[0], probs, F(0)))}


class TemperatureLate:
    """Cut off at temperature 1, drawn at another (llama.cpp's order of samplers)."""

    @staticmethod
    def sample(*, logits, temperature, min_p):
        probs = softmax(logits)
        kept = probs >= min_p * probs.max()
        return {"probs": softmax(np.where(kept, logits / temperature, F(-np.inf)))}


class Ignored:
    """min_p does nothing, as with large vocabularies (mlxcel 1391)."""

    @staticmethod
    def sample(*, logits, temperature, min_p):
        return {"probs": softmax(logits / temperature)}


class Absolute:
    """The threshold is min_p, however likely the most likely token is."""

    @staticmethod
    def sample(*, logits, temperature, min_p):
        probs = softmax(logits / temperature)
        kept = probs >= min_p
        kept[np.argmax(probs)] = True
        return {"probs": shares(np.where(kept, probs, F(0)))}


RIGHT = (OfProbabilities, OfPowers, SoftmaxOfWhatIsLeft)
WRONG = (OfLogits, FirstForLargest, TemperatureLate, Ignored, Absolute)
