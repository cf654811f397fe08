"""A paged cache of float8 that torch writes by index."""

import numpy as np
import torch


def tensor(array, dtype):
    """The same memory as a tensor: what is written into it is in the caller's array."""
    return torch.from_numpy(array.view(f"i{array.itemsize}")).view(dtype)


class Indexed:
    """Scaled in float32, limited to the largest number, and rounded by torch."""

    @staticmethod
    def reshape_and_cache(*, key, value, key_cache, value_cache, slot_mapping, k_scale, v_scale):
        slots = torch.from_numpy(np.array(slot_mapping))
        kept = slots >= 0
        for cache, new, scale in ((key_cache, key, k_scale), (value_cache, value, v_scale)):
            scaled = (tensor(new, torch.bfloat16).float() / float(scale)).clamp(-448, 448)
            rounded = scaled.to(torch.float8_e4m3fn).view(torch.int8)[kept]
            flat = tensor(cache, torch.float8_e4m3fn).view(torch.int8).flatten(0, 1)
            flat[slots[kept]] = rounded


RIGHT = (Indexed,)
