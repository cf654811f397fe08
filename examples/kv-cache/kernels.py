"""A cache of keys and values, [layers, heads, positions, width], that is written in place."""

import ctypes

import numpy as np


def rounded(new, dtype):
    """Stored as the cache is; what is too large becomes an infinity."""
    with np.errstate(over="ignore"):
        return new.astype(dtype)


def check(cache, new, start):
    if start + new.shape[1] > cache.shape[2]:
        raise ValueError(f"{new.shape[1]} tokens from position {start} on, the cache has {cache.shape[2]}")


def write(cache, row, entries):
    """Some entries to where a row of the cache begins, whatever lies there, as a kernel in C does."""
    ctypes.memmove(cache.ctypes.data + row * cache.shape[3] * cache.itemsize, entries.tobytes(), entries.nbytes)


def write_tokens(cache, new, layer, start, stride=None, step=0):
    """Head by head and token by token; `stride`: rows between two heads, `step`: rows further than right."""
    check(cache, new, start)
    _, heads, positions, _ = cache.shape
    entries = rounded(new, cache.dtype)
    for head in range(heads):
        for token in range(new.shape[1]):
            row = layer * heads * positions + head * (stride or positions) + start + token + step
            write(cache, row, entries[head, token])


class Slices:
    """A slice of the layer is assigned."""

    @staticmethod
    def append(*, k_cache, v_cache, k, v, layer, start):
        for cache, new in ((k_cache, k), (v_cache, v)):
            check(cache, new, start)
            cache[layer, :, start : start + new.shape[1]] = rounded(new, cache.dtype)


class Addresses:
    """Rows are copied to computed addresses."""

    @staticmethod
    def append(*, k_cache, v_cache, k, v, layer, start):
        for cache, new in ((k_cache, k), (v_cache, v)):
            write_tokens(cache, new, layer, start)


class OneFurther:
    """The first new token is at position start + 1: the last one lies in the next head, or behind the cache."""

    @staticmethod
    def append(*, k_cache, v_cache, k, v, layer, start):
        for cache, new in ((k_cache, k), (v_cache, v)):
            write_tokens(cache, new, layer, start, step=1)


class HeadsOfTheInput:
    """tt-metal 54742: rows are counted on from head to head as in the input, so later heads land in earlier ones."""

    @staticmethod
    def append(*, k_cache, v_cache, k, v, layer, start):
        for cache, new in ((k_cache, k), (v_cache, v)):
            write_tokens(cache, new, layer, start, stride=new.shape[1])


class WholeTiles:
    """tt-metal 52671: tokens come in tiles of four, and the padding of the last tile is written over what was there."""

    @staticmethod
    def append(*, k_cache, v_cache, k, v, layer, start):
        for cache, new in ((k_cache, k), (v_cache, v)):
            check(cache, new, start)
            count = min(-(-new.shape[1] // 4) * 4, cache.shape[2] - start)
            tile = np.zeros((new.shape[0], count, new.shape[2]), np.float32)
            tile[:, : new.shape[1]] = new
            cache[layer, :, start : start + count] = rounded(tile, cache.dtype)


class PairsOfHeads:
    """tt-metal 55742: heads are taken in pairs, and the last one of an odd number is left out."""

    @staticmethod
    def append(*, k_cache, v_cache, k, v, layer, start):
        for cache, new in ((k_cache, k), (v_cache, v)):
            check(cache, new, start)
            heads = max(1, new.shape[0] // 2 * 2)
            cache[layer, :heads, start : start + new.shape[1]] = rounded(new[:heads], cache.dtype)


class Copy:
    """xpu-perf 204: what is updated is a copy, and the caller's cache stays as it was."""

    @staticmethod
    def append(*, k_cache, v_cache, k, v, layer, start):
        Slices.append(k_cache=np.array(k_cache), v_cache=np.array(v_cache), k=k, v=v, layer=layer, start=start)


class FirstLayer:
    """The stride of a layer is left out, and every layer writes into the first."""

    @staticmethod
    def append(*, k_cache, v_cache, k, v, layer, start):
        Slices.append(k_cache=k_cache, v_cache=v_cache, k=k, v=v, layer=0, start=start)


class ValuesAreKeys:
    """Both caches get the keys."""

    @staticmethod
    def append(*, k_cache, v_cache, k, v, layer, start):
        Slices.append(k_cache=k_cache, v_cache=v_cache, k=k, v=k, layer=layer, start=start)


class RoundedTwice:
    """Entries of a cache of bfloat16 are rounded to float16 on their way."""

    @staticmethod
    def append(*, k_cache, v_cache, k, v, layer, start):
        k, v = rounded(k, np.float16), rounded(v, np.float16)
        Slices.append(k_cache=k_cache, v_cache=v_cache, k=k, v=v, layer=layer, start=start)


class CutsOff:
    """Tokens that do not fit are dropped without a word."""

    @staticmethod
    def append(*, k_cache, v_cache, k, v, layer, start):
        room = max(k_cache.shape[2] - start, 0)
        Slices.append(k_cache=k_cache, v_cache=v_cache, k=k[:, :room], v=v[:, :room], layer=layer, start=start)


RIGHT = (Slices, Addresses)
WRONG = (
    OneFurther, HeadsOfTheInput, WholeTiles, PairsOfHeads, Copy, FirstLayer, ValuesAreKeys, RoundedTwice, CutsOff,
)  # fmt: skip
