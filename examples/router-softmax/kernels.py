"""Routers by softmax."""

import numpy as np

F = np.float32


def softmax(logits):
    with np.errstate(all="ignore"):
        powers = np.exp(logits - logits.max(-1, keepdims=True))
        return powers / powers.sum(-1, keepdims=True, dtype=F)


def best(scores, k):
    return np.argsort(-scores, axis=-1, kind="stable")[:, :k]


def normalised(g):
    return g / g.sum(-1, keepdims=True, dtype=F)


class Plain:
    """As it is written."""

    @classmethod
    def route(cls, *, logits, k, renormalise, scale):
        p = softmax(logits)
        chosen = cls.choose(p, k)
        g = np.take_along_axis(p, chosen, -1)
        return {"experts": chosen, "weights": cls.weigh(g, renormalise, scale)}

    @staticmethod
    def choose(p, k):
        return best(p, k)

    @staticmethod
    def weigh(g, renormalise, scale):
        return (normalised(g) if renormalise else g) * scale


class LogitsFirst:
    """Experts one after the other by their logits; the softmax is that of the chosen alone, or of all."""

    @staticmethod
    def route(*, logits, k, renormalise, scale):
        taken = np.zeros(logits.shape, np.bool_)
        chosen = np.empty((len(logits), k), np.int32)
        for row, values in enumerate(logits):
            for place in range(k):
                free = np.flatnonzero(~taken[row])
                expert = free[np.argmax(values[free])]
                taken[row, expert] = True
                chosen[row, place] = expert
        with np.errstate(all="ignore"):
            powers = np.exp(logits - logits.max(-1, keepdims=True))
            g = np.take_along_axis(powers, chosen, -1)
            total = (g if renormalise else powers).sum(-1, keepdims=True, dtype=F)
            return {"experts": chosen, "weights": g * (scale / total)}


class AlwaysRenormalised(Plain):
    """flashinfer 2889: that the model does not renormalise never reaches the kernel."""

    @staticmethod
    def weigh(g, renormalise, scale):
        return normalised(g) * scale


class NeverRenormalised(Plain):
    """torchtitan 1448: norm_topk_prob is not known, and the weights do not add up to the scale."""

    @staticmethod
    def weigh(g, renormalise, scale):
        return g * scale


class ScaleInsideTheBranch(Plain):
    """sglang-jax 1282: the scale is applied where the weights are renormalised, and nowhere else."""

    @staticmethod
    def weigh(g, renormalise, scale):
        return normalised(g) * scale if renormalise else g


class ScaleLostOnRenormalising(Plain):
    """sglang 31449: renormalising takes the scale away again."""

    @staticmethod
    def weigh(g, renormalise, scale):
        return normalised(g * scale) if renormalise else g * scale


class RawLogits(Plain):
    """sglang 35160: without renormalisation the logits of the chosen are returned, not their probabilities."""

    @classmethod
    def route(cls, *, logits, k, renormalise, scale):
        result = Plain.route(logits=logits, k=k, renormalise=renormalise, scale=scale)
        if not renormalise:
            result["weights"] = np.take_along_axis(logits, result["experts"], -1) * scale
        return result


class BestStartsAtZero(Plain):
    """flashinfer 2822, in spirit: the search for the largest logit starts at 0, so negative ones never win."""

    @classmethod
    def route(cls, *, logits, k, renormalise, scale):
        chosen = best(np.maximum(logits, 0), k)
        g = np.take_along_axis(softmax(logits), chosen, -1)
        return {"experts": chosen, "weights": cls.weigh(g, renormalise, scale)}


class SameExpertAgain(Plain):
    """vllm 39391: where probabilities are NaN nothing is larger than the first, which is taken k times."""

    @staticmethod
    def choose(p, k):
        left = p.copy()
        chosen = np.zeros((len(p), k), np.int32)
        for row, values in enumerate(left):
            for place in range(k):
                largest = 0
                for expert, value in enumerate(values):
                    if value > values[largest]:
                        largest = expert
                chosen[row, place] = largest
                values[largest] = -np.inf if values[largest] == values[largest] else values[largest]
        return chosen


RIGHT = (Plain, LogitsFirst)
WRONG = (
    AlwaysRenormalised,
    NeverRenormalised,
    ScaleInsideTheBranch,
    ScaleLostOnRenormalising,
    RawLogits,
    BestStartsAtZero,
    SameExpertAgain,
)
