"""torch's pooling."""

import torch


class Torch:
    """functional.max_pool1d."""

    @staticmethod
    def pool(*, x):
        return {"out": torch.nn.functional.max_pool1d(torch.from_numpy(x), 2).numpy()}


RIGHT = (Torch,)
