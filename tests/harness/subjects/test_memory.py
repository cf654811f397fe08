"""Arguments in unusual memory hold the same numbers."""

import numpy as np
import pytest

from harness.contract.schema import schema
from harness.subjects.memory import MEMORY, placed
from tests.harness.numpy_types import TRUTH

ARRAYS = [
    np.arange(5, dtype=np.float32),
    np.arange(6, dtype=np.uint8).reshape(2, 3),
    np.arange(4, dtype=np.int64),
    np.array(2.5, np.float32),
    np.empty(0, np.float32),
    np.array([np.nan, np.inf, -0.0], np.float32),
    *(np.arange(6).astype(truth).reshape(2, 3) for truth in TRUTH.values()),
]


@pytest.mark.parametrize("memory", MEMORY)
@pytest.mark.parametrize("array", ARRAYS, ids=str)
def test_the_numbers_are_the_same(array, memory):
    moved = placed(array, memory)
    assert (moved.dtype, moved.shape, moved.tobytes()) == (array.dtype, array.shape, array.tobytes())


def test_each_memory_is_what_it_is_called():
    floats = np.arange(5, dtype=np.float32)
    places = {memory: placed(floats, memory) for memory in MEMORY}
    assert places["item_aligned"].ctypes.data % 64 == 4 and places["item_aligned"].flags.aligned
    assert places["unaligned"].ctypes.data % 64 == 1 and not places["unaligned"].flags.aligned
    assert not places["read_only"].flags.writeable and floats.flags.writeable
    assert places["non_contiguous"].strides == (8,) and not places["non_contiguous"].flags.c_contiguous


def test_what_lies_in_the_gaps_is_not_the_numbers():
    gaps = placed(np.arange(3, 8, dtype=np.float32), "non_contiguous")
    assert set(np.lib.stride_tricks.as_strided(gaps, (9,), (4,))[1::2]) == {1}


def test_tensors_move_but_keep_their_bytes_together_and_read_only():
    tensor = ("q4_k", (1, 256), bytes(range(144)))
    dtype, shape, data = placed(tensor, "unaligned")
    assert (dtype, shape, bytes(data)) == tensor and data.readonly and data.contiguous
    assert np.frombuffer(data, np.uint8).ctypes.data % 64 == 1
    assert placed(tensor, "non_contiguous") is tensor and placed(tensor, "read_only") is tensor


@pytest.mark.parametrize("value", [3, "text", ["a", "b"], True])
def test_what_is_no_array_stays(value):
    assert all(placed(value, memory) is value for memory in MEMORY)


def test_the_schema_names_the_same():
    assert schema()["$defs"]["subject"]["properties"]["memory"]["items"]["enum"] == list(MEMORY)
