"""Top-k sampling: the tokens that are kept, and their probabilities."""

import ml_dtypes
import numpy as np

F = np.float32


def softmax(x):
    powers = np.exp(x - x.max())
    return (powers / powers.sum(dtype=F)).astype(F)


def largest(x, k):
    return np.argsort(-x, kind="stable")[:k]


class Sorted:
    """All logits are scaled and sorted."""

    @staticmethod
    def sample(*, logits, temperature, k):
        scaled = logits / temperature
        tokens = largest(scaled, k)
        return {"tokens": tokens, "probs": softmax(scaled[tokens])}


class Heap:
    """The tokens are taken from the logits as they are, the largest of those that are left each time."""

    @staticmethod
    def sample(*, logits, temperature, k):
        left, tokens = logits.copy(), []
        for _ in range(k):
            tokens.append(int(np.argmax(left)))
            left[tokens[-1]] = -np.inf
        tokens = np.array(tokens)
        powers = np.exp((logits[tokens] - logits[tokens[0]]) * (F(1) / temperature))
        return {"tokens": tokens, "probs": (powers * (F(1) / powers.sum(dtype=F))).astype(F)}


class Float64:
    """In double precision, rounded at the end."""

    @staticmethod
    def sample(*, logits, temperature, k):
        tokens = largest(logits, k)
        powers = np.exp((logits[tokens].astype(np.float64) - logits.max()) / temperature)
        return {"tokens": tokens, "probs": (powers / powers.sum()).astype(F)}


class NotNormalised(Sorted):
    """The probabilities are those among the whole vocabulary (vllm 757: softmax before the cut)."""

    @staticmethod
    def sample(*, logits, temperature, k):
        probs = softmax(logits / temperature)
        tokens = largest(logits, k)
        return {"tokens": tokens, "probs": probs[tokens]}


class TemperatureOfLogarithms(Sorted):
    """The temperature divides the logarithms of the probabilities, which no longer sum to one (Kimi-Audio 161)."""

    @staticmethod
    def sample(*, logits, temperature, k):
        tokens = largest(logits, k)
        return {"tokens": tokens, "probs": softmax(logits[tokens]) ** (F(1) / temperature)}


class TemperatureTwice(Sorted):
    """The sampler divides by the temperature, and so did its caller (sglang 7241)."""

    @staticmethod
    def sample(*, logits, temperature, k):
        return Sorted.sample(logits=logits / temperature, temperature=temperature, k=k)


class OneTooFew(Sorted):
    """The k-th token is cut off as well: the threshold itself is compared with `>`."""

    @staticmethod
    def sample(*, logits, temperature, k):
        scaled = logits / temperature
        tokens = largest(scaled, k)
        kept = scaled[tokens] > scaled[tokens[-1]]
        kept[0] = True
        return {"tokens": tokens, "probs": softmax(np.where(kept, scaled[tokens], F(-np.inf)))}


class Bfloat16(Sorted):
    """Logits are compared as bfloat16: those that agree in eight digits are taken by index."""

    @staticmethod
    def sample(*, logits, temperature, k):
        tokens = largest(logits.astype(ml_dtypes.bfloat16).astype(F), k)
        return {"tokens": tokens, "probs": softmax(logits[tokens] / temperature)}


RIGHT = (Sorted, Heap, Float64)
WRONG = (NotNormalised, TemperatureOfLogarithms, TemperatureTwice, OneTooFew, Bfloat16)
