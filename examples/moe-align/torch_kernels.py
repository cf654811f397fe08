"""Pairs of token and expert in blocks of one expert, with torch."""

import torch


class Places:
    """The place of each pair from cumulative counts; nothing is done expert by expert."""

    @staticmethod
    def align(*, topk_ids, experts, block_size, sorted_ids, expert_ids, post_pad):
        flat = torch.from_numpy(topk_ids).flatten().long()
        counts = torch.bincount(flat, minlength=experts)
        blocks = (counts + block_size - 1) // block_size
        order = torch.argsort(flat, stable=True)
        moved = (blocks.cumsum(0) - blocks) * block_size - (counts.cumsum(0) - counts)
        ids = torch.from_numpy(sorted_ids).fill_(flat.numel())
        ids[torch.arange(flat.numel()) + moved[flat[order]]] = order.int()
        owner = torch.repeat_interleave(torch.arange(experts), blocks)
        torch.from_numpy(expert_ids).fill_(-1)[: len(owner)] = owner.int()
        torch.from_numpy(post_pad).fill_(len(owner) * block_size)


RIGHT = (Places,)
