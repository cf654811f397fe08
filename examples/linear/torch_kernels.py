"""torch's linear layer."""

import torch


class Torch:
    """functional.linear."""

    @staticmethod
    def project(*, x, weights, bias):
        return {"out": torch.nn.functional.linear(*map(torch.from_numpy, (x, weights, bias))).numpy()}


RIGHT = (Torch,)
