"""The type that NumPy, or ml_dtypes where NumPy has none, has for each number format: the truth of the table."""

import ml_dtypes
import numpy as np

TRUTH = {
    "f32": np.float32, "f64": np.float64, "f16": np.float16, "bf16": ml_dtypes.bfloat16,
    "f8_e4m3fn": ml_dtypes.float8_e4m3fn, "f8_e5m2": ml_dtypes.float8_e5m2,
    "f8_e4m3fnuz": ml_dtypes.float8_e4m3fnuz, "f8_e5m2fnuz": ml_dtypes.float8_e5m2fnuz,
    "f8_e8m0fnu": ml_dtypes.float8_e8m0fnu, "f4_e2m1fn": ml_dtypes.float4_e2m1fn,
    "u4": ml_dtypes.uint4, "i4": ml_dtypes.int4, "u8": np.uint8, "i8": np.int8, "u16": np.uint16, "i16": np.int16,
    "u32": np.uint32, "i32": np.int32, "u64": np.uint64, "i64": np.int64,
}  # fmt: skip
FOUR_BITS = {"u4": range(16), "i4": range(-8, 8)}
INTEGERS = {name: truth for name, truth in TRUTH.items() if name in FOUR_BITS or np.issubdtype(truth, np.integer)}
REALS = {name: truth for name, truth in TRUTH.items() if name not in INTEGERS}


def ends(name: str) -> tuple[int, int]:
    """The least and the greatest integer of a type."""
    if name in FOUR_BITS:
        return FOUR_BITS[name][0], FOUR_BITS[name][-1]
    limits = np.iinfo(INTEGERS[name])
    return int(limits.min), int(limits.max)


def other_sign(name: str) -> np.dtype:
    """The type of integers that reads the same bytes with or without a sign."""
    return np.dtype(INTEGERS[f"{'i' if name[0] == 'u' else 'u'}{name[1:]}"])


def every_number(name: str) -> np.ndarray:
    """Every bit pattern of a format of at most 16 bits, in that format."""
    bits = 4 if name.startswith("f4") else 8 * np.dtype(TRUTH[name]).itemsize
    return np.arange(1 << bits, dtype=np.uint8 if bits <= 8 else np.uint16).view(TRUTH[name])
