"""Arguments that lie behind more zeros than memory has room for: of those, no page is touched, and none is taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.language.packed import Packed

FAR = 1 << 30  # bytes of an array that is not read whole: no case draws one of this size (program/limits.py)
PART = 1 << 24  # bytes of a part of it that equations compute with
END = 1 << 20  # bytes at either end that are compared


@dataclass(frozen=True)
class Behind:
    """An array or tensor with zeros in front along its first axis, as a claim gives it to a subject."""

    value: Any
    count: int

    def laid_out(self, value: Any) -> Any:
        """The argument itself; `value`: what a subject would get without the zeros.

        NumPy asks the system for memory that is zero already, so only the pages behind the zeros are written.
        """
        if isinstance(value, np.ndarray):
            whole = np.zeros((self.count + value.shape[0], *value.shape[1:]), value.dtype)
            whole[self.count :] = value
            return whole
        dtype, shape, data = value
        flat = np.frombuffer(data, np.uint8)
        raw = np.zeros(flat.size // shape[0] * self.count + flat.size, np.uint8)
        raw[raw.size - flat.size :] = flat
        raw.flags.writeable = False
        return dtype, (self.count + shape[0], *shape[1:]), raw.data


class Untouched(np.ndarray[Any, Any]):
    """A large array as equations read it: parts may be taken of it, and nothing is computed with the whole."""

    __array_ufunc__ = None  # type: ignore[assignment]  # as NumPy says how to refuse operators

    @staticmethod
    def of(value: np.ndarray) -> np.ndarray:
        """The array itself where it is not large."""
        return value.view(Untouched) if value.nbytes > FAR else value

    @staticmethod
    def is_large(value: Any) -> bool:
        """Whether a part is still too large to be read."""
        return isinstance(value, Untouched) and value.nbytes > PART


def is_far(value: Any) -> bool:
    """Whether an array, or a tensor in blocks, is too large to be computed with as a whole."""
    return Untouched.is_large(value) or (isinstance(value, Packed) and value.nbytes > FAR)


def both_ends(value: np.ndarray) -> bytes:
    """The content of an array; of a large one its first and last bytes, for the rest takes no memory until read."""
    if value.nbytes <= FAR:
        return value.tobytes()
    rows = max(1, END * len(value) // value.nbytes)
    return value[:rows].tobytes() + value[-rows:].tobytes()
