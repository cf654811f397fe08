"""Rows times vectors in any format and arithmetic, as other kernels call them: room, preparation, products."""

from __future__ import annotations

from typing import Any

import numpy as np

from impl.ggml_types import Q4_K
from impl.kernels.activations import FLOAT_BYTES, LEVEL_BYTES, SUMS, prepare_floats, prepare_levels
from impl.kernels.chosen import q4_k_floats, q4_k_levels, q6_k_floats, q6_k_levels
from impl.kernels.compile import helper
from impl.kernels.scalars import BLOCK


@helper
def room(levels: bool, vectors: int, size: int) -> Any:
    """Unfilled activations (values as bytes, scales, sums) for ``vectors`` vectors of ``size``."""
    blocks = (size + BLOCK - 1) // BLOCK
    return (
        np.empty((vectors, blocks * BLOCK * (LEVEL_BYTES if levels else FLOAT_BYTES)), np.uint8),
        np.empty((vectors, blocks), np.float32),
        np.empty((vectors, blocks * SUMS), np.float32),
    )


@helper
def prepare(levels: bool, qtype: int, x: Any, prepared: Any, n: int) -> None:
    """Vector ``n`` of the prepared activations, from ``x``."""
    values, scales, sums = prepared[0][n], prepared[1][n], prepared[2][n]
    if levels:
        prepare_levels(qtype, x.ctypes, x.size, values.ctypes, scales.ctypes, sums.ctypes)
    else:
        prepare_floats(qtype, x.ctypes, x.size, values.ctypes, scales.ctypes, sums.ctypes)


@helper
def products(
    levels: bool, qtype: int, matrix: Any, first: int, last: int, prepared: Any, inputs: Any, outputs: Any, out: Any
) -> None:
    """out[outputs[p], row] = row . vector inputs[p], rows first..last-1 of the matrix, for every p."""
    values, scales, sums = prepared
    blocks, pairs, columns = scales.shape[1], inputs.size, out.shape[1]
    if levels:
        if qtype == Q4_K:
            q4_k_levels(matrix.ctypes, first, last, blocks, values.ctypes, scales.ctypes, sums.ctypes, inputs.ctypes,
                        outputs.ctypes, pairs, out.ctypes, columns)  # fmt: skip
        else:
            q6_k_levels(matrix.ctypes, first, last, blocks, values.ctypes, scales.ctypes, sums.ctypes, inputs.ctypes,
                        outputs.ctypes, pairs, out.ctypes, columns)  # fmt: skip
    elif qtype == Q4_K:
        q4_k_floats(matrix.ctypes, first, last, blocks, values.ctypes, scales.ctypes, sums.ctypes, inputs.ctypes,
                    outputs.ctypes, pairs, out.ctypes, columns)  # fmt: skip
    else:
        q6_k_floats(matrix.ctypes, first, last, blocks, values.ctypes, scales.ctypes, sums.ctypes, inputs.ctypes,
                    outputs.ctypes, pairs, out.ctypes, columns)  # fmt: skip
