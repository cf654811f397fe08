"""Pairs of token and expert in blocks of one expert."""

import numpy as np


class Sorted:
    """A stable sort; the pairs of an expert stand in their order."""

    @classmethod
    def align(cls, *, topk_ids, experts, block_size, sorted_ids, expert_ids, post_pad):
        flat = topk_ids.reshape(-1)
        order = np.argsort(flat, kind="stable")
        counts = np.bincount(flat, minlength=experts)
        blocks = cls.blocks(counts, block_size)
        sorted_ids[...] = cls.padding(len(flat))
        expert_ids[...] = cls.NOBODY
        first = place = 0
        for expert, count in enumerate(counts):
            held = min(count, blocks[expert] * block_size)
            sorted_ids[place : place + held] = order[first : first + held]
            expert_ids[place // block_size : place // block_size + blocks[expert]] = expert
            first, place = first + count, place + blocks[expert] * block_size
        post_pad[...] = place

    NOBODY = -1

    @staticmethod
    def blocks(counts, block_size):
        return -(-counts // block_size)

    @staticmethod
    def padding(pairs):
        return pairs


class Counted:
    """Places are counted, one pair after the other from the last to the first."""

    @staticmethod
    def align(*, topk_ids, experts, block_size, sorted_ids, expert_ids, post_pad):
        flat = topk_ids.reshape(-1)
        sorted_ids.fill(len(flat))
        expert_ids.fill(-1)
        starts, block = [], 0
        for expert in range(experts):
            starts.append(block * block_size)
            many = int(np.ceil(np.count_nonzero(flat == expert) / block_size))
            expert_ids[block : block + many] = expert
            block += many
        for pair in reversed(range(len(flat))):
            sorted_ids[starts[flat[pair]]] = pair
            starts[flat[pair]] += 1
        post_pad[0] = block * block_size


class OnlyTheFirst(Sorted):
    """vllm-xpu-kernels 453: pair 0 alone is written, and every other place holds padding."""

    @classmethod
    def align(cls, *, sorted_ids, topk_ids, **rest):
        Sorted.align(sorted_ids=sorted_ids, topk_ids=topk_ids, **rest)
        sorted_ids[sorted_ids > 0] = topk_ids.size


class FirstExpertBehindTheEnd(Sorted):
    """vllm 35161: blocks behind the last one belong to expert 0, not to none."""

    NOBODY = 0


class LastBlockLost(Sorted):
    """Blocks are counted by a division that rounds down: what does not fill one is lost."""

    @staticmethod
    def blocks(counts, block_size):
        return counts // block_size


class OneBlockMore(Sorted):
    """An expert whose pairs fill their blocks gets one more, all padding."""

    @staticmethod
    def blocks(counts, block_size):
        return np.where(counts > 0, counts // block_size + 1, 0)

    @classmethod
    def align(cls, *, topk_ids, block_size, sorted_ids, expert_ids, **rest):
        wide, many = np.empty(2 * sorted_ids.size, np.int32), np.empty(2 * expert_ids.size, np.int32)
        super().align(topk_ids=topk_ids, block_size=block_size, sorted_ids=wide, expert_ids=many, **rest)
        sorted_ids[...], expert_ids[...] = wide[: sorted_ids.size], many[: expert_ids.size]


class PaddingIsAPair(Sorted):
    """Places that are left over hold 0, which is a pair: its product is added again and again."""

    @staticmethod
    def padding(_pairs):
        return 0


class NotWritten:
    """Only places of pairs are written; padding is what the buffer held before."""

    @staticmethod
    def align(*, sorted_ids, topk_ids, **rest):
        whole = np.empty_like(sorted_ids)
        Sorted.align(sorted_ids=whole, topk_ids=topk_ids, **rest)
        sorted_ids[whole < topk_ids.size] = whole[whole < topk_ids.size]


class BlocksShared(Sorted):
    """Pairs are sorted, and only the end is padded: a block holds the pairs of several experts."""

    @staticmethod
    def align(*, topk_ids, experts, block_size, sorted_ids, expert_ids, post_pad):
        flat = topk_ids.reshape(-1)
        order = np.argsort(flat, kind="stable")
        sorted_ids[...], expert_ids[...] = flat.size, -1
        sorted_ids[: flat.size] = order
        firsts = flat[order][::block_size]
        expert_ids[: firsts.size] = firsts
        post_pad[...] = firsts.size * block_size


RIGHT = (Sorted, Counted)
WRONG = (
    OnlyTheFirst,
    FirstExpertBehindTheEnd,
    LastBlockLost,
    OneBlockMore,
    PaddingIsAPair,
    NotWritten,
    BlocksShared,
)
