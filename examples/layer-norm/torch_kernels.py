"""torch's own layer normalisation."""

import torch


class TorchLayerNorm:
    """torch.nn.functional.layer_norm."""

    @staticmethod
    def normalise(*, x, weight, bias):
        parts = map(torch.from_numpy, (weight, bias))
        return {"out": torch.nn.functional.layer_norm(torch.from_numpy(x), x.shape[-1:], *parts, 1e-5).numpy()}


RIGHT = (TorchLayerNorm,)
