"""What kind of value something is, the same in every way of evaluating."""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.language.exact.choice import Choice

Value = Any


def is_whole(value: Value) -> bool:
    """Whether a value is made of integers, a choice included."""
    return isinstance(value, int | np.integer | Choice) or (isinstance(value, np.ndarray) and value.dtype.kind in "iu")


def is_truth(value: Value) -> bool:
    """Whether a value is a truth value, or an array of them, of the float32 domain or of a table."""
    return isinstance(value, bool | np.bool_) or (isinstance(value, np.ndarray) and value.dtype.kind == "b")
