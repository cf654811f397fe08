"""What output buffers hold before a call: numbers that nothing may be made of, and that no result is by chance.

NaN shows in every sum, and random bits where a kernel takes the larger of two numbers, or compares; each case has one
of them. An entry that holds the same after the call may not have been written at all. Then the call is made once more
with other numbers in every entry: what is still there was never written.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import numpy as np

from harness.language import types as T
from harness.language.dtypes import is_real, of_array, result_type
from harness.language.infer import SubjectType
from harness.program.case import Case
from harness.program.integers import extent

NAN, RANDOM = "NaN", "random bits"


def poison_of(case: Case) -> str:
    """Which of the two a case has: it follows from the recipe, so a replay has the same."""
    return RANDOM if zlib.crc32(case.recipe.encode()) % 2 else NAN


def output_buffers(
    subject: SubjectType, case: Case, sizes: Mapping[str, int], other: bool = False
) -> dict[str, np.ndarray]:
    """What a call of a function in a case finds in each of its output buffers; `other`: in a second call."""
    kind, found = poison_of(case), {}
    for name in subject.buffers:
        declared = subject.returns[name]
        assert isinstance(declared, T.Array), "the contract was checked"
        dtype = result_type(declared.kind, subject.format_of(name, case.inputs))
        shape = tuple(extent(size, sizes) for size in declared.shape)
        found[name] = poison(shape, dtype, kind, other, zlib.crc32(f"{case.recipe} {name}".encode()))
    return found


def poison(shape: tuple[int, ...], dtype: np.dtype, kind: str, other: bool = False, seed: int = 1) -> np.ndarray:
    """The content of a buffer; `other`: another number in every entry. Integers have all bits set in place of NaN.

    `seed`: of random bits, others in each case. Else no case might show that a kernel keeps the larger number.
    """
    found = of_array(dtype)
    if found is not None and found.bits < 8:  # a byte each, of which only the low bits are the number's
        small = np.full(shape, 1) if kind == NAN else np.random.default_rng(seed).integers(1, 3, shape)
        return (small + 3 * other).astype(dtype)
    held = np.empty(shape, dtype)
    bits = held.reshape(-1).view(np.uint8)
    bits[...] = np.random.default_rng(seed).integers(0, 256, bits.size, np.uint8) if kind == RANDOM else 0xFF
    if kind == NAN and is_real(dtype):
        held[...] = np.nan
    bits ^= np.uint8(0x55 * other)
    return held


def unwritten(content: np.ndarray, held: np.ndarray) -> np.ndarray:
    """Where the content of a buffer is, bit by bit, what it held before."""
    width = (*content.shape, content.dtype.itemsize)
    as_bytes = [np.ascontiguousarray(part).reshape(-1).view(np.uint8).reshape(width) for part in (content, held)]
    same: np.ndarray = (as_bytes[0] == as_bytes[1]).all(axis=-1)
    return same
