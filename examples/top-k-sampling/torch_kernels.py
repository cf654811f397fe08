"""Top-k sampling with torch.topk."""

import torch


class TorchTopK:
    """The k largest of the scaled logits, then softmax."""

    @staticmethod
    def sample(*, logits, temperature, k):
        kept, tokens = torch.topk(torch.from_numpy(logits) / float(temperature), k)
        return {"tokens": tokens.numpy(), "probs": torch.softmax(kept, -1).numpy()}


RIGHT = (TorchTopK,)
