"""The harness's own GGUF reader: an independent reader agrees, and damage of every kind is refused or harmless."""

import itertools
import os
import struct
import tracemalloc
from pathlib import Path

import gguf
import pytest

from harness.findings import HandledError
from harness.model_files.gguf import ModelFile, number
from harness.model_files.weights import bind
from tests.hanging import no_hang

ROOT = Path(__file__).parents[3]
MODEL = ROOT / "tests/data/peers/tiny_qwen3moe.gguf"


def test_the_peers_file_is_read_like_the_gguf_package_reads_it():
    file = ModelFile(MODEL)
    theirs = gguf.GGUFReader(MODEL)
    assert set(file.tensors) == {tensor.name for tensor in theirs.tensors}
    for tensor in theirs.tensors:
        mine = file.tensors[tensor.name]
        assert mine.shape == tuple(reversed(tensor.shape.tolist()))
        assert mine.offset == tensor.data_offset
        assert mine.dtype == tensor.tensor_type.name.lower()


@pytest.mark.parametrize("key", ["general.name", "general.flag", "absent"])
def test_a_number_is_a_whole_number(key):
    file = ModelFile(MODEL)
    file.metadata |= {"general.name": "text", "general.flag": True}
    assert number(file, "qwen3moe.expert_count") == 8
    with pytest.raises(HandledError, match=f"metadata {key} is .*, expected a whole number"):
        number(file, key)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "cannot be read as a model file"),
        (b"GGUF", "ends in the middle of its header"),
        (b"GGML" + bytes(60), "starts with b'GGML', expected b'GGUF'"),
        (b"GGUF" + struct.pack("<IQQ", 1, 0, 0), "version 1, expected 2 or 3"),
        (b"GGUF" + struct.pack(">IQQ", 3, 0, 0), "version 3 in big-endian order, expected 2 or 3"),
        (b"GGUF" + struct.pack("<IQQ", 3, 2**63, 0), "tensors announced, room for"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 2**63), "entries announced, room for"),
        (
            b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 2**62) + bytes(20),
            "a key of 4611686018427387904 bytes, expected 1 to 65535",
        ),
        (
            b"GGUF" + struct.pack("<IQQQ1sIIQ", 3, 0, 1, 1, b"a", 9, 9, 2**60) + bytes(20),
            "strings or arrays in arrays announced",
        ),
        (
            b"GGUF" + struct.pack("<IQQQ1s", 3, 0, 1, 1, b"a") + struct.pack("<I", 9) + struct.pack("<IQ", 9, 1) * 9,
            "too deeply",
        ),
        (b"GGUF" + struct.pack("<IQQQ1sI", 3, 0, 1, 1, b"\xff", 4) + bytes(20), "a key that is not UTF-8"),
        (b"GGUF" + struct.pack("<IQQQ1sI", 3, 0, 1, 1, b"a", 77) + bytes(20), "a value of unknown type 77"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 2) + struct.pack("<Q1sII", 1, b"a", 4, 7) * 2, "metadata 'a' twice"),
        (
            b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q17sII", 17, b"general.alignment", 4, 12),
            "alignment 12",
        ),
        (
            b"GGUF" + struct.pack("<IQQQ1sIQIQ", 3, 1, 0, 1, b"a", 1, 4, 0, 7),
            "tensor 'a' at 7, expected a multiple of 32",
        ),
        (b"GGUF" + struct.pack("<IQQQ1sI", 3, 1, 0, 1, b"a", 9) + bytes(30), "has 9 axes, expected 1 to 4"),
        (b"GGUF" + struct.pack("<IQQ", 3, 2, 0) + struct.pack("<Q1sIQIQ", 1, b"a", 1, 4, 0, 0) * 2, "tensor 'a' twice"),
    ],
)
def test_malformed_headers_are_named(tmp_path, content, told):
    path = tmp_path / "model.gguf"
    path.write_bytes(content)
    with pytest.raises(HandledError, match=told) as refused:
        ModelFile(path)
    assert str(refused.value).startswith(f"{path}: ") and "\n" not in str(refused.value)


def test_what_is_no_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "absent", tmp_path / "pipe"):
        with pytest.raises(HandledError):
            ModelFile(path)


# --- systematic damage ----------------------------------------------------------------------------------------------


def in_memory(data):
    return ModelFile(Path("damaged.gguf"), data)


def header_end(data):
    return min(tensor.offset for tensor in in_memory(data).tensors.values())


@pytest.fixture(scope="module")
def peers():
    return MODEL.read_bytes()


def harmless_or_refused(data, layer):
    """Whether the copy is refused; anything but a refusal or a binding fails the test."""
    try:
        bind(in_memory(data), layer)
    except HandledError as error:
        assert "\n" not in str(error)
        return True
    return False


def test_files_cut_short_are_refused(peers, layer):
    end = header_end(peers)
    cuts = {*range(0, end, 97), *range(end, len(peers), len(peers) // 20), len(peers) - 1}
    last = max(
        tensor.data_offset + tensor.n_bytes for tensor in gguf.GGUFReader(MODEL).tensors if "ffn_" in tensor.name
    )
    refused = {cut for cut in cuts if harmless_or_refused(peers[:cut], layer)}
    assert refused == {cut for cut in cuts if cut < last}


def test_every_byte_of_the_header_may_be_damaged(peers, layer):
    """Each byte with all bits flipped: refused or harmless, at once, and without much memory."""
    end = header_end(peers)
    damaged = bytearray(peers)
    refused = 0
    tracemalloc.start()
    for place in range(end):
        damaged[place] ^= 0xFF
        with no_hang():
            refused += harmless_or_refused(damaged, layer)
        damaged[place] ^= 0xFF
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1 << 24
    assert refused > 400


def test_sizes_of_every_power_of_two_are_no_trap(peers, layer):
    """Every aligned eight bytes of the header as a size or count that is far too large."""
    end = header_end(peers)
    damaged = bytearray(peers)
    for place, value in itertools.product(range(8, end - 8, 61), (2**31, 2**40, 2**63, 2**64 - 1)):
        kept = damaged[place : place + 8]
        damaged[place : place + 8] = struct.pack("<Q", value)
        harmless_or_refused(damaged, layer)
        damaged[place : place + 8] = kept
