"""A router with a bias."""

import numpy as np

F = np.float32


def scores_of(x, router):
    with np.errstate(over="ignore"):
        return F(1) / (F(1) + np.exp(-(router @ x)))


def ranked(scores, k):
    return np.argsort(-scores, kind="stable")[:k]


class Plain:
    """As it is written."""

    @staticmethod
    def route(*, x, router, bias, k):
        scores = scores_of(x, router)
        chosen = ranked(scores + bias, k)
        weights = scores[chosen] / scores[chosen].sum(dtype=F)
        return {"experts": chosen, "weights": weights * F(2.5)}


class ScaleFirst:
    """The scale is divided by the sum first; experts are taken one after the other."""

    @staticmethod
    def route(*, x, router, bias, k):
        scores = scores_of(x, router)
        left, chosen = (scores + bias).copy(), []
        for _ in range(k):
            best = int(np.argmax(left))
            chosen.append(best)
            left[best] = -np.inf
        chosen = np.array(chosen)
        return {"experts": chosen, "weights": scores[chosen] * (F(2.5) / scores[chosen].sum(dtype=F))}


class BiasInWeights:
    """The weights are made of the biased scores."""

    @staticmethod
    def route(*, x, router, bias, k):
        scores = scores_of(x, router)
        chosen = ranked(scores + bias, k)
        biased = (scores + bias)[chosen]
        return {"experts": chosen, "weights": F(2.5) * biased / biased.sum(dtype=F)}


class BiasForgotten:
    """The choice is that of the scores alone."""

    @staticmethod
    def route(*, x, router, bias, k):
        scores = scores_of(x, router)
        chosen = ranked(scores, k)
        return {"experts": chosen, "weights": F(2.5) * scores[chosen] / scores[chosen].sum(dtype=F)}


class ScaleForgotten:
    """The weights sum to one."""

    @staticmethod
    def route(*, x, router, bias, k):
        scores = scores_of(x, router)
        chosen = ranked(scores + bias, k)
        return {"experts": chosen, "weights": scores[chosen] / scores[chosen].sum(dtype=F)}


RIGHT = (Plain, ScaleFirst)
WRONG = (BiasInWeights, BiasForgotten, ScaleForgotten)
