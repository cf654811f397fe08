import numpy as np
import pytest

from harness.search.array_text import show, show_bytes


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (np.array([1.0, -0.5], np.float32), "[ 1. , -0.5]"),
        (np.zeros(40), "40 zeros"),
        (np.eye(5), "5 of 25 not zero: [0, 0] = 1, [1, 1] = 1, [2, 2] = 1, [3, 3] = 1, [4, 4] = 1"),
        (np.array(3), "3"),
        (np.zeros(0), "[]"),
    ],
)
def test_show(value, shown):
    assert show(value) == shown


def test_show_says_how_much_it_leaves_out():
    assert show(np.ones(100)).endswith("[11] = 1, ... 88 more")


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b"GGUF\x03\0\0\0\x02" + bytes(7), '16 bytes: "GGUF" 03 00 00 00 02 00*7'),
        (b"abc\xff", "4 bytes: 61 62 63 ff"),  # three letters may as well be numbers
        (b'say "no"\n', '9 bytes: "say \\"no\\"" 0a'),
        (b"\n" * 5, "5 bytes: 0a*5"),
        (b"\0", "1 byte: 00"),
        (b"", "0 bytes: none"),
        (bytes(range(128, 168)), "40 bytes: " + " ".join(f"{byte:02x}" for byte in range(128, 160)) + " ... 8 more"),
    ],
)
def test_show_bytes(data, shown):
    for dtype in (np.uint8, np.int64):
        assert show_bytes(np.frombuffer(data, np.uint8).astype(dtype)) == shown
