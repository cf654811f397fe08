"""What the row products of every format, arithmetic and kind of CPU have in common.

``products(weights, first, last, blocks, values, scales, sums, inputs, outputs, pairs, out, columns)`` stores

    out[outputs[p] * columns + row] = row of the matrix . vector inputs[p]     rows first..last-1, p in 0..pairs-1

weights: the first byte of the matrix, rows of ``blocks`` blocks. values [n, blocks * 256] (float32 or int8), scales
[n, blocks], sums [n, blocks * 16]: vectors as ``impl.kernels.activations`` prepares them. inputs, outputs: int64
[pairs]. Nothing is checked. A result does not depend on the range of rows, nor on the other pairs.
"""

from __future__ import annotations

from impl.kernels.compile import BYTE_POINTER, FLOAT_POINTER, INTEGER, INTEGER_POINTER

PRODUCTS = (
    BYTE_POINTER, INTEGER, INTEGER, INTEGER, BYTE_POINTER, FLOAT_POINTER, FLOAT_POINTER, INTEGER_POINTER,
    INTEGER_POINTER, INTEGER, FLOAT_POINTER, INTEGER,
)  # fmt: skip
