"""A cache of keys."""

import numpy as np


class Joined:
    """Two parts joined."""

    @staticmethod
    def append(*, cache, keys):
        return {"cache": np.concatenate([cache[len(keys) :], keys])}


class Moved:
    """A copy whose entries are moved one by one."""

    @staticmethod
    def append(*, cache, keys):
        out = cache.copy()
        for key in keys:
            out[:-1] = out[1:].copy()
            out[-1] = key
        return {"cache": out}


class WrongEnd:
    """The newest of the cache is pushed out."""

    @staticmethod
    def append(*, cache, keys):
        return {"cache": np.concatenate([cache[: len(cache) - len(keys)], keys])}


class InPlace:
    """The cache of the caller is changed."""

    @staticmethod
    def append(*, cache, keys):
        cache[: -len(keys)] = cache[len(keys) :].copy()
        cache[-len(keys) :] = keys
        return {"cache": cache}


class Reversed:
    """New keys come in reverse."""

    @staticmethod
    def append(*, cache, keys):
        return {"cache": np.concatenate([cache[len(keys) :], keys[::-1]])}


RIGHT = (Joined, Moved)
WRONG = (WrongEnd, InPlace, Reversed)
