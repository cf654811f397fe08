"""The output head: a row of Q8_0 blocks for every token, times the hidden state."""

import numpy as np

F = np.float32
TILE = 4096


def products(blocks, x, kind=F):
    """Rows of blocks times x: the integers of a block first, its scale afterwards."""
    scale = np.ascontiguousarray(blocks[..., :2]).view(np.float16)[..., 0].astype(kind)
    quants = blocks[..., 2:].view(np.int8)
    out = np.zeros(len(blocks), kind)
    for place, part in enumerate(x.astype(kind).reshape(-1, 32)):
        out += scale[:, place] * (quants[:, place].astype(kind) @ part)
    return out


def rows_of(weights):
    _, shape, data = weights
    return np.frombuffer(data, np.uint8).reshape(shape[0], -1, 34)


def tiled(blocks, x, rows):
    """The logits of so many rows, tile by tile; those of the others stay zero."""
    out = np.zeros(len(blocks), F)
    for first in range(0, rows, TILE):
        last = min(first + TILE, rows)
        out[first:last] = products(blocks[first:last], x)
    return {"logits": out}


class Tiles:
    """Tiles of rows, the last of them shorter."""

    @staticmethod
    def head(*, weights, x):
        blocks = rows_of(weights)
        return tiled(blocks, x, len(blocks))


class Wide:
    """In float64, rounded at the end."""

    @staticmethod
    def head(*, weights, x):
        blocks = rows_of(weights)
        tiles = [products(blocks[first : first + TILE], x, np.float64) for first in range(0, len(blocks), TILE)]
        return {"logits": np.concatenate(tiles).astype(F)}


class ShortRowNumber:
    """The number of a row is kept in 16 bits: from 65,536 on the first rows are read again."""

    @staticmethod
    def head(*, weights, x):
        blocks = rows_of(weights)
        first = tiled(blocks[: 1 << 16], x, min(len(blocks), 1 << 16))["logits"]
        return {"logits": first[np.arange(len(blocks)) % (1 << 16)]}


class WholeTilesOnly:
    """The rows behind the last whole tile of 64 are left out."""

    @staticmethod
    def head(*, weights, x):
        blocks = rows_of(weights)
        return tiled(blocks, x, len(blocks) // 64 * 64)


class OldVocabulary:
    """Rows that were added to a vocabulary of 128,256 are not computed."""

    @staticmethod
    def head(*, weights, x):
        blocks = rows_of(weights)
        return tiled(blocks, x, min(len(blocks), 128_256))


class ThirdBlockMisread:
    """The third block of a row of more than two is read where the first lies (ktransformers 1971)."""

    @staticmethod
    def head(*, weights, x):
        blocks = rows_of(weights).copy()
        if blocks.shape[1] > 2:
            blocks[:, 2] = blocks[:, 0]
        return tiled(blocks, x, len(blocks))


class ScalesBesideQuants:
    """The scales are read from the end of a block, where the last two quants are (llama.cpp 20527)."""

    @staticmethod
    def head(*, weights, x):
        blocks = rows_of(weights)
        with np.errstate(all="ignore"):
            return tiled(np.concatenate([blocks[..., 32:], blocks[..., :32]], -1), x, len(blocks))


RIGHT = (Tiles, Wide)
WRONG = (ShortRowNumber, WholeTilesOnly, OldVocabulary, ThirdBlockMisread, ScalesBesideQuants)
