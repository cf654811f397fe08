"""Block formats: what the bytes of a quantised tensor mean.

A format comes from a contract: fields of one block and integer equations. The oracle decodes with those,
never with code of the implementation under test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.language.dtypes import DTYPES
from harness.language.sizes import Size
from harness.language.syntax import Node
from harness.language.types import Array


@dataclass(frozen=True, eq=False)  # by identity: formats are keys of caches
class BlockFormat:
    """`values` weights in `size` bytes. `weights`: the equation that gives them; `scales`: fields linear in them."""

    name: str
    values: int
    size: int
    fields: Mapping[str, tuple[str, int, int]]  # dtype, first byte, last byte (exclusive)
    equations: Mapping[str, Node]
    weights: str
    scales: tuple[str, ...]

    def blocks_per_row(self, columns: int) -> int:
        """Rows are padded to whole blocks."""
        return -(-columns // self.values)


def field_count(dtype: str, first: int, last: int) -> int:
    """How many numbers the bytes from `first` to `last` (not included) of a block hold."""
    return (last - first) * 8 // DTYPES[dtype].bits


def field_type(dtype: str, first: int, last: int) -> Array:
    """What a field is in the equations of its format: a vector, or a single number."""
    count, known = field_count(dtype, first, last), DTYPES[dtype]
    shape = () if count == 1 else (Size.of(count),)
    if known.is_real:
        return Array(known.kind, shape)
    return Array(known.kind, shape, low=Size.of(known.integers[0]), high=Size.of(known.integers[-1]))
