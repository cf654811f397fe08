"""Where a saboteur strikes: a number that depends on the call alone, the same in every process."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np


def position(function: str, arguments: Mapping[str, Any]) -> int:
    """A number made of the function's name and everything it is given."""
    digest = hashlib.blake2b(function.encode(), digest_size=8)
    for name in sorted(arguments):
        value = arguments[name]
        digest.update(f"\0{name}\0".encode())
        if isinstance(value, np.ndarray):
            digest.update(f"{value.dtype.str}{value.shape}".encode())
            digest.update(np.ascontiguousarray(value).tobytes())
        elif isinstance(value, tuple):  # a quantised tensor: type, shape, bytes
            digest.update(repr(value[:2]).encode())
            digest.update(value[2])
        else:
            digest.update(repr(value).encode())
    return int.from_bytes(digest.digest())
