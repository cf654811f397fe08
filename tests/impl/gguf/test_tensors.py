import struct

import pytest

from impl.errors import MalformedFile
from impl.gguf import GGUFModel
from impl.gguf.cursor import Cursor
from impl.gguf.tensors import TensorInfo, placed, read_descriptors, tensor_count


def test_dimensions_are_given_both_ways():
    info = TensorInfo("w", (256, 3, 2), 12, 0, 864)
    assert info.shape == (2, 3, 256)
    assert info.num_elements == 1536


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": ""}, "tensor name.*1 to 64 bytes, got 0"),
        ({"name": "n" * 65}, "1 to 64 bytes, got 65"),
        ({"name": b"\xff"}, "UTF-8"),
        ({"dims": ()}, "1 to 4 dimensions, got 0"),
        ({"dims": (1,) * 5}, "1 to 4 dimensions, got 5"),
        ({"dims": (4, 0)}, "dimensions of at least 1"),
        ({"dims": (2**32, 2**31)}, r"fewer than 2\^63 elements"),
        ({"dims": (2**63, 2)}, r"fewer than 2\^63 elements"),
        ({"dims": (2**64 - 1,)}, r"fewer than 2\^63 elements"),
        ({"dims": (2**62,)}, "data inside the file"),
        ({"qtype": 4}, "known tensor type.*got 4"),
        ({"qtype": 2**32 - 1}, "known tensor type"),
        ({"qtype": 12, "dims": (255,)}, r"multiple of 256 values \(q4_k\), got 255"),
        ({"offset": 8}, "multiple of 32, got 8"),
        ({"offset": 32}, "data inside the file"),
        ({"offset": 2**64 - 32}, "data inside the file"),
        ({"dims": (4, 3)}, "data inside the file"),
    ],
)
def test_malformed_descriptors_are_refused(parts, fields, message):
    data = parts.assembled(descriptors=[parts.descriptor(**fields)], data=bytes(32))
    with pytest.raises(MalformedFile, match=message):
        GGUFModel.from_bytes(data)


def test_a_descriptor_becomes_an_absolute_range(parts):
    data = parts.assembled(descriptors=[parts.descriptor()], data=bytes(32))
    assert GGUFModel.from_bytes(data).tensors == {"w": TensorInfo("w", (4, 2), 0, len(data) - 32, 32)}


def test_a_repeated_name_is_refused(parts):
    cursor = Cursor(memoryview(parts.descriptor() + parts.descriptor(offset=32)))
    with pytest.raises(MalformedFile, match="each name once, got 'w' a second time"):
        read_descriptors(cursor, 2)


@pytest.mark.parametrize(("a", "b"), [(0, 0), (0, 32), (64, 32)])
def test_overlapping_tensors_are_refused(parts, a, b):
    descriptors = [
        parts.descriptor("a", dims=(16,), offset=a),
        parts.descriptor("b", dims=(16,), offset=b),
    ]
    with pytest.raises(MalformedFile, match="data behind that of"):
        GGUFModel.from_bytes(parts.assembled(descriptors=descriptors, data=bytes(128)))


def test_neighbours_in_any_order_are_fine():
    tensors = {
        "b": TensorInfo("b", (8,), 0, 32, 32),
        "a": TensorInfo("a", (8,), 0, 0, 32),
    }
    assert [tensor.offset for tensor in placed(tensors, 96, 32, 160).values()] == [128, 96]


def test_a_count_is_bounded_by_what_is_left():
    with pytest.raises(MalformedFile, match=r"tensor count.*at most 1, .*got 2"):
        tensor_count(Cursor(memoryview(struct.pack("<Q", 2) + bytes(50))))
