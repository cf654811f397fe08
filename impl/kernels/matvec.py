"""A matrix times a vector, and the parts of that which the experts share: room for vectors, preparation, products."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import prange, types

from impl.ggml_types import Q4_K
from impl.kernels.activations import FLOAT_BYTES, LEVEL_BYTES, SUMS, prepare_floats, prepare_levels
from impl.kernels.chosen import q4_k_floats, q4_k_levels, q6_k_floats, q6_k_levels
from impl.kernels.compile import BYTES, FLOATS, FLOATS_OUT, INTEGER, helper, kernel, threaded
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


@helper
def _matvec(part: int, parts: int, levels: bool, qtype: int, matrix: Any, prepared: Any, out: Any) -> None:
    rows = out.size
    only = np.zeros(1, np.int64)
    first, last = rows * part // parts, rows * (part + 1) // parts
    products(levels, qtype, matrix, first, last, prepared, only, only, out.reshape(1, rows))


_MATVEC = (types.boolean, INTEGER, BYTES, FLOATS, FLOATS_OUT)


@kernel(*_MATVEC)
def run_matvec(levels: bool, qtype: int, matrix: Any, x: Any, out: Any) -> None:
    """out[row] = row of ``matrix`` . x, on the calling thread."""
    prepared = room(levels, 1, x.size)
    prepare(levels, qtype, x, prepared, 0)
    _matvec(0, 1, levels, qtype, matrix, prepared, out)


@threaded(INTEGER, *_MATVEC)
def run_matvec_on_threads(threads: int, levels: bool, qtype: int, matrix: Any, x: Any, out: Any) -> None:
    """As ``run_matvec``, in ``threads`` parts side by side."""
    prepared = room(levels, 1, x.size)
    prepare(levels, qtype, x, prepared, 0)
    for part in prange(threads):
        _matvec(part, threads, levels, qtype, matrix, prepared, out)
