"""Tensor types of ggml as data: number, name, values and bytes per block (ggml.h, ``enum ggml_type``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

F32: Final = 0
Q4_K: Final = 12
Q6_K: Final = 14


@dataclass(frozen=True, slots=True)
class GgmlType:
    """One tensor type. ``block_size`` values are stored in ``block_bytes`` bytes."""

    qtype: int
    name: str
    block_size: int
    block_bytes: int

    def row_bytes(self, cols: int) -> int:
        """Bytes of a row of ``cols`` values; a last block that is not full is stored whole."""
        return -(-cols // self.block_size) * self.block_bytes


GGML_TYPES: Final[dict[int, GgmlType]] = {
    row[0]: GgmlType(*row)
    for row in (
        (0, "f32", 1, 4),
        (1, "f16", 1, 2),
        (2, "q4_0", 32, 18),
        (3, "q4_1", 32, 20),
        (6, "q5_0", 32, 22),
        (7, "q5_1", 32, 24),
        (8, "q8_0", 32, 34),
        (9, "q8_1", 32, 36),  # two halves and 32 bytes; the gguf package still says 40, its size before 2024
        (10, "q2_k", 256, 84),
        (11, "q3_k", 256, 110),
        (12, "q4_k", 256, 144),
        (13, "q5_k", 256, 176),
        (14, "q6_k", 256, 210),
        (15, "q8_k", 256, 292),
        (16, "iq2_xxs", 256, 66),
        (17, "iq2_xs", 256, 74),
        (18, "iq3_xxs", 256, 98),
        (19, "iq1_s", 256, 50),
        (20, "iq4_nl", 32, 18),
        (21, "iq3_s", 256, 110),
        (22, "iq2_s", 256, 82),
        (23, "iq4_xs", 256, 136),
        (24, "i8", 1, 1),
        (25, "i16", 1, 2),
        (26, "i32", 1, 4),
        (27, "i64", 1, 8),
        (28, "f64", 1, 8),
        (29, "iq1_m", 256, 56),
        (30, "bf16", 1, 2),
        (34, "tq1_0", 256, 54),
        (35, "tq2_0", 256, 66),
    )
}

NAMED_ONLY: Final[dict[int, str]] = {39: "mxfp4", 40: "nvfp4", 41: "q1_0", 42: "q2_0"}
"""Newer types of ggml, which this package knows by name alone: a file that has one is refused, not malformed."""

_BY_NAME: Final = {entry.name: entry for entry in GGML_TYPES.values()}


def type_named(name: str) -> GgmlType | None:
    """The type called ``name`` (any case), or None."""
    return _BY_NAME.get(name.lower())


def described(qtype: int) -> str:
    """``12 (q4_k)``; the bare number where ggml has no such type."""
    name = GGML_TYPES[qtype].name if qtype in GGML_TYPES else NAMED_ONLY.get(qtype)
    return f"{qtype} ({name})" if name else str(qtype)
