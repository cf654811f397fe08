"""Number formats of tensors in GGUF files: name, values and bytes of a block (ggml.h and ggml-common.h).

A table of its own: the formats of contracts are what a contract says, these are what a file may hold.
"""

from __future__ import annotations

from typing import NamedTuple


class TensorType(NamedTuple):
    """`values` of a row are stored together in `size` bytes."""

    name: str
    values: int
    size: int


TYPES = {
    0: TensorType("f32", 1, 4),
    1: TensorType("f16", 1, 2),
    2: TensorType("q4_0", 32, 2 + 16),
    3: TensorType("q4_1", 32, 4 + 16),
    6: TensorType("q5_0", 32, 2 + 4 + 16),
    7: TensorType("q5_1", 32, 4 + 4 + 16),
    8: TensorType("q8_0", 32, 2 + 32),
    9: TensorType("q8_1", 32, 4 + 32),
    10: TensorType("q2_k", 256, 16 + 64 + 4),
    11: TensorType("q3_k", 256, 32 + 64 + 12 + 2),
    12: TensorType("q4_k", 256, 4 + 12 + 128),
    13: TensorType("q5_k", 256, 4 + 12 + 32 + 128),
    14: TensorType("q6_k", 256, 128 + 64 + 16 + 2),
    15: TensorType("q8_k", 256, 4 + 256 + 32),
    16: TensorType("iq2_xxs", 256, 2 + 64),
    17: TensorType("iq2_xs", 256, 2 + 64 + 8),
    18: TensorType("iq3_xxs", 256, 2 + 96),
    19: TensorType("iq1_s", 256, 2 + 32 + 16),
    20: TensorType("iq4_nl", 32, 2 + 16),
    21: TensorType("iq3_s", 256, 2 + 64 + 8 + 32 + 4),
    22: TensorType("iq2_s", 256, 2 + 64 + 8 + 8),
    23: TensorType("iq4_xs", 256, 2 + 2 + 4 + 128),
    24: TensorType("i8", 1, 1),
    25: TensorType("i16", 1, 2),
    26: TensorType("i32", 1, 4),
    27: TensorType("i64", 1, 8),
    28: TensorType("f64", 1, 8),
    29: TensorType("iq1_m", 256, 32 + 16 + 8),
    30: TensorType("bf16", 1, 2),
    34: TensorType("tq1_0", 256, 48 + 4 + 2),
    35: TensorType("tq2_0", 256, 64 + 2),
}

NEWER = {39: "mxfp4", 40: "nvfp4", 41: "q1_0", 42: "q2_0"}
"""Known by name alone: no contract has weights in them, and a file that has is refused by the name."""
