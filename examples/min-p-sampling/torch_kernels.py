"""Min-p sampling in torch."""

import torch


class TorchMinP:
    """As transformers' MinPLogitsWarper: what is below the threshold becomes -inf, then softmax."""

    @staticmethod
    def sample(*, logits, temperature, min_p):
        scores = torch.from_numpy(logits) / float(temperature)
        probs = torch.softmax(scores, -1)
        gone = probs < float(min_p) * probs.amax(-1, keepdim=True)
        return {"probs": torch.softmax(scores.masked_fill(gone, -torch.inf), -1).numpy()}


RIGHT = (TorchMinP,)
