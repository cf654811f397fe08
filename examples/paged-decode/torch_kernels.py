"""Attention against a paged cache, with torch's scaled_dot_product_attention."""

import numpy as np
import torch
from torch.nn.functional import scaled_dot_product_attention


def tensor(array):
    """A cache of bfloat16 as a tensor."""
    return torch.from_numpy(array.view(np.int16)).view(torch.bfloat16)


class Sdpa:
    """The tokens of each sequence are gathered; the query heads of a key head are its queries."""

    @staticmethod
    def decode(*, query, key_cache, value_cache, block_table, seq_lens, out):
        keys, values, table = tensor(key_cache), tensor(value_cache), torch.from_numpy(block_table).long()
        result = torch.from_numpy(out)
        for sequence, length in enumerate(seq_lens):
            k, v = (
                cache[table[sequence]].flatten(0, 1)[: int(length)].transpose(0, 1).float() for cache in (keys, values)
            )
            result[sequence] = scaled_dot_product_attention(torch.from_numpy(query[sequence]), k, v)


RIGHT = (Sdpa,)
