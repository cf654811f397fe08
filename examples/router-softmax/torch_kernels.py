"""A router by softmax as models in torch have it: softmax, sort, gather."""

import torch


class SoftmaxTopk:
    """In the order of Mixtral and Qwen; a stable sort stands for topk, whose order of equal numbers is not promised."""

    @staticmethod
    def route(*, logits, k, renormalise, scale):
        p = torch.from_numpy(logits).softmax(-1)
        experts = p.sort(dim=-1, descending=True, stable=True).indices[:, :k]
        weights = p.gather(1, experts)
        if renormalise:
            weights = weights / weights.sum(-1, keepdim=True)
        return {"experts": experts.numpy(), "weights": (weights * float(scale)).numpy()}


RIGHT = (SoftmaxTopk,)
