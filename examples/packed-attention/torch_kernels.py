"""torch's own attention, sequence by sequence."""

from itertools import pairwise

import torch


class Torch:
    """scaled_dot_product_attention of each sequence."""

    @staticmethod
    def attend(*, q, k, v, cu_seqlens):
        out = torch.zeros(v.shape)
        for first, last in pairwise(cu_seqlens):
            if last > first:
                own = (torch.from_numpy(part[first:last]).transpose(0, 1)[None] for part in (q, k, v))
                result = torch.nn.functional.scaled_dot_product_attention(*own, is_causal=True)
                out[first:last] = result[0].transpose(0, 1)
        return {"out": out.numpy()}


RIGHT = (Torch,)
