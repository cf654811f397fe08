import mmap

import numpy as np
import pytest

from impl.errors import InvalidShape, UnsupportedOperation
from impl.packing import PackCache, source_tensor


def mapped(path, content):
    path.write_bytes(content)
    with path.open("rb") as file:
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def test_a_quantised_tensor_is_taken_as_it_is():
    data = bytes(288)
    source = source_tensor("gate", ("q4_k", (1, 2, 256), data))
    assert (source.qtype, source.shape) == (12, (1, 2, 256))
    assert source.data is data


@pytest.mark.parametrize(("dtype", "qtype"), [("float32", 0), ("float16", 1), ("float64", 28), ("int32", 26)])
def test_a_plain_array_has_the_type_of_its_elements(dtype, qtype):
    source = source_tensor("router", np.zeros((2, 3), dtype))
    assert (source.qtype, source.shape) == (qtype, (2, 3))


@pytest.mark.parametrize(
    ("tensor", "error", "message"),
    [
        (None, InvalidShape, r"gate: expected \(dtype, shape, bytes\) or an array, got NoneType"),
        (("q4_k", (1, 256)), InvalidShape, "expected"),
        (("q4_k", (1.5, 256), bytes(144)), InvalidShape, "shape must be integers"),
        (("q4_k", None, bytes(144)), InvalidShape, "shape must be integers"),
        (("q4_k", (), b""), InvalidShape, "dimensions must be at least 1"),
        (("q4_k", (0, 256), b""), InvalidShape, "dimensions must be at least 1"),
        (("q4_k", (-1, 256), b""), InvalidShape, "dimensions must be at least 1"),
        (("q4_k", (1, 256), "text"), InvalidShape, "expected contiguous bytes"),
        (("q9_z", (1, 256), bytes(144)), UnsupportedOperation, "gate: 'q9_z' is no ggml type"),
        ((12, (1, 256), bytes(144)), UnsupportedOperation, "gate: 12 is no ggml type"),
        (np.zeros(3, np.complex64), InvalidShape, "no tensor type for an array of complex64"),
    ],
)
def test_what_is_no_tensor_is_refused(tensor, error, message):
    with pytest.raises(error, match=message):
        source_tensor("gate", tensor)


def pack(cache, **tensors):
    return cache.packed({name: source_tensor(name, tensor) for name, tensor in tensors.items()})


def test_bytes_and_maps_are_packed_once(tmp_path):
    cache = PackCache()
    data, view = bytes(144), mapped(tmp_path / "f", bytes(144))
    for content in (data, view):
        first = pack(cache, a=("q4_k", (1, 256), content))
        assert pack(cache, a=("q4_k", (1, 256), content)) is first
        assert pack(cache, a=("q4_k", (256,), content)) is not first
        assert pack(cache, b=("q4_k", (1, 256), content)) is not first
        assert pack(cache, a=("q6_k", (1, 256), content)) is not first


def test_two_views_of_the_same_bytes_are_the_same_tensor(tmp_path):
    cache = PackCache()
    view = mapped(tmp_path / "f", bytes(144) + bytes([1]) * 144)
    first = pack(cache, a=("q4_k", (1, 256), view[:144]))
    assert pack(cache, a=("q4_k", (1, 256), view[:144])) is first
    assert pack(cache, a=("q4_k", (1, 256), view[144:]))[0][0] == 1


def test_an_array_over_a_map_counts_as_the_map(tmp_path):
    cache = PackCache()
    array = np.frombuffer(mapped(tmp_path / "f", bytes(24)), np.float32).reshape(2, 3)
    assert pack(cache, a=array) is pack(cache, a=array)


@pytest.mark.parametrize("make", [lambda: bytearray(144), lambda: np.zeros(144, np.uint8)])
def test_what_can_change_is_recognised_by_its_content(make):
    cache = PackCache()
    content = make()
    for seen_as in (content, memoryview(content).toreadonly()):
        tensor = ("q4_k", (1, 256), seen_as)
        content[5] = 0
        before = pack(cache, a=tensor)
        content[5] = 7
        after, _ = pack(cache, a=tensor)
        assert after[5] == 7
        assert before[0][5] == 0
        content[5] = 0
        assert pack(cache, a=tensor)[0] is before[0]


def test_a_read_only_view_of_a_writable_array_can_change():
    cache = PackCache()
    owner = np.zeros(6, np.float32)
    view = owner[:]
    view.flags.writeable = False
    pack(cache, a=view)
    owner[0] = 1
    assert pack(cache, a=view)[0].view(np.float32)[0] == 1


def test_only_the_last_few_are_kept():
    cache = PackCache()
    first = bytes(144)
    kept = pack(cache, a=("q4_k", (1, 256), first))
    for _ in range(8):
        pack(cache, a=("q4_k", (1, 256), bytes([1]) * 144))  # a new object each time
    assert pack(cache, a=("q4_k", (1, 256), first)) is not kept
