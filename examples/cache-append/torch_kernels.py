"""A cache of keys with torch."""

import torch


class Rolled:
    """The cache is rolled, and its end replaced."""

    @staticmethod
    def append(*, cache, keys):
        out = torch.from_numpy(cache).roll(-len(keys), 0)
        out[len(cache) - len(keys) :] = torch.from_numpy(keys)
        return {"cache": out.numpy()}


RIGHT = (Rolled,)
