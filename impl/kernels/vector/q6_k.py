"""How a Q6_K super-block (layout: ``impl.kernels.q6_k``) becomes vectors.

Each half of 128 values makes two groups, one from the low and one from the high nibbles of its 64 low bytes::

    low byte     0 ........ 31 | 32 ....... 63
    low nibble   quarter 0     | quarter 1           group 2h       (h = 0, 1: which half)
    high nibble  quarter 2     | quarter 3           group 2h + 1

The high two bits of quarter k lie in bits 2k, 2k+1 of the half's 32 high bytes. These are loaded once into lanes 0-7
and once into lanes 8-15, and moved so that the pair of the lane's quarter comes to bits 4-5 of each byte, above
the nibble. The value 0 .. 63 is the weight plus 32; the offset is taken off by the sums of the activations.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from llvmlite import ir

from impl.ggml_types import GGML_TYPES, Q6_K
from impl.kernels.vector.emit import BYTE, BYTES, FLOAT, FLOATS, HALF, INT, INTS, LANES, Emitter, constant

BLOCK_BYTES = GGML_TYPES[Q6_K].block_bytes

_HIGH_BITS, _SCALES, _D = 128, 192, 208
_LOW_BYTES, _HIGH_BYTES = 64, 32  # of each half

GROUP_SCALES = [[4 * group + lane // 4 for lane in range(LANES)] for group in range(4)]
"""For each group, the lane of ``scales`` that belongs to each of its lanes."""


def scales(emit: Emitter, block: Any) -> Any:
    """Sixteen floats: d * scale of each sub-block."""
    builder = emit.builder
    d = builder.fpext(emit.load(block, _D, HALF), FLOAT)
    signed = builder.sext(emit.load(block, _SCALES, ir.VectorType(BYTE, LANES)), INTS)
    return builder.fmul(builder.sitofp(signed, FLOATS), emit.spread(d))


def bytes_of_groups(emit: Emitter, block: Any) -> Iterator[Any]:
    """Of each group its 64 values plus 32, as one vector of bytes."""
    builder = emit.builder
    for half in range(2):
        low = emit.load(block, _LOW_BYTES * half, INTS)
        high = emit.load(block, _HIGH_BITS + _HIGH_BYTES * half, ir.VectorType(INT, LANES // 2))
        twice = emit.picked(high, [*range(8), *range(8)])
        for side, to_bit_four in ((0, [-4] * 8 + [-2] * 8), (1, [0] * 8 + [2] * 8)):
            nibbles = emit.masked(emit.shifted(low, 4 * side), 0x0F0F0F0F)
            pairs = emit.masked(emit.shifted(twice, to_bit_four), 0x30303030)
            yield builder.bitcast(builder.or_(nibbles, pairs), BYTES)


def floats_of_groups(emit: Emitter, block: Any) -> Iterator[list[Any]]:
    """Of each group its 64 values plus 32, as four vectors of 16 floats: bytes 4i + j of the group for lane i."""
    builder = emit.builder
    zero = constant(BYTES, 0)
    for group in bytes_of_groups(emit, block):
        vectors = []
        for j in range(4):
            bytes_and_zeros = [at for i in range(LANES) for at in (4 * i + j, 64, 64, 64)]
            integers = builder.bitcast(emit.picked(group, bytes_and_zeros, zero), INTS)
            vectors.append(builder.sitofp(integers, FLOATS))
        yield vectors


def order_of_bytes() -> list[int]:
    """The place in the block of each value, in the order of ``bytes_of_groups``."""
    return list(range(256))


def order_of_floats() -> list[int]:
    """The place in the block of each value, in the order of ``floats_of_groups``."""
    return [64 * group + 4 * lane + j for group in range(4) for j in range(4) for lane in range(LANES)]
