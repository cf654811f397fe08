"""Routers that choose experts in the best groups alone."""

import numpy as np

F = np.float32
SCALE = F(2.5)


def scores_of(u, e):
    with np.errstate(over="ignore"):
        return F(1) / (F(1) + np.exp(-(u @ e.T)))


def best(scores, k):
    return np.argsort(-scores, axis=-1, kind="stable")[:, :k]


def two_best(grouped):
    return np.sort(grouped, -1)[..., -2:].sum(-1, dtype=F)


def allowed(kept, groups, per_group):
    in_kept = np.zeros((len(kept), groups), np.bool_)
    np.put_along_axis(in_kept, kept, True, -1)
    return np.repeat(in_kept, per_group, -1)


def weights_of(scores, experts, scale=SCALE):
    g = np.take_along_axis(scores, experts, -1)
    return g / g.sum(-1, keepdims=True, dtype=F) * scale


class Plain:
    """As it is written; it tells the groups that it keeps."""

    @classmethod
    def route(cls, *, u, e, b, groups, limit, k):
        scores = scores_of(u, e)
        biased = scores + b
        kept = cls.kept(biased.reshape(len(u), groups, -1), limit)
        experts = best(cls.masked(biased, allowed(kept, groups, len(b) // groups)), k)
        return {"experts": experts, "weights": cls.weights(scores, biased, experts), "groups": kept}

    @staticmethod
    def kept(grouped, limit):
        return best(two_best(grouped), limit)

    @staticmethod
    def masked(biased, mask):
        return np.where(mask, biased, F(-np.inf))

    @staticmethod
    def weights(scores, _biased, experts):
        return weights_of(scores, experts)


class TokenByToken:
    """One token after the other, one group after the other; which groups it keeps it does not tell."""

    @staticmethod
    def route(*, u, e, b, groups, limit, k):
        experts, weights = [], []
        for row in u:
            scores = scores_of(row[None], e)[0]
            biased = (scores + b).reshape(groups, -1)
            left = np.partition(biased, -2, axis=-1)[:, -2:].sum(-1, dtype=F)
            candidates = []
            for _ in range(limit):
                group = int(np.argmax(left))
                left[group] = -np.inf
                candidates += [group * biased.shape[1] + i for i in range(biased.shape[1])]
            candidates.sort()
            flat = biased.reshape(-1)
            chosen = sorted(candidates, key=lambda expert, flat=flat: -flat[expert])[:k]
            experts.append(chosen)
            g = scores[chosen]
            weights.append(g * (SCALE / g.sum(dtype=F)))
        return {"experts": np.array(experts), "weights": np.array(weights, F)}


class ScaleIgnored(Plain):
    """vllm 32437, sglang 31449: the scale of the model is ignored."""

    @staticmethod
    def weights(scores, _biased, experts):
        return weights_of(scores, experts, F(1))


class BiasInWeights(Plain):
    """The weights are made of the scores with the bias that is there to choose by."""

    @staticmethod
    def weights(_scores, biased, experts):
        return weights_of(biased, experts)


class MaskedWithZero(Plain):
    """Experts of other groups count as zero: where biased scores are negative, they win."""

    @staticmethod
    def masked(biased, mask):
        return np.where(mask, biased, F(0))


class GroupByItsBest(Plain):
    """A group is scored by its best expert alone, not by its two best."""

    @staticmethod
    def kept(grouped, limit):
        return best(grouped.max(-1), limit)


class NoGroups(Plain):
    """The limit of groups is not held: experts are the best of all."""

    @staticmethod
    def masked(biased, _mask):
        return biased


class NotRenormalised(Plain):
    """The weights are the scores times the scale, and do not add up to it."""

    @staticmethod
    def weights(scores, _biased, experts):
        return np.take_along_axis(scores, experts, -1) * SCALE


RIGHT = (Plain, TokenByToken)
WRONG = (ScaleIgnored, BiasInWeights, MaskedWithZero, GroupByItsBest, NoGroups, NotRenormalised)
