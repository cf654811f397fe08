import struct

import pytest

from impl.errors import MalformedFile
from impl.gguf import GGUFModel
from impl.gguf.cursor import Cursor
from impl.gguf.metadata import ArrayValue, array_items, metadata_count, read_metadata
from tests.hanging import no_hang

SCALARS = [
    (0, "<B", 255),
    (1, "<b", -128),
    (2, "<H", 65535),
    (3, "<h", -32768),
    (4, "<I", 2**32 - 1),
    (5, "<i", -(2**31)),
    (6, "<f", 0.5),
    (7, "<B", True),
    (10, "<Q", 2**64 - 1),
    (11, "<q", -(2**63)),
    (12, "<d", 0.1),
]


@pytest.mark.parametrize(("value_type", "layout", "value"), SCALARS)
def test_scalars_of_every_type(parts, value_type, layout, value):
    entries = read_metadata(Cursor(memoryview(parts.pair("k", value_type, struct.pack(layout, value)))), 1)
    assert entries["k"].value == value
    assert type(entries["k"].value) is type(value)


def test_arrays_are_stepped_over_and_read_when_asked_for(parts):
    model = GGUFModel.from_bytes(parts.well_formed())
    assert isinstance(model.metadata["tokens"].value, ArrayValue)
    assert model.array("tokens") == ["a", "bc", ""]
    assert model.array("nested") == [[1, 2], ["x"]]
    assert model.array("numbers") == [0.5]
    assert model.array("flag") is None
    assert model.scalar("tokens") is None
    assert model.scalar("flag") is True
    assert model.scalar("missing") is None


def test_a_large_vocabulary_is_stepped_over_quickly(parts):
    tokens = b"".join(parts.string(f"token{i}") for i in range(152_000))
    array = struct.pack("<IQ", 8, 152_000) + tokens
    data = parts.assembled([parts.pair("tokenizer.ggml.tokens", 9, array)])
    with no_hang():
        model = GGUFModel.from_bytes(data)
    assert model.metadata["tokenizer.ggml.tokens"].value.count == 152_000


def test_strings_of_an_array_are_checked_when_read(parts):
    data = memoryview(parts.string(b"\xff"))
    with pytest.raises(MalformedFile, match=r"byte 8 \(value of 'k'\): expected UTF-8, got bytes ff"):
        array_items(data, ArrayValue(8, 1, 0), "k")


def nested(depth):
    return struct.pack("<IQ", 9, 1) * depth + struct.pack("<IQB", 0, 1, 7)


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        (("", 0, b"\0"), "metadata key.*1 to 65535 bytes, got 0"),
        (("k" * 65536, 0, b"\0"), "1 to 65535 bytes, got 65536"),
        ((b"\xc3\x28", 0, b"\0"), "UTF-8"),
        (("k", 13, b"\0" * 16), "value type below 13, got 13"),
        (("k", 2**32 - 1, b"\0" * 16), "value type below 13"),
        (("k", 7, b"\2" + bytes(40)), "0 or 1 for a bool, got 2"),
        (("k", 8, struct.pack("<Q", 2**64 - 1)), "18446744073709551615 more bytes"),
        (("k", 8, struct.pack("<Q", 2) + b"\xff\xfe"), "UTF-8, got bytes ff fe"),
        (("k", 9, struct.pack("<IQ", 0, 2**63)), "length of 'k'.*got 9223372036854775808"),
        (("k", 9, struct.pack("<IQ", 8, 2**40)), "length of 'k'.*got 1099511627776"),
        (("k", 9, struct.pack("<IQQ", 8, 1, 2**64 - 1)), "string 0.*18446744073709551615 more bytes"),
        (("k", 9, struct.pack("<IQ", 13, 0)), "value type below 13, got 13"),
        (("k", 9, struct.pack("<IQ", 9, 2**60)), "length of 'k'"),
        (("k", 9, nested(4)), "nested at most 4 deep"),
        (("k", 9, nested(10_000)), "nested at most 4 deep"),
    ],
)
def test_malformed_pairs_are_refused(parts, pair, message):
    with pytest.raises(MalformedFile, match=message):
        GGUFModel.from_bytes(parts.assembled([parts.pair(*pair)]))


def test_nesting_within_the_limit_is_read(parts):
    assert GGUFModel.from_bytes(parts.assembled([parts.pair("k", 9, nested(3))])).array("k") == [[[[7]]]]


def test_a_repeated_key_is_refused(parts):
    twice = [parts.pair("k", 0, b"\1"), parts.pair("k", 0, b"\2")]
    with pytest.raises(MalformedFile, match="each key once, got 'k' a second time"):
        GGUFModel.from_bytes(parts.assembled(twice))


def test_a_count_is_bounded_by_what_is_left():
    with pytest.raises(MalformedFile, match=r"metadata count.*at most 0.*got 1"):
        metadata_count(Cursor(memoryview(struct.pack("<Q", 1) + bytes(12))))
