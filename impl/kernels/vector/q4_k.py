"""How a Q4_K super-block (layout: ``impl.kernels.q4_k``) becomes vectors.

The 128 bytes of 4-bit values are two loads of 64. A load holds four sub-blocks of 32 values::

    byte     0 ........ 31 | 32 ....... 63
    nibble
    low      sub-block 4c  | sub-block 4c+2          c = 0, 1: which load
    high     sub-block 4c+1| sub-block 4c+3

so that each of the four groups (load c, nibble side s) has two scales: one for lanes 0-7, one for lanes 8-15.
Seen as 16 integers, a load has in lane i the bytes 4i .. 4i+3; shifting by 8j + 4s brings the nibble of byte 4i+j
to the low end of each lane, and a table look-up turns the lane into 0.0 .. 15.0 whatever the bits above it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from llvmlite import ir

from impl.ggml_types import GGML_TYPES, Q4_K
from impl.kernels.vector.emit import BYTE, BYTES, FLOATS, HALF, INT, INTS, LANES, LONG, Emitter

BLOCK_BYTES = GGML_TYPES[Q4_K].block_bytes

_SCALES, _VALUES, _LOAD = 4, 16, 64

GROUP_SCALES = [[2 * (2 * c) + s] * 8 + [2 * (2 * c + 1) + s] * 8 for c in range(2) for s in range(2)]
"""For each group, the lane of ``scales`` that belongs to each of its lanes."""


def scales(emit: Emitter, block: Any) -> Any:
    """Sixteen floats: d * scale of sub-blocks 0-7, then dmin * minimum of sub-blocks 0-7.

    The 12 bytes hold sixteen 6-bit numbers. Four at a time, as the bytes of one 32-bit word::

        word 0: scales 0-3 in bits 0-5, the high two bits of scales 4-7 in bits 6-7
        word 1: minima 0-3 in bits 0-5, the high two bits of minima 4-7 in bits 6-7
        word 2: the low four bits of scales 4-7 (low nibble) and of minima 4-7 (high nibble)
    """
    builder = emit.builder
    word = [emit.load(block, _SCALES + 4 * i, INT) for i in range(3)]

    def low_six(value: Any) -> Any:
        return builder.and_(value, INT(0x3F3F3F3F))

    def joined(nibbles: Any, high_bits: Any) -> Any:
        high = builder.and_(builder.lshr(high_bits, INT(2)), INT(0x30303030))
        return builder.or_(builder.and_(nibbles, INT(0x0F0F0F0F)), high)

    def eight(first: Any, second: Any) -> Any:
        return builder.or_(builder.zext(first, LONG), builder.shl(builder.zext(second, LONG), LONG(32)))

    sixteen = ir.Constant(ir.VectorType(LONG, 2), ir.Undefined)
    sixteen = builder.insert_element(sixteen, eight(low_six(word[0]), joined(word[2], word[0])), INT(0))
    minima = eight(low_six(word[1]), joined(builder.lshr(word[2], INT(4)), word[1]))
    sixteen = builder.bitcast(builder.insert_element(sixteen, minima, INT(1)), ir.VectorType(BYTE, LANES))
    halves = builder.fpext(emit.load(block, 0, ir.VectorType(HALF, 2)), ir.VectorType(FLOATS.element, 2))
    factors = emit.picked(halves, [0] * 8 + [1] * 8)
    return builder.fmul(builder.uitofp(builder.zext(sixteen, INTS), FLOATS), factors)


def floats_of_groups(emit: Emitter, block: Any) -> Iterator[list[Any]]:
    """Of each group its 64 values, as four vectors of 16 floats."""
    table = [float(q) for q in range(16)]
    for c in range(2):
        loaded = emit.load(block, _VALUES + _LOAD * c, INTS)
        for s in range(2):
            yield [emit.looked_up(table, emit.shifted(loaded, 8 * j + 4 * s)) for j in range(4)]


def bytes_of_groups(emit: Emitter, block: Any) -> Iterator[Any]:
    """Of each group its 64 values, as one vector of bytes."""
    for c in range(2):
        loaded = emit.load(block, _VALUES + _LOAD * c, BYTES)
        yield emit.masked(loaded, 15)
        yield emit.shifted(loaded, 4)


def order_of_bytes() -> list[int]:
    """The place in the block of each value, in the order of ``bytes_of_groups``."""
    return [
        64 * (2 * c + half) + 32 * s + i for c in range(2) for s in range(2) for half in range(2) for i in range(32)
    ]  # fmt: skip


def order_of_floats() -> list[int]:
    """The place in the block of each value, in the order of ``floats_of_groups``."""
    places = order_of_bytes()
    return [places[64 * group + 4 * lane + j] for group in range(4) for j in range(4) for lane in range(LANES)]
