"""Memory that arguments may lie in, where a contract's `memory` promises it: C code fails on some, writes into some.

Without a promise an array is aligned, contiguous and may be written to. The bytes of a tensor in blocks can never be
written to, and are contiguous.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.language.behind import FAR

ITEM_ALIGNED, UNALIGNED, READ_ONLY, NON_CONTIGUOUS = "item_aligned", "unaligned", "read_only", "non_contiguous"
MEMORY = (ITEM_ALIGNED, UNALIGNED, READ_ONLY, NON_CONTIGUOUS)
LINE = 64  # bytes: no vector is aligned to more


def placed(value: Any, memory: str) -> Any:
    """An argument in this memory: an array, or a tensor as (dtype, shape, bytes). Anything else comes back."""
    match value:
        case np.ndarray() if value.nbytes > FAR:  # new in each call, and begun where the system gives it
            value.flags.writeable = memory != READ_ONLY
        case np.ndarray() if value.size:
            return _array(value, memory)
        case (str() as dtype, tuple() as shape, bytes() as data) if data and memory in (ITEM_ALIGNED, UNALIGNED):
            moved = _array(np.frombuffer(data, np.uint8), memory)
            moved.flags.writeable = False
            return dtype, shape, moved.data
    return value


def _array(value: np.ndarray, memory: str) -> np.ndarray:
    if memory == READ_ONLY:
        fixed = value.copy()
        fixed.flags.writeable = False
        return fixed
    if memory == NON_CONTIGUOUS:
        return _with_gaps(value)
    return _begun_at(value, value.itemsize if memory == ITEM_ALIGNED else 1)


def _with_gaps(value: np.ndarray) -> np.ndarray:
    """Every second entry along the last axis of a larger array, the others of which hold something else."""
    if not value.ndim:
        return value.copy()
    wide = np.repeat(value, 2, axis=-1)
    wide[..., 1::2] = 1
    return wide[..., ::2]


def _begun_at(value: np.ndarray, offset: int) -> np.ndarray:
    """A copy that begins so many bytes behind a multiple of LINE."""
    room = np.zeros(value.nbytes + 2 * LINE, np.uint8)
    first = -room.ctypes.data % LINE + offset
    moved = room[first : first + value.nbytes].view(value.dtype).reshape(value.shape)
    moved[...] = value
    return moved
