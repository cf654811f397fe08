"""Routers by sigmoids with a bias to choose by."""

import numpy as np

F = np.float32
SCALE = F(2.5)


def sigmoid(x):
    with np.errstate(over="ignore"):
        return F(1) / (F(1) + np.exp(-x))


def best(scores, k):
    return np.argsort(-scores, axis=-1, kind="stable")[:, :k]


class Plain:
    """As it is written."""

    scale = SCALE

    @classmethod
    def route(cls, *, u, e, b, k):
        s = cls.scores(u @ e.T)
        chosen = cls.choose(s, b, k)
        g = np.take_along_axis(cls.weighed(s, b), chosen, -1)
        return {"experts": chosen, "weights": cls.scale * cls.normalised(g)}

    @staticmethod
    def scores(logits):
        return sigmoid(logits)

    @staticmethod
    def choose(s, b, k):
        return best(s + b, k)

    @staticmethod
    def weighed(s, _b):
        return s

    @staticmethod
    def normalised(g):
        return g / g.sum(-1, keepdims=True, dtype=F)


class ExpertByExpert:
    """One token after the other, one expert after the other; the scale is divided by the sum first."""

    @staticmethod
    def route(*, u, e, b, k):
        experts = np.empty((len(u), k), np.int32)
        weights = np.empty((len(u), k), F)
        for token, row in enumerate(u):
            s = sigmoid((e * row).sum(-1, dtype=F))
            left = s + b
            for place in range(k):
                experts[token, place] = np.argmax(left)
                left[experts[token, place]] = -np.inf
            g = s[experts[token]]
            weights[token] = g * (SCALE / g.sum(dtype=F))
        return {"experts": experts, "weights": weights}


class ScaleIgnored(Plain):
    """vllm 32437: the scale of the model is ignored."""

    scale = F(1)


class BiasInWeights(Plain):
    """mlx-lm 1883: the bias is in the weights as well."""

    @staticmethod
    def weighed(s, b):
        return s + b


class SoftmaxForSigmoid(Plain):
    """mlx-lm 1883: scores are a softmax, beside which the bias is large and changes the order."""

    @staticmethod
    def scores(logits):
        powers = np.exp(logits - logits.max(-1, keepdims=True))
        return powers / powers.sum(-1, keepdims=True, dtype=F)


class NotRenormalised(Plain):
    """torchtitan 1448: the weights are not renormalised over the chosen experts."""

    @staticmethod
    def normalised(g):
        return g


class BiasForgotten(Plain):
    """The choice is that of the scores alone."""

    @staticmethod
    def choose(s, _b, k):
        return best(s, k)


class BiasBeforeTheSigmoid(Plain):
    """The bias is added to the logits, before the sigmoid."""

    @classmethod
    def route(cls, *, u, e, b, k):
        s = sigmoid(u @ e.T)
        chosen = best(sigmoid(u @ e.T + b), k)
        return {"experts": chosen, "weights": SCALE * cls.normalised(np.take_along_axis(s, chosen, -1))}


RIGHT = (Plain, ExpertByExpert)
WRONG = (ScaleIgnored, BiasInWeights, SoftmaxForSigmoid, NotRenormalised, BiasForgotten, BiasBeforeTheSigmoid)
