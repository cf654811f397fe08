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


class OnePushedOut:
    """One key is pushed out however many come, and the last of them find no room."""

    @staticmethod
    def append(*, cache, keys):
        return {"cache": np.concatenate([cache[1:], keys])[: len(cache)]}


class Ring:
    """New keys are written over the oldest, as in a ring: all are there, in another order."""

    @staticmethod
    def append(*, cache, keys):
        return {"cache": np.concatenate([keys, cache[len(keys) :]])}


RIGHT = (Joined, Moved)
WRONG = (WrongEnd, InPlace, Reversed, OnePushedOut, Ring)
