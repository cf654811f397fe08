"""NumPy's own type for each number format: the truth that the table of the language is held to."""

import numpy as np

TRUTH = {
    "f32": np.float32, "f16": np.float16, "u8": np.uint8, "i8": np.int8, "u16": np.uint16, "i16": np.int16,
    "i32": np.int32, "i64": np.int64,
}  # fmt: skip
INTEGERS = {name: truth for name, truth in TRUTH.items() if np.issubdtype(truth, np.integer)}


def other_sign(name: str) -> np.dtype:
    """The type of integers that reads the same bytes with or without a sign."""
    stored = np.dtype(INTEGERS[name])
    return np.dtype(f"{'i' if stored.kind == 'u' else 'u'}{stored.itemsize}")
