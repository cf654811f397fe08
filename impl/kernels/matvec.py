"""A matrix times a vector."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types

from impl.kernels.compile import BYTES, FLOATS, FLOATS_OUT, INTEGER, helper, kernel
from impl.kernels.products import prepare, products, room


@helper
def multiply_part(part: int, parts: int, levels: bool, qtype: int, matrix: Any, prepared: Any, out: Any) -> None:
    """This part's rows of the product."""
    rows = out.size
    only = np.zeros(1, np.int64)
    first, last = rows * part // parts, rows * (part + 1) // parts
    products(levels, qtype, matrix, first, last, prepared, only, only, out.reshape(1, rows))


MATVEC = (types.boolean, INTEGER, BYTES, FLOATS, FLOATS_OUT)


@kernel(*MATVEC)
def run_matvec(levels: bool, qtype: int, matrix: Any, x: Any, out: Any) -> None:
    """out[row] = row of ``matrix`` . x, on the calling thread."""
    prepared = room(levels, 1, x.size)
    prepare(levels, qtype, x, prepared, 0)
    multiply_part(0, 1, levels, qtype, matrix, prepared, out)
