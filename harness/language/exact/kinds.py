"""What kind of value something is, the same in every way of evaluating."""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.language.dtypes import FLOAT32
from harness.language.exact.choice import Choice
from harness.language.exact.region import Bounded
from harness.language.packed import Packed

Value = Any


def is_whole(value: Value) -> bool:
    """Whether a value is made of integers, a choice included."""
    return isinstance(value, int | np.integer | Choice) or (isinstance(value, np.ndarray) and value.dtype.kind in "iu")


def nbytes(x: Value) -> int:
    """Bytes as stored: a float32 array 4 per entry, a quantised tensor its blocks."""
    if isinstance(x, Packed):
        return x.nbytes
    if isinstance(x, Bounded):
        return FLOAT32.bytes * x.v.size
    return int(np.asarray(x).nbytes)


def type_of(x: Value) -> str:
    """The type name of a tensor or array, as subjects see it."""
    if isinstance(x, Packed):
        return x.dtype
    return FLOAT32.name if isinstance(x, Bounded) or np.asarray(x).dtype.kind == "f" else np.asarray(x).dtype.name
