import mmap

import numpy as np
import pytest

from impl.byte_views import byte_view
from impl.errors import InvalidShape


@pytest.mark.parametrize("make", [bytes, bytearray, memoryview, lambda raw: np.frombuffer(raw, np.uint8)])
def test_bytes_of_every_kind_are_seen_without_copying(make):
    data = make(b"abc")
    view = byte_view(data)
    assert view.tolist() == [97, 98, 99]
    assert np.shares_memory(view, np.frombuffer(data, np.uint8))


def test_a_map_is_seen_read_only(tmp_path):
    (tmp_path / "f").write_bytes(b"abc")
    with (tmp_path / "f").open("rb") as file:
        view = byte_view(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    assert view.tobytes() == b"abc"
    assert not view.flags.writeable


def test_other_elements_are_seen_as_their_bytes():
    assert byte_view(np.ones((2, 2), np.float32)).size == 16


def test_nothing_is_an_empty_view():
    assert byte_view(b"").size == 0


@pytest.mark.parametrize("data", [None, 7, "text", [1, 2], np.zeros((4, 4), np.uint8)[:, ::2]])
def test_what_is_no_contiguous_buffer_is_refused(data):
    with pytest.raises(InvalidShape, match="expected contiguous bytes"):
        byte_view(data)
