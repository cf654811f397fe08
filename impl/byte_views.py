"""Anything that holds bytes, seen as a NumPy array without copying."""

from __future__ import annotations

from mmap import mmap
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impl.errors import InvalidShape

ByteArray = NDArray[np.uint8]
Buffer = bytes | bytearray | memoryview | mmap | ByteArray


def byte_view(data: Buffer) -> ByteArray:
    """A flat uint8 view of ``data``; read-only where ``data`` is. InvalidShape for what is no buffer."""
    if isinstance(data, np.ndarray) and data.dtype == np.uint8 and data.ndim == 1 and data.flags.c_contiguous:
        return data
    if isinstance(data, np.ndarray) and not data.size:
        return np.empty(0, np.uint8)  # a memoryview of an empty array cannot be cast
    try:
        untyped: Any = data
        flat: Any = memoryview(untyped).cast("B")
    except (TypeError, ValueError) as error:
        raise InvalidShape(f"expected contiguous bytes, got {type(data).__name__} ({error})") from None
    return np.frombuffer(flat, np.uint8) if len(flat) else np.empty(0, np.uint8)
