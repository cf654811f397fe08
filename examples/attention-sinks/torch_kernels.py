"""Attention with a sink in torch, as gpt-oss in Hugging Face's models has it."""

import torch


class OneMoreColumn:
    """The sink is one more column of scores, which is dropped after the softmax."""

    @staticmethod
    def attend(*, q, k, v, sinks):
        q, k, v = (torch.from_numpy(part) for part in (q, k, v))
        scores = q @ k.mT * q.shape[-1] ** -0.5
        scores = scores.masked_fill(torch.ones_like(scores, dtype=torch.bool).triu(1), float("-inf"))
        sink = torch.from_numpy(sinks)[:, None, None].expand(-1, scores.shape[1], 1)
        weights = torch.cat([scores, sink], -1).softmax(-1)
        return {"out": (weights[..., :-1] @ v).numpy()}


RIGHT = (OneMoreColumn,)
