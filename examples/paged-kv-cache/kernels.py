"""Keys and values into the slots of a cache in blocks, [blocks, size, heads, width], as float8."""

import ctypes

import ml_dtypes
import numpy as np

F = np.float32
LARGEST = F(448)


def quantised(x, scale):
    """To the nearest float8; what is too large becomes its largest number."""
    return np.clip(x.astype(F) / scale, -LARGEST, LARGEST).astype(ml_dtypes.float8_e4m3fn)


def put(cache, slot, entries):
    """Entries to the address of a slot, whatever lies there, as a kernel in C does."""
    row = cache.shape[2] * cache.shape[3]
    ctypes.memmove(cache.ctypes.data + int(slot) * row, entries.tobytes(), row)


class Indexed:
    """All tokens at once, by index."""

    @staticmethod
    def reshape_and_cache(*, key, value, key_cache, value_cache, slot_mapping, k_scale, v_scale):
        kept = slot_mapping >= 0
        block, offset = np.divmod(slot_mapping[kept], key_cache.shape[1])
        key_cache[block, offset] = quantised(key[kept], k_scale)
        value_cache[block, offset] = quantised(value[kept], v_scale)


class TokenByToken:
    """One token after the other, to computed addresses, multiplied by the reciprocal of the scale."""

    @staticmethod
    def written(slot, size, slots):
        """The slots that a token is written to."""
        return [slot] if slot >= 0 else []

    @staticmethod
    def entries(x, scale):
        scaled = np.clip(x.astype(F) * (F(1) / scale), -LARGEST, LARGEST)
        return scaled.astype(ml_dtypes.float8_e4m3fn)

    def reshape_and_cache(self, *, key, value, key_cache, value_cache, slot_mapping, k_scale, v_scale):
        for cache, new, scale in ((key_cache, key, k_scale), (value_cache, value, v_scale)):
            for token, slot in enumerate(slot_mapping):
                for place in self.written(int(slot), cache.shape[1], len(cache) * cache.shape[1]):
                    put(cache, place, self.entries(new[token], scale))


class OtherBlockSize(TokenByToken):
    """vllm 47056: slots are taken apart with half the size of a block, so later ones lie behind the cache."""

    @staticmethod
    def written(slot, size, slots):
        half = max(1, size // 2)
        return [slot // half * size + slot % half] if slot >= 0 else []


class PaddingWritten(TokenByToken):
    """The slot -1 of padding is an address like any other: in front of the cache."""

    @staticmethod
    def written(slot, size, slots):
        return [slot]


class PaddingLast(TokenByToken):
    """The slot -1 of padding counts from the end: the last slot is overwritten."""

    @staticmethod
    def written(slot, size, slots):
        return [slot % slots]


class LaterSlots:
    """LMCache 4921: the mapping is read from another entry on, and each token takes the slot of the next."""

    @staticmethod
    def reshape_and_cache(*, slot_mapping, **others):
        Indexed.reshape_and_cache(slot_mapping=np.roll(slot_mapping, -1), **others)


class HeadsFirst:
    """LMCache 2374: a block is addressed as [heads, size, width]."""

    @staticmethod
    def reshape_and_cache(*, key, value, key_cache, value_cache, slot_mapping, k_scale, v_scale):
        blocks, size, heads, width = key_cache.shape
        for cache, new, scale in ((key_cache, key, k_scale), (value_cache, value, v_scale)):
            turned = cache.reshape(blocks, heads, size, width)
            for token, slot in enumerate(slot_mapping):
                if slot >= 0:
                    turned[slot // size, :, slot % size] = quantised(new[token], scale)


class NoScale(TokenByToken):
    """vllm 32437, of another scale: it is ignored."""

    @staticmethod
    def entries(x, scale):
        return quantised(x, F(1))


class Multiplied(TokenByToken):
    """The scale is multiplied where it divides."""

    @staticmethod
    def entries(x, scale):
        return quantised(x.astype(F) * scale, F(1))


class QuantisedTwice(TokenByToken):
    """What is rounded already is scaled and rounded again."""

    @staticmethod
    def entries(x, scale):
        return quantised(quantised(x, scale), scale)


class Overflows(TokenByToken):
    """What is too large becomes NaN."""

    @staticmethod
    def entries(x, scale):
        with np.errstate(all="ignore"):
            return (x.astype(F) / scale).astype(ml_dtypes.float8_e4m3fn)


class ClearsBlocks:
    """A block whose first slot is written is cleared before."""

    @staticmethod
    def reshape_and_cache(*, key_cache, value_cache, slot_mapping, **others):
        size = key_cache.shape[1]
        for slot in slot_mapping[(slot_mapping >= 0) & (slot_mapping % size == 0)]:
            key_cache[slot // size] = value_cache[slot // size] = 0
        Indexed.reshape_and_cache(key_cache=key_cache, value_cache=value_cache, slot_mapping=slot_mapping, **others)


RIGHT = (Indexed, TokenByToken)
WRONG = (
    OtherBlockSize, PaddingWritten, PaddingLast, LaterSlots, HeadsFirst, NoScale, Multiplied, QuantisedTwice,
    Overflows, ClearsBlocks,
)  # fmt: skip
