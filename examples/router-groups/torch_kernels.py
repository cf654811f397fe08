"""A router with limited groups as models in torch have it: masked_fill, topk and gather."""

import torch


class MaskedTopk:
    """Groups by the sum of their two largest, the others filled with -inf; stable sorts, for equal scores."""

    @staticmethod
    def route(*, u, e, b, groups, limit, k):
        scores = (torch.from_numpy(u) @ torch.from_numpy(e).T).sigmoid()
        biased = scores + torch.from_numpy(b)
        group_scores = biased.view(len(u), groups, -1).topk(2, dim=-1).values.sum(-1)
        kept = group_scores.sort(dim=-1, descending=True, stable=True).indices[:, :limit]
        mask = torch.zeros_like(group_scores, dtype=torch.bool).scatter(1, kept, True)
        mask = mask.repeat_interleave(biased.shape[1] // groups, 1)
        order = biased.masked_fill(~mask, float("-inf")).sort(dim=-1, descending=True, stable=True).indices
        experts = order[:, :k]
        weights = scores.gather(1, experts)
        weights = weights / weights.sum(-1, keepdim=True) * 2.5
        return {"experts": experts.numpy(), "weights": weights.numpy()}


RIGHT = (MaskedTopk,)
