"""Attention of one token per sequence against a cache in blocks; the result is written into a buffer."""

import numpy as np

F = np.float32


def attend(query, keys, values):
    """[kv_heads, group, d] against [tokens, kv_heads, d]."""
    scores = np.einsum("hgd,nhd->hgn", query, keys.astype(F)) / np.sqrt(F(query.shape[-1]))
    e = np.exp(scores - scores.max(-1, keepdims=True))
    return np.einsum("hgn,nhd->hgd", e / e.sum(-1, keepdims=True, dtype=F), values.astype(F))


def flat(cache):
    """The cache as slots, one behind the other."""
    return cache.reshape(-1, *cache.shape[2:])


def slots_of(table, length, size):
    """Where the tokens of a sequence lie."""
    n = np.arange(length)
    return table[n // size] * size + n % size


class Gathered:
    """The keys and values of a sequence are gathered first."""

    @staticmethod
    def slots(table, length, size):
        return slots_of(table, length, size)

    def decode(self, *, query, key_cache, value_cache, block_table, seq_lens, out):
        size = key_cache.shape[1]
        for sequence, length in enumerate(seq_lens):
            # a right kernel never leaves the cache; a wrong one reads what lies at its other end
            slots = self.slots(block_table[sequence], int(length), size) % (len(key_cache) * size)
            out[sequence] = attend(query[sequence], flat(key_cache)[slots], flat(value_cache)[slots])


class BlockByBlock:
    """One block at a time, with running sums; what is behind the end of a sequence gets no weight."""

    @staticmethod
    def decode(*, query, key_cache, value_cache, block_table, seq_lens, out):
        size, scale = key_cache.shape[1], F(1) / np.sqrt(F(query.shape[-1]))
        for sequence, length in enumerate(seq_lens):
            q = query[sequence]
            highest, total, mean = np.full(q.shape[:2], -np.inf, F), np.zeros(q.shape[:2], F), np.zeros(q.shape, F)
            for page in range(-(-int(length) // size)):
                block, count = block_table[sequence, page], min(size, int(length) - page * size)
                scores = np.einsum("hgd,nhd->hgn", q, key_cache[block, :count].astype(F)) * scale
                grown = np.maximum(highest, scores.max(-1))
                again, e = np.exp(highest - grown), np.exp(scores - grown[..., None])
                total = total * again + e.sum(-1, dtype=F)
                mean = mean * again[..., None] + np.einsum("hgn,nhd->hgd", e, value_cache[block, :count].astype(F))
                highest = grown
            out[sequence] = mean / total[..., None]


class NoTable(Gathered):
    """mlxcel 119: the blocks of a sequence are taken for the first ones of the cache, in order."""

    @staticmethod
    def slots(table, length, size):
        return np.arange(length)


class Neighbours(Gathered):
    """pypto 470: the table is read at the first page, and the blocks behind that one are taken for the next pages."""

    @staticmethod
    def slots(table, length, size):
        return table[0] * size + np.arange(length)


class PageTooMany(Gathered):
    """pegainfer 291: where the last block is full, another page is read: the last one again, where there is none."""

    @staticmethod
    def slots(table, length, size):
        more = length + size if length % size == 0 else length
        return slots_of(np.append(table, table[-1]), more, size)


class TailsSkipped(Gathered):
    """TileOPs 1787: a block is read in tiles of two, and what is left of it is skipped."""

    @staticmethod
    def slots(table, length, size):
        slots = slots_of(table, length, size)
        whole = max(1, size // 2 * 2)
        return slots[slots % size < whole]


class OneShort(Gathered):
    """The new token itself is not seen, unless it is the only one."""

    @staticmethod
    def slots(table, length, size):
        return slots_of(table, max(1, length - 1), size)


class TableByPages:
    """The table is read with its axes exchanged."""

    @staticmethod
    def decode(*, query, key_cache, value_cache, block_table, seq_lens, out):
        turned = block_table.reshape(-1).reshape(block_table.shape[::-1]).T
        Gathered().decode(query=query, key_cache=key_cache, value_cache=value_cache, block_table=turned,
                          seq_lens=seq_lens, out=out)  # fmt: skip


class Interleaved:
    """Query heads are dealt out among key heads in turn, and not in groups."""

    @staticmethod
    def decode(*, query, key_cache, value_cache, block_table, seq_lens, out):
        sequences, kv_heads, group, d = query.shape
        dealt = query.reshape(sequences, group, kv_heads, d).swapaxes(1, 2)
        result = np.empty(dealt.shape, F)
        Gathered().decode(query=dealt, key_cache=key_cache, value_cache=value_cache, block_table=block_table,
                          seq_lens=seq_lens, out=result)  # fmt: skip
        out[...] = result.swapaxes(1, 2).reshape(query.shape)


class Added:
    """The parts of blocks are added to what the buffer holds, which nobody had set to zero."""

    @staticmethod
    def decode(*, query, key_cache, value_cache, block_table, seq_lens, out):
        result = np.empty_like(out)
        Gathered().decode(query=query, key_cache=key_cache, value_cache=value_cache, block_table=block_table,
                          seq_lens=seq_lens, out=result)  # fmt: skip
        out += result


class PaddedHeads:
    """Results of heads lie as far apart as their width rounded up to a multiple of eight."""

    @staticmethod
    def decode(*, query, key_cache, value_cache, block_table, seq_lens, out):
        result = np.empty_like(out)
        Gathered().decode(query=query, key_cache=key_cache, value_cache=value_cache, block_table=block_table,
                          seq_lens=seq_lens, out=result)  # fmt: skip
        heads, wide = out.size // out.shape[-1], -(-out.shape[-1] // 8) * 8
        strides = (wide * out.itemsize, out.itemsize)
        np.lib.stride_tricks.as_strided(out, (heads, out.shape[-1]), strides)[...] = result.reshape(heads, -1)


RIGHT = (Gathered, BlockByBlock)
WRONG = (
    NoTable, Neighbours, PageTooMany, TailsSkipped, OneShort, TableByPages, Interleaved, Added, PaddedHeads,
)  # fmt: skip
