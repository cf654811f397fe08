"""The experts of one rank."""

import numpy as np

F = np.float32


class TokenByToken:
    """One token after the other, one expert after the other."""

    @classmethod
    def experts(cls, *, x, w, topk_ids, topk_weights, expert_map, y):
        for token, row in enumerate(x):
            y[token] = 0
            ids = topk_ids[token]
            weights = cls.weights(topk_weights[token], expert_map[ids])
            for expert, weight in zip(ids, weights, strict=True):
                local = cls.local(int(expert), expert_map, len(w))
                if local is not None:
                    y[token] += weight * (w[local] @ row)

    @staticmethod
    def weights(weights, _ids):
        return weights

    @staticmethod
    def local(expert, expert_map, _count):
        return None if expert_map[expert] < 0 else expert_map[expert]


class ExpertByExpert:
    """One local expert after the other, with the tokens that chose it; weights are multiplied in first."""

    @staticmethod
    def experts(*, x, w, topk_ids, topk_weights, expert_map, y):
        total = np.zeros(y.shape, F)
        ids = expert_map[topk_ids]
        for local, matrix in enumerate(w):
            token, place = np.nonzero(ids == local)
            total[token] += (topk_weights[token, place, None] * x[token]) @ matrix.T
        y[...] = total


class GlobalIds(TokenByToken):
    """vllm-gaudi 1796: global ids index the experts of this rank, and what lies beyond them is dropped."""

    @staticmethod
    def local(expert, expert_map, count):
        return expert if expert < count else None


class LastForAbsent(TokenByToken):
    """sglang 12701: the id of an absent expert, -1, is used as an index, which takes the last one."""

    @staticmethod
    def local(expert, expert_map, count):
        return expert_map[expert]


class FirstForAbsent(TokenByToken):
    """vllm 35161, in spirit: where -1 should say that an expert is absent, 0 says that it is the first."""

    @staticmethod
    def local(expert, expert_map, count):
        return max(expert_map[expert], 0)


class MaskForMap(TokenByToken):
    """vllm 49758: a mask of 0 and 1 is read as the map, so that tokens collapse onto two experts."""

    @staticmethod
    def local(expert, expert_map, count):
        return min(int(expert_map[expert] >= 0), count - 1)


class MapForMask(TokenByToken):
    """ATOM 887: the map is read as a mask, and only the expert with local id 1 is taken."""

    @staticmethod
    def local(expert, expert_map, count):
        return 1 if expert_map[expert] == 1 else None


class FirstIsAbsent(TokenByToken):
    """Only ids above zero count as present, so the first expert of the rank is left out."""

    @staticmethod
    def local(expert, expert_map, count):
        return expert_map[expert] if expert_map[expert] > 0 else None


class RenormalisedHere(TokenByToken):
    """Weights are made to add up to one over the experts of this rank."""

    @staticmethod
    def weights(weights, ids):
        total = weights[ids >= 0].sum(dtype=F)
        return weights / total if total > 0 else weights


class OthersNotWritten(TokenByToken):
    """Tokens that have no expert here are skipped, and what was in their rows of the buffer stays there."""

    @classmethod
    def experts(cls, *, x, w, topk_ids, topk_weights, expert_map, y):
        result = np.zeros(y.shape, F)
        TokenByToken.experts(x=x, w=w, topk_ids=topk_ids, topk_weights=topk_weights, expert_map=expert_map, y=result)
        some = (expert_map[topk_ids] >= 0).any(-1)
        y[some] = result[some]


RIGHT = (TokenByToken, ExpertByExpert)
WRONG = (
    GlobalIds,
    LastForAbsent,
    FirstForAbsent,
    MaskForMap,
    MapForMask,
    FirstIsAbsent,
    RenormalisedHere,
    OthersNotWritten,
)
