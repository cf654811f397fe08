"""Nucleus sampling with torch's sort, cumsum and softmax."""

import numpy as np
import torch


class TorchSorted:
    """Sorted downwards; a token stays while the mass ahead of it is below p."""

    @staticmethod
    def sample(*, logits, temperature, p):
        probs = torch.softmax(torch.from_numpy(logits) / float(temperature), -1)
        ranked, tokens = torch.sort(probs, descending=True)
        kept = torch.where(torch.cumsum(ranked, -1) - ranked < float(p), ranked, 0.0)
        return {"tokens": tokens.numpy(), "probs": (kept / kept.sum()).numpy()}


class TorchWarper:
    """As transformers' TopPLogitsWarper: logits sorted upwards, cut off by -inf, then softmax."""

    @staticmethod
    def sample(*, logits, temperature, p):
        scores = torch.from_numpy(logits) / torch.tensor(float(temperature))
        upwards, tokens = torch.sort(scores, descending=False)
        gone = upwards.softmax(-1).cumsum(-1) <= (1 - np.float32(p))
        gone[-1:] = False
        probs = torch.softmax(upwards.masked_fill(gone, -torch.inf), -1)
        return {"tokens": tokens.flip(0).numpy(), "probs": probs.flip(0).numpy().copy()}


RIGHT = (TorchSorted, TorchWarper)
