"""Ranges of rows times groups of tokens, four, two and one token at a time."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from impl.kernels.compile import helper, native
from impl.kernels.signatures import PRODUCTS
from impl.kernels.vector import q4_k, q6_k
from impl.kernels.vector.emit import pointer_after
from impl.kernels.vector.router import STEP, product_of_steps
from impl.kernels.vector.rows import row_of


@helper
def alternating(i: int, count: int) -> int:
    """The i-th row of a range of ``count``, from its two halves in turn: two streams of memory are faster than one."""
    half = (count + 1) // 2
    return i // 2 + half * (i % 2)


def _rows_of(block_format: ModuleType, *, floats: bool) -> Any:
    one, two, four = (row_of(block_format, tokens, floats=floats) for tokens in (1, 2, 4))
    block_bytes = block_format.BLOCK_BYTES

    def rows(
        weights: Any, first: int, last: int, blocks: int, values: Any, scales: Any, sums: Any, inputs: Any,
        outputs: Any, pairs: int, out: Any, columns: int,
    ) -> None:  # fmt: skip
        size = blocks * block_bytes
        count = last - first
        at = 0
        while at < pairs:
            fro, to = pointer_after(inputs, 8 * at), pointer_after(outputs, 8 * at)
            left = pairs - at
            for i in range(count):
                row = first + alternating(i, count)
                here = pointer_after(weights, row * size)
                if left >= 4:
                    four(here, blocks, values, scales, sums, fro, to, out, columns, row)
                elif left >= 2:
                    two(here, blocks, values, scales, sums, fro, to, out, columns, row)
                else:
                    one(here, blocks, values, scales, sums, fro, to, out, columns, row)
            at += 4 if left >= 4 else 2 if left >= 2 else 1

    rows.__qualname__ = f"rows_{block_format.__name__.rpartition('.')[2]}_{'floats' if floats else 'levels'}"
    return helper(rows)


_q4_k_floats = _rows_of(q4_k, floats=True)
_q4_k_levels = _rows_of(q4_k, floats=False)
_q6_k_floats = _rows_of(q6_k, floats=True)
_q6_k_levels = _rows_of(q6_k, floats=False)


@native(*PRODUCTS)
def q4_k_floats(weights: Any, first: Any, last: Any, blocks: Any, values: Any, scales: Any, sums: Any, inputs: Any,
                outputs: Any, pairs: Any, out: Any, columns: Any) -> None:  # fmt: skip
    """See ``impl.kernels.signatures``."""
    _q4_k_floats(weights, first, last, blocks, values, scales, sums, inputs, outputs, pairs, out, columns)


@native(*PRODUCTS)
def q4_k_levels(weights: Any, first: Any, last: Any, blocks: Any, values: Any, scales: Any, sums: Any, inputs: Any,
                outputs: Any, pairs: Any, out: Any, columns: Any) -> None:  # fmt: skip
    """See ``impl.kernels.signatures``."""
    _q4_k_levels(weights, first, last, blocks, values, scales, sums, inputs, outputs, pairs, out, columns)


@native(*PRODUCTS)
def q6_k_floats(weights: Any, first: Any, last: Any, blocks: Any, values: Any, scales: Any, sums: Any, inputs: Any,
                outputs: Any, pairs: Any, out: Any, columns: Any) -> None:  # fmt: skip
    """See ``impl.kernels.signatures``."""
    _q6_k_floats(weights, first, last, blocks, values, scales, sums, inputs, outputs, pairs, out, columns)


@native(*PRODUCTS)
def q6_k_levels(weights: Any, first: Any, last: Any, blocks: Any, values: Any, scales: Any, sums: Any, inputs: Any,
                outputs: Any, pairs: Any, out: Any, columns: Any) -> None:  # fmt: skip
    """See ``impl.kernels.signatures``."""
    _q6_k_levels(weights, first, last, blocks, values, scales, sums, inputs, outputs, pairs, out, columns)


@helper
def product_with_floats(row: Any, first: int, x: Any) -> Any:
    """The sum of row[first + i] * x[i]: whole steps of 64 values as vectors, the rest one by one after them."""
    whole = x.size // STEP
    total = product_of_steps(row, first, x, whole) if whole else np.float32(0)
    for i in range(whole * STEP, x.size):
        total += row[first + i] * x[i]
    return total
