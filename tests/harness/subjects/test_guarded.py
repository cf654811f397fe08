"""Guard bytes lie on every side of an array, and one changed byte is noticed."""

import ml_dtypes
import numpy as np
import pytest

from harness.subjects.guarded import LEAST, MOST, guarded

ARRAYS = [
    np.arange(6, dtype=np.float32).reshape(2, 3),
    np.arange(5, dtype=np.int8),
    np.array(2.5, np.float64),
    np.zeros((0, 3), np.float32),
    np.arange(6).astype(ml_dtypes.bfloat16).reshape(3, 2),
    np.arange(4).astype(ml_dtypes.int4),
]
KINDS = ("", "item_aligned", "unaligned", "non_contiguous")


@pytest.mark.parametrize("memory", KINDS)
@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: f"{array.dtype}{array.shape}")
def test_the_array_is_the_same_and_nothing_is_touched(array, memory):
    made = guarded("x", array, memory)
    assert (made.array.dtype, made.array.shape, made.array.tobytes()) == (array.dtype, array.shape, array.tobytes())
    assert made.touched() is None and made.array.flags.writeable
    made.array[...] = 1
    assert made.touched() is None


@pytest.mark.parametrize("memory", KINDS)
def test_every_guard_byte_is_looked_at(memory):
    made = guarded("x", np.arange(6, dtype=np.float32).reshape(2, 3), memory)
    sides = [("before its beginning", made.before), ("behind its end", made.behind)]
    if made.gaps is not None:
        sides.append(("in the gaps between its entries", made.gaps))
    for where, guard in sides:
        for place in {0, guard.size // 2, guard.size - 1}:
            held = guard.flat[place]
            guard.flat[place] = 0 if held else 1
            assert made.touched().where == where
            guard.flat[place] = held
        assert made.touched() is None


@pytest.mark.parametrize(("bytes_", "guard"), [(24, LEAST), (8192, 8192), (4 * MOST, MOST)])
def test_there_are_as_many_as_the_array_has_within_limits(bytes_, guard):
    made = guarded("x", np.zeros(bytes_, np.uint8))
    assert made.before.size == made.behind.size == guard
    assert made.array.ctypes.data % 64 == 0
    assert made.before.ctypes.data + guard == made.array.ctypes.data
    assert made.array.ctypes.data + bytes_ == made.behind.ctypes.data


@pytest.mark.parametrize("dtype", [np.float32, ml_dtypes.bfloat16, np.int8, ml_dtypes.int4])
def test_what_lies_there_is_told_as_entries(dtype):
    made = guarded("x", np.zeros((2, 3), dtype))
    made.behind[: 2 * made.array.itemsize].view(dtype)[:] = np.array([1, 2]).astype(dtype)
    assert made.touched().holds == "x[2, 0] = 1, x[2, 1] = 2; the shape of x is (2, 3)"
