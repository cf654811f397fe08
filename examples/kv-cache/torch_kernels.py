"""A cache of keys and values that torch writes in place."""

import ml_dtypes
import numpy as np
import torch


def bytes_of(array):
    """The bytes of a cache as a tensor in the same memory, and torch's name of its number format."""
    whole = torch.frombuffer(memoryview(array.reshape(-1).view(np.uint8)), dtype=torch.uint8)
    return whole, torch.bfloat16 if array.dtype == ml_dtypes.bfloat16 else torch.float16


class CopyInPlace:
    """`copy_` into a slice, which converts; bytes, because the cache may begin at an odd address."""

    @staticmethod
    def append(*, k_cache, v_cache, k, v, layer, start):
        for cache, new in ((k_cache, k), (v_cache, v)):
            if start + new.shape[1] > cache.shape[2]:
                raise ValueError(f"{new.shape[1]} tokens from position {start} on, the cache has {cache.shape[2]}")
            flat, dtype = bytes_of(cache)
            entries = torch.from_numpy(np.array(new)).to(dtype).view(torch.uint8)  # [heads, new, bytes of a row]
            rows = flat.view(*cache.shape[:3], entries.shape[-1])
            rows[layer, :, start : start + new.shape[1]].copy_(entries)


RIGHT = (CopyInPlace,)
