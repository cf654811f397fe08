"""Ranges of rows times groups of tokens, token by token; the same functions as ``impl.kernels.vector.products``."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray

from impl.kernels.compile import helper, native
from impl.kernels.plain import q4_k, q6_k
from impl.kernels.q4_k import BLOCK_BYTES as Q4_K_BYTES
from impl.kernels.q6_k import BLOCK_BYTES as Q6_K_BYTES
from impl.kernels.scalars import BLOCK, LANES, sum_of_lanes
from impl.kernels.signatures import PRODUCTS


@helper
def _floats(values: Any, blocks: int, vector: int) -> Any:
    size = blocks * BLOCK
    return carray(values, ((vector + 1) * size * 4,)).view(np.float32)[vector * size :]


@helper
def _levels(values: Any, scales: Any, blocks: int, vector: int) -> Any:
    size = blocks * BLOCK
    levels = carray(values, ((vector + 1) * size,)).view(np.int8)[vector * size :]
    return levels, carray(scales, ((vector + 1) * blocks,))[vector * blocks :]


@native(*PRODUCTS)
def q4_k_floats(weights: Any, first: Any, last: Any, blocks: Any, values: Any, scales: Any, sums: Any, inputs: Any,
                outputs: Any, pairs: Any, out: Any, columns: Any) -> None:  # fmt: skip
    """See ``impl.kernels.signatures``; sums are not used."""
    size = blocks * Q4_K_BYTES
    matrix = carray(weights, (last * size,))
    lanes = np.empty(LANES, np.float32)
    for row in range(first, last):
        for p in range(pairs):
            vector = _floats(values, blocks, inputs[p])
            out[outputs[p] * columns + row] = q4_k.times_floats(matrix, row * size, vector, lanes)


@native(*PRODUCTS)
def q4_k_levels(weights: Any, first: Any, last: Any, blocks: Any, values: Any, scales: Any, sums: Any, inputs: Any,
                outputs: Any, pairs: Any, out: Any, columns: Any) -> None:  # fmt: skip
    """See ``impl.kernels.signatures``; sums are not used."""
    size = blocks * Q4_K_BYTES
    matrix = carray(weights, (last * size,))
    for row in range(first, last):
        for p in range(pairs):
            vector, scale = _levels(values, scales, blocks, inputs[p])
            out[outputs[p] * columns + row] = q4_k.times_levels(matrix, row * size, vector, scale)


@native(*PRODUCTS)
def q6_k_floats(weights: Any, first: Any, last: Any, blocks: Any, values: Any, scales: Any, sums: Any, inputs: Any,
                outputs: Any, pairs: Any, out: Any, columns: Any) -> None:  # fmt: skip
    """See ``impl.kernels.signatures``; sums are not used."""
    size = blocks * Q6_K_BYTES
    matrix = carray(weights, (last * size,))
    lanes = np.empty(LANES, np.float32)
    for row in range(first, last):
        for p in range(pairs):
            vector = _floats(values, blocks, inputs[p])
            out[outputs[p] * columns + row] = q6_k.times_floats(matrix, row * size, vector, lanes)


@native(*PRODUCTS)
def q6_k_levels(weights: Any, first: Any, last: Any, blocks: Any, values: Any, scales: Any, sums: Any, inputs: Any,
                outputs: Any, pairs: Any, out: Any, columns: Any) -> None:  # fmt: skip
    """See ``impl.kernels.signatures``; sums are not used."""
    size = blocks * Q6_K_BYTES
    matrix = carray(weights, (last * size,))
    for row in range(first, last):
        for p in range(pairs):
            vector, scale = _levels(values, scales, blocks, inputs[p])
            out[outputs[p] * columns + row] = q6_k.times_levels(matrix, row * size, vector, scale)


@helper
def product_with_floats(row: Any, first: int, x: Any) -> Any:
    """The sum of row[first + i] * x[i].

    Order: lane l of 32 adds its products in ascending order, the lanes are added by halving, and the values
    left over when the dimension is no multiple of 32 are added last, one by one.
    """
    lanes = np.zeros(LANES, np.float32)
    whole = x.size // LANES * LANES
    for at in range(0, whole, LANES):
        w = row[first + at : first + at + LANES]
        part = x[at : at + LANES]
        for i in range(LANES):
            lanes[i] += w[i] * part[i]
    total = sum_of_lanes(lanes)
    for i in range(whole, x.size):
        total += row[first + i] * x[i]
    return total
