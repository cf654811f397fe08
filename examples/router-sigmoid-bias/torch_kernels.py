"""A router by biased sigmoids as models in torch have it: sigmoid, sort, gather."""

import torch


class SigmoidTopk:
    """A stable sort stands for topk, whose order of equal numbers is not promised."""

    @staticmethod
    def route(*, u, e, b, k):
        scores = torch.nn.functional.linear(torch.from_numpy(u), torch.from_numpy(e)).sigmoid()
        experts = (scores + torch.from_numpy(b)).sort(dim=-1, descending=True, stable=True).indices[:, :k]
        weights = scores.gather(1, experts)
        return {"experts": experts.numpy(), "weights": (weights / weights.sum(-1, keepdim=True) * 2.5).numpy()}


RIGHT = (SigmoidTopk,)
