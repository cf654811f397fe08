"""Mixtures of experts that sort their tokens."""

from itertools import pairwise

import numpy as np

F = np.float32
TILE = 2


def swiglu(both):
    gate, up = np.split(both, 2, axis=-1)
    with np.errstate(over="ignore"):
        return gate / (F(1) + np.exp(-gate)) * up


class Grouped:
    """Rows are sorted; the rows of each expert are multiplied at once, in tiles, and go back by the inverse order."""

    @classmethod
    def permute(cls, *, x, topk_ids, experts):
        expert = topk_ids.reshape(-1)
        order = np.argsort(expert, kind="stable")
        return {
            "rows": x[order // topk_ids.shape[1]],
            "offsets": cls.offsets(expert, experts),
            "inverse": cls.inverse(order),
        }

    @classmethod
    def moe(cls, *, x, w1, w2, topk_ids, topk_weights):
        found = cls.permute(x=x, topk_ids=topk_ids, experts=len(w1))
        rows, offsets = found["rows"], found["offsets"]
        products = np.zeros_like(rows)
        for expert, (start, end) in enumerate(pairwise(offsets)):
            for row in range(start, cls.end(start, end), TILE):
                tile = slice(row, min(row + TILE, end))
                products[tile] = swiglu(rows[tile] @ w1[expert].T) @ w2[expert].T
        back = products[found["inverse"]].reshape(*topk_ids.shape, -1)
        return {"y": (topk_weights[..., None] * back).sum(1, dtype=F)}

    @staticmethod
    def offsets(expert, experts):
        return np.concatenate([[0], np.cumsum(np.bincount(expert, minlength=experts))])

    @staticmethod
    def inverse(order):
        places = np.empty_like(order)
        places[order] = np.arange(len(order))
        return places

    @staticmethod
    def end(_start, end):
        return end


class Added(Grouped):
    """Blocks of whole tiles with rows of zeros as padding; weighted products are added to their tokens one by one."""

    @classmethod
    def moe(cls, *, x, w1, w2, topk_ids, topk_weights):
        pairs, k = topk_ids.size, topk_ids.shape[1]
        flat, weights = topk_ids.reshape(-1), topk_weights.reshape(-1)
        padded = np.concatenate([x, np.zeros((1, x.shape[1]), F)])
        y = np.zeros((len(x) + 1, x.shape[1]), F)
        for expert in range(len(w1)):
            mine = np.flatnonzero(flat == expert)
            mine = np.concatenate([mine, np.full(-len(mine) % TILE, pairs, mine.dtype)])
            for block in mine.reshape(-1, TILE):
                products = swiglu(padded[cls.token(block, k, len(x))] @ w1[expert].T) @ w2[expert].T
                for pair, product in zip(block, products, strict=True):
                    weight = weights[min(pair, pairs - 1)]
                    y[cls.token(pair, k, len(x))] += weight * product
        return {"y": y[:-1]}

    @staticmethod
    def token(pair, k, tokens):
        return np.minimum(pair // k, tokens)


class PaddingAccumulates(Added):
    """Padding stands for the last token, to which its products are added once more."""

    @staticmethod
    def token(pair, k, tokens):
        return np.minimum(pair // k, tokens - 1)


class OrderForInverse(Grouped):
    """The rows go back by the order itself, not by its inverse: right as long as pairs are only exchanged."""

    @staticmethod
    def inverse(order):
        return order


class LastTileLost(Grouped):
    """The rows of an expert that do not fill a tile are not multiplied."""

    @staticmethod
    def end(start, end):
        return start + (end - start) // TILE * TILE


class OnlyTheFirstRow(Grouped):
    """vllm-xpu-kernels 453, in spirit: of each expert's rows the first alone is computed."""

    @staticmethod
    def end(start, end):
        return min(start + 1, end)


class WeightsNotSorted(Grouped):
    """Weights are applied to the sorted products as if they stood in the order of the tokens."""

    @classmethod
    def moe(cls, *, x, w1, w2, topk_ids, topk_weights):
        order = np.argsort(topk_ids.reshape(-1), kind="stable")
        weights = np.empty(topk_ids.size, F)
        weights[order] = topk_weights.reshape(-1)
        return super().moe(x=x, w1=w1, w2=w2, topk_ids=topk_ids, topk_weights=weights.reshape(topk_ids.shape))


class EmptyExpertsSkipped(Grouped):
    """Offsets are those of the experts that have rows; behind an empty one rows meet the wrong expert."""

    @staticmethod
    def offsets(expert, experts):
        counts = np.bincount(expert, minlength=experts)
        ends = np.cumsum(counts[counts > 0])
        return np.concatenate([[0], ends, np.full(experts - len(ends), ends[-1])])


class WeightedTwice(Grouped):
    """The weights are multiplied into the rows and into the products."""

    @classmethod
    def moe(cls, *, topk_weights, **rest):
        return super().moe(topk_weights=topk_weights * topk_weights, **rest)


class UpForGate(Grouped):
    """The halves of the first product are exchanged: SiLU is taken of up, not of gate."""

    @classmethod
    def moe(cls, *, w1, **rest):
        return super().moe(w1=np.roll(w1, w1.shape[1] // 2, axis=1), **rest)


RIGHT = (Grouped, Added)
WRONG = (
    PaddingAccumulates,
    OrderForInverse,
    LastTileLost,
    OnlyTheFirstRow,
    WeightsNotSorted,
    EmptyExpertsSkipped,
    WeightedTwice,
    UpForGate,
)
