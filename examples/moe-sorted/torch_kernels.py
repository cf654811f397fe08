"""A mixture of experts in torch: argsort, one linear layer after the other, index_add_."""

import torch
from torch.nn.functional import linear, silu


class IndexAdd:
    """Sorted rows, split by expert; weighted products are added to their tokens."""

    @staticmethod
    def permute(*, x, topk_ids, experts):
        flat = torch.from_numpy(topk_ids).flatten().long()
        order = flat.argsort(stable=True)
        offsets = torch.nn.functional.pad(torch.bincount(flat, minlength=experts).cumsum(0), (1, 0))
        rows = torch.from_numpy(x)[order // topk_ids.shape[1]]
        return {"rows": rows.numpy(), "offsets": offsets.numpy(), "inverse": order.argsort().numpy()}

    @staticmethod
    def moe(*, x, w1, w2, topk_ids, topk_weights):
        x, w1, w2 = torch.from_numpy(x), torch.from_numpy(w1), torch.from_numpy(w2)
        flat = torch.from_numpy(topk_ids).flatten().long()
        order = flat.argsort(stable=True)
        token = order // topk_ids.shape[1]
        parts = x[token].split(torch.bincount(flat, minlength=len(w1)).tolist())
        products = []
        for rows, up, down in zip(parts, w1, w2, strict=True):
            gate, value = linear(rows, up).chunk(2, -1)
            products.append(linear(silu(gate) * value, down))
        weighted = torch.cat(products) * torch.from_numpy(topk_weights).flatten()[order, None]
        return {"y": torch.zeros_like(x).index_add_(0, token, weighted).numpy()}


RIGHT = (IndexAdd,)
