"""A vector of activations as the row products of one format and one arithmetic take it.

Done once for a vector, and then used for every row: 256 values at a time are put into the order in which a block's
weights are unpacked, with a scale (``q8_k``: of the int8 levels; ``f32``: unused) and 16 sums. Sums times the 16
scales of a block give what the block subtracts: Q4_K's minima (lanes 8-15: sums of 32 values, lanes 0-7: zero),
Q6_K's offset of 32 (each lane: 32 times the sum of 16 values).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray

from impl.ggml_types import Q4_K
from impl.kernels.chosen import FLOAT_ORDERS, LEVEL_ORDERS
from impl.kernels.compile import BYTE_POINTER, FLOAT_POINTER, INTEGER, helper, native
from impl.kernels.q8_k import quantise
from impl.kernels.scalars import BLOCK

SUMS = 16
FLOAT_BYTES = 4
LEVEL_BYTES = 1
_OFFSET = np.float32(32)
_PREPARE = (INTEGER, FLOAT_POINTER, INTEGER, BYTE_POINTER, FLOAT_POINTER, FLOAT_POINTER)


@helper
def _total(part: Any) -> Any:
    total = np.float32(0)
    for i in range(part.size):
        total += np.float32(part[i])
    return total


@helper
def _sum(qtype: int, natural: Any, sums: Any) -> None:
    """The sums of a block's sub-blocks, in float32: of levels they are exact."""
    if qtype == Q4_K:
        sums[:8] = np.float32(0)
        for j in range(8):
            sums[8 + j] = _total(natural[32 * j : 32 * (j + 1)])
    else:
        for j in range(SUMS):
            sums[j] = _OFFSET * _total(natural[16 * j : 16 * (j + 1)])


@native(*_PREPARE)
def prepare_floats(qtype: Any, x: Any, size: Any, values: Any, scales: Any, sums: Any) -> None:
    """One vector for the f32 arithmetic.

    x: float32 [size]. Filled, with blocks = ceil(size / 256): values (float32 [blocks * 256]), scales [blocks], sums
    [blocks * 16]. What is missing from the last block counts as zeros.
    """
    blocks = (size + BLOCK - 1) // BLOCK
    vector = carray(x, (size,))
    filled = carray(values, (blocks * BLOCK * FLOAT_BYTES,)).view(np.float32)
    order = FLOAT_ORDERS[0 if qtype == Q4_K else 1]
    natural = np.zeros(BLOCK, np.float32)
    for b in range(blocks):
        part = vector[b * BLOCK : min((b + 1) * BLOCK, size)]
        natural[part.size :] = np.float32(0)
        natural[: part.size] = part
        carray(scales, (blocks,))[b] = np.float32(1)
        for i in range(BLOCK):
            filled[b * BLOCK + i] = natural[order[i]]
        _sum(qtype, natural, carray(sums, (blocks * SUMS,))[b * SUMS : (b + 1) * SUMS])


@native(*_PREPARE)
def prepare_levels(qtype: Any, x: Any, size: Any, values: Any, scales: Any, sums: Any) -> None:
    """One vector for the q8_k arithmetic: as ``prepare_floats``, with values int8 [blocks * 256]."""
    blocks = (size + BLOCK - 1) // BLOCK
    vector = carray(x, (size,))
    filled = carray(values, (blocks * BLOCK,)).view(np.int8)
    order = LEVEL_ORDERS[0 if qtype == Q4_K else 1]
    natural = np.zeros(BLOCK, np.int8)
    for b in range(blocks):
        part = vector[b * BLOCK : min((b + 1) * BLOCK, size)]
        natural[part.size :] = np.int8(0)
        carray(scales, (blocks,))[b] = quantise(part, natural)
        for i in range(BLOCK):
            filled[b * BLOCK + i] = natural[order[i]]
        _sum(qtype, natural, carray(sums, (blocks * SUMS,))[b * SUMS : (b + 1) * SUMS])
