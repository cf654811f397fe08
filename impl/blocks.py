"""Block formats: decoding rows of quantised weights, and products of quantised rows with a vector.

Two arithmetics, always named: ``f32`` keeps the activations in float32; ``q8_k`` rounds them to int8 per 256
values first, as ggml does. A scale or minimum that is not finite makes every value of its block NaN or
infinite, and every product of its row: nothing here replaces it by something that looks healthy.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any, Final

import numpy as np

from impl.activations import Floats
from impl.byte_views import Buffer, ByteArray, byte_view
from impl.errors import InvalidShape, UnsupportedOperation
from impl.ggml_types import GGML_TYPES, Q4_K, Q6_K, described
from impl.threads import run

ARITHMETICS: Final = ("f32", "q8_k")

_KERNELS: Final = {Q4_K: "impl.kernels.q4_k", Q6_K: "impl.kernels.q6_k"}

SUPPORTED_QTYPES: Final = tuple(_KERNELS)


@cache
def _decoder(qtype: int) -> Any:
    return import_module(_KERNELS[qtype]).decode_rows


def row_bytes(qtype: int, cols: int) -> int:
    """Bytes of one row of ``cols`` values of a type that ggml knows."""
    return GGML_TYPES[qtype].row_bytes(cols)


def check_arithmetic(arithmetic: str) -> None:
    """Refuse an arithmetic that does not exist."""
    if arithmetic not in ARITHMETICS:
        raise UnsupportedOperation("arithmetic", f"{arithmetic!r} is not one of {', '.join(map(repr, ARITHMETICS))}")


def dequantise_rows(qtype: int, data: Buffer, rows: int, cols: int) -> Floats:
    """The float32 values [rows, cols] of quantised rows, bit for bit as ggml's own dequantisers give them.

    data: rows * row_bytes(qtype, cols) bytes, exactly. Raises UnsupportedOperation for a type other than Q4_K
    and Q6_K, InvalidShape where the bytes do not fit the dimensions.
    """
    if qtype not in _KERNELS:
        raise UnsupportedOperation(
            "dequantise_rows", f"qtype {described(qtype)} not supported, only Q4_K (12) and Q6_K (14)"
        )
    if rows < 1 or cols < 1:
        raise InvalidShape(f"dequantise_rows: {rows} x {cols} values, expected at least 1 x 1")
    weights = byte_view(data)
    expected = rows * row_bytes(qtype, cols)
    if weights.size != expected:
        raise InvalidShape(
            f"dequantise_rows: {weights.size} bytes, "
            f"expected {expected} for {rows} x {cols} values of {described(qtype)}"
        )
    values = np.empty(rows * cols, np.float32)
    _decoder(qtype)(weights, rows, cols, values)
    return values.reshape(rows, cols)


def row_products(qtype: int, weights: ByteArray, x: Floats, out: Floats, arithmetic: str, *, threads: int = 1) -> None:
    """out[r] = row r of ``weights`` . x, for a supported ``qtype`` and a known ``arithmetic``.

    weights: at least out.size * row_bytes(qtype, x.size) bytes (the kernels do not check bounds, so this
    does); the rest is ignored, as is what pads a row whose length is no multiple of 256. x [cols] and out
    [rows] are contiguous float32.
    """
    from impl.kernels.matvec import run_matvec

    need = out.size * row_bytes(qtype, x.size)
    if weights.size < need:
        raise InvalidShape(f"Weight data too small: need {need} bytes, have {weights.size}")
    levels = arithmetic == "q8_k"
    run(run_matvec, threads, out.size * x.size, levels, qtype, weights, x, out)
