"""torch's group normalisation."""

import torch


class Torch:
    """The rows of a group are its channels."""

    @staticmethod
    def normalise(*, x):
        groups, rows, columns = x.shape
        channels = torch.from_numpy(x).reshape(1, groups * rows, columns)
        return {"out": torch.nn.functional.group_norm(channels, groups, eps=1e-5).reshape(x.shape).numpy()}


RIGHT = (Torch,)
