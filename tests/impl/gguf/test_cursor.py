import struct

import pytest

from impl.errors import MalformedFile
from impl.gguf.cursor import Cursor


def test_it_reads_little_endian_values_in_order():
    cursor = Cursor(memoryview(struct.pack("<IQQ2s", 7, 2**40, 2, b"ab")))
    assert (cursor.u32("a"), cursor.u64("b"), cursor.string("c"), cursor.left) == (7, 2**40, "ab", 0)


def test_it_never_reads_past_the_end():
    cursor = Cursor(memoryview(b"abc"))
    with pytest.raises(MalformedFile, match=r"byte 0 \(version\): expected 4 more bytes, got 3 before the end"):
        cursor.u32("version")


def test_strings_are_stepped_over(parts):
    data = parts.string("a") + parts.string("bc") + b"rest"
    cursor = Cursor(memoryview(data))
    cursor.skip_strings(2, "v")
    assert cursor.bytes(4, "rest") == b"rest"


@pytest.mark.parametrize("missing", range(1, 10))
def test_strings_that_are_cut_off_are_refused(parts, missing):
    data = parts.string("a") + parts.string("b")
    with pytest.raises(MalformedFile, match="string 1"):
        Cursor(memoryview(data[:-missing])).skip_strings(2, "v")
