import numpy as np
import pytest

from harness.search.array_text import number, number_of_format, show, show_bytes
from tests.harness.numpy_types import TRUTH


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


NARROW = [
    ("bf16", 0.1, "0.10009765625"),
    ("f16", 2.0**-24, "5.9604644775390625e-08"),
    ("f8_e4m3fn", 0.1, "0.1015625"),
    ("f8_e5m2", -57344, "-57344"),
    ("f64", 0.1, "0.1"),
    ("f64", 1 + 2.0**-52, "1.0000000000000002"),
    ("bf16", -np.inf, "-inf"),
    ("f8_e4m3fnuz", np.nan, "nan"),
]


@pytest.mark.parametrize(("dtype", "value", "shown"), NARROW)
def test_a_stored_number_is_written_out_with_its_format(dtype, value, shown):
    stored = np.array([value]).astype(TRUTH[dtype])
    assert show(stored, stored=True) == f"[{shown}]"
    assert number_of_format(stored[0]) == f"{dtype} {shown}"
    assert show(np.repeat(stored, 20), stored=True).startswith(f"20 of 20 not zero: [0] = {shown}, ")
    assert np.isnan(value) or float(shown) == float(stored[0])


def test_numbers_of_float32_and_of_the_evaluator_have_nine_digits():
    assert number(np.float32(0.1)) == number_of_format(np.float32(0.1)) == "0.100000001"
    assert number(np.float64(0.1)) == number(0.1) == "0.1" and number(np.float64(1 / 3)) == "0.333333333"


def test_integers_are_shown_whole_whatever_they_are_stored_as():
    large = np.full(20, 2**64 - 1, np.uint64)
    assert show(large).startswith("20 of 20 not zero: [0] = 18446744073709551615, ")
    for dtype in ("i4", "u4", "i8"):
        assert show(np.array([1, 0, 7]).astype(TRUTH[dtype])) == "[1, 0, 7]"
    assert number(np.int64(7)) == number_of_format(np.array(7).astype(TRUTH["i4"])) == "7"


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
