import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.aprt import read_aprt, write_aprt
from impl.aprt.format import read_header
from impl.errors import BadMagic, BodyLengthMismatch, ImplError, InvalidShape, Truncated

WORDS = st.lists(st.integers(0, 2**32 - 1), max_size=40)
LAYERS = st.none() | st.integers(0, 2**32 - 2)


def vector(words) -> np.ndarray:
    return np.array(words, np.uint32).view(np.float32)


def by_hand(layer, values) -> bytes:
    """The file as the format says, value by value."""
    number = 0xFFFFFFFF if layer is None else layer
    head = b"APRT" + number.to_bytes(4, "little") + len(values).to_bytes(4, "little")
    return head + b"".join(int(word).to_bytes(4, "little") for word in values.view(np.uint32))


@given(LAYERS, WORDS)
def test_every_bit_comes_back(layer, words):
    values = vector(words)
    data = write_aprt(layer, values)
    assert data == by_hand(layer, values)
    assert len(data) == 12 + 4 * len(words)
    own_layer, own_values = read_aprt(data)
    assert own_layer == layer
    assert own_values.view(np.uint32).tolist() == words
    assert own_values.flags.writeable and own_values.dtype == np.float32


def test_signalling_nans_and_their_payloads_are_kept():
    words = [0x7F800001, 0xFFC12345, 0x7FFFFFFF, 0x80000000, 0x00000001, 0x7F800000]
    assert read_aprt(write_aprt(3, vector(words)))[1].view(np.uint32).tolist() == words


def test_a_vector_with_gaps_is_written_in_order():
    values = np.arange(10, dtype=np.float32)[::3]
    assert write_aprt(0, values) == write_aprt(0, values.copy())


@pytest.mark.parametrize("layer", [-1, 2**32 - 1, 2**40])
def test_a_layer_that_has_no_number_is_refused(layer):
    with pytest.raises(InvalidShape, match=rf"write_aprt: layer {layer} must be between 0 and 4294967294"):
        write_aprt(layer, vector([]))


@pytest.mark.parametrize("values", [None, [1.0], np.zeros(2), np.zeros((1, 2), np.float32), np.float32(1)])
def test_other_values_are_refused(values):
    with pytest.raises(InvalidShape, match="write_aprt: values must be a float32 vector"):
        write_aprt(0, values)


GOOD = write_aprt(5, np.arange(6, dtype=np.float32))


@pytest.mark.parametrize("size", range(12))
def test_a_header_that_is_cut_short(size):
    with pytest.raises(Truncated, match=rf"^byte 0 \(header\): expected 12 bytes, got {size}$"):
        read_aprt(GOOD[:size])


@pytest.mark.parametrize("size", range(12, len(GOOD)))
def test_a_body_that_is_cut_short(size):
    with pytest.raises(
        BodyLengthMismatch, match=rf"^byte 12 \(body\): expected 24 bytes for 6 values, got {size - 12}$"
    ):
        read_aprt(GOOD[:size])


@pytest.mark.parametrize("more", [1, 3, 4, 24, 1000])
def test_bytes_that_are_left_over(more):
    with pytest.raises(BodyLengthMismatch, match=f"got {24 + more}$"):
        read_aprt(GOOD + bytes(more))


@pytest.mark.parametrize("count", [0, 5, 7, 2**31, 2**32 - 1])
def test_a_count_that_lies_allocates_nothing(count):
    with pytest.raises(BodyLengthMismatch):
        read_aprt(GOOD[:8] + struct.pack("<I", count) + GOOD[12:])


@pytest.mark.parametrize("magic", [b"GGUF", b"aprt", b"TRPA", bytes(4), b"APR2", b"\xffPRT"])
def test_another_magic(magic):
    with pytest.raises(BadMagic, match=r"^byte 0 \(magic\): expected b'APRT', got b'"):
        read_aprt(magic + GOOD[4:])


def test_the_magic_is_judged_before_the_body():
    with pytest.raises(BadMagic):
        read_aprt(b"GGUF" + GOOD[4:13])
    with pytest.raises(Truncated):
        read_aprt(b"GGUF")


@pytest.mark.parametrize("bit", range(8 * 12))
def test_every_flipped_bit_of_the_header_but_the_layers_is_refused(bit):
    damaged = bytearray(GOOD)
    damaged[bit // 8] ^= 1 << bit % 8
    if 32 <= bit < 64:
        assert read_aprt(damaged)[0] != 5  # the layer has no redundancy: the path and the sidecar have it
    else:
        with pytest.raises(ImplError):
            read_aprt(damaged)


@pytest.mark.parametrize("data", [None, 7, "APRT", np.zeros((2, 24), np.uint8)[:, ::2], object()])
def test_what_is_no_buffer_is_refused(data):
    with pytest.raises(ImplError):
        read_aprt(data)


@given(st.binary(max_size=64))
def test_nothing_else_escapes(data):
    try:
        layer, values = read_aprt(data)
    except ImplError:
        return
    assert write_aprt(layer, values) == data


def test_a_header_is_enough_to_refuse_a_file():
    assert read_header(GOOD[:12], len(GOOD)) == (5, 6)
    with pytest.raises(BodyLengthMismatch):
        read_header(GOOD[:12], len(GOOD) + 1)
