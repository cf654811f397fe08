"""Whole files: against the gguf package's reader and writer, and damaged in every way that truncation can."""

import struct
from pathlib import Path

import gguf
import numpy as np
import pytest

from impl.errors import InvalidShape, MalformedFile
from impl.gguf import GGUFModel
from tests.hanging import no_hang

PEER = Path(__file__).parents[2] / "data" / "peers" / "tiny_qwen3moe.gguf"


def test_it_agrees_with_the_gguf_package_on_the_peers_file(peer_model):
    theirs = gguf.GGUFReader(PEER)
    assert list(peer_model.tensors) == [tensor.name for tensor in theirs.tensors]
    for tensor in theirs.tensors:
        own = peer_model.tensors[tensor.name]
        assert own.ggml_dims == tuple(tensor.shape.tolist())
        assert own.qtype == tensor.tensor_type
        assert (own.offset, own.byte_size) == (tensor.data_offset, tensor.n_bytes)
        assert peer_model.data[own.offset : own.offset + own.byte_size] == tensor.data.tobytes()
    for key, entry in peer_model.metadata.items():
        value = theirs.fields[key].contents()
        assert (peer_model.array(key) if entry.value_type == 9 else entry.value) == value, key


@pytest.mark.parametrize("alignment", [32, 128])
def test_it_reads_what_the_gguf_package_writes(tmp_path, truth, alignment):
    path = tmp_path / "model.gguf"
    writer = gguf.GGUFWriter(path, "qwen3moe")
    writer.add_custom_alignment(alignment)
    writer.add_uint32("qwen3moe.expert_count", 8)
    writer.add_array("words", ["a", "b"])
    writer.add_array("ids", [1, 2, 3])
    router = np.arange(12, dtype=np.float32).reshape(3, 4)
    rows = truth.random_rows(np.random.default_rng(0), 14, 6, 512).reshape(2, 3, 420)
    writer.add_tensor("router", router)
    writer.add_tensor("experts", rows, raw_dtype=gguf.GGMLQuantizationType.Q6_K)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    model = GGUFModel.from_path(path)
    assert (model.version, model.alignment) == (3, alignment)
    assert model.scalar("general.architecture") == "qwen3moe"
    assert model.scalar("qwen3moe.expert_count") == 8
    assert (model.array("words"), model.array("ids")) == (["a", "b"], [1, 2, 3])
    experts = model.tensor("experts")
    assert (experts.shape, experts.qtype, experts.byte_size) == ((2, 3, 512), 14, rows.size)
    assert model.data[experts.offset : experts.offset + experts.byte_size] == rows.tobytes()
    assert model.tensor("router").shape == (3, 4)


def test_the_data_is_read_only(peer_model):
    assert peer_model.data.readonly


def test_a_missing_tensor_is_named(peer_model):
    with pytest.raises(InvalidShape, match=r"^Tensor 'blk\.0\.ffn_up\.weight' not found$"):
        peer_model.tensor("blk.0.ffn_up.weight")


@pytest.mark.parametrize("version", [2, 3])
def test_both_versions_are_read(parts, version):
    assert GGUFModel.from_bytes(parts.assembled(version=version)).version == version


def test_every_truncation_is_refused(parts):
    whole = parts.well_formed()
    GGUFModel.from_bytes(whole)
    for size in range(len(whole)):
        with pytest.raises(MalformedFile):
            GGUFModel.from_bytes(whole[:size])


def test_damaged_bytes_never_end_in_another_error(parts):
    whole = bytearray(parts.well_formed())
    header = whole.index(b"numbers") + 200
    for at in range(header):
        for value in (0x00, 0x7F, 0xFF):
            damaged = whole.copy()
            damaged[at] = value
            try:
                model = GGUFModel.from_bytes(damaged)
                for key in model.metadata:
                    model.array(key)
            except MalformedFile:
                pass


HUGE = 2**64 - 1


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "byte 0 .magic.: expected 4 more bytes, got 0"),
        (b"GGU", "4 more bytes, got 3"),
        (b"GGML" + bytes(100), "magic.*expected b'GGUF', got b'GGML'"),
        (struct.pack("<4sI", b"GGUF", 1) + bytes(16), "version.*2 or 3, got 1"),
        (struct.pack("<4sI", b"GGUF", 4) + bytes(16), "version.*2 or 3, got 4"),
        (struct.pack(">4sI", b"GGUF", 3) + bytes(16), "version 3 in big-endian order"),
        (struct.pack("<4sIQQ", b"GGUF", 3, HUGE, 0), "tensor count.*at most"),
        (struct.pack("<4sIQQ", b"GGUF", 3, 0, HUGE), "metadata count.*at most"),
        (struct.pack("<4sIQQ", b"GGUF", 3, 0, 2**40) + bytes(1000), "metadata count.*got 1099511627776"),
    ],
)
def test_malformed_headers_are_refused_at_once(data, message):
    with no_hang(), pytest.raises(MalformedFile, match=message):
        GGUFModel.from_bytes(data)


@pytest.mark.parametrize(
    ("value_type", "value", "message"),
    [
        (4, struct.pack("<I", 0), "power of two of at least 8, got 0"),
        (4, struct.pack("<I", 4), "power of two of at least 8, got 4"),
        (4, struct.pack("<I", 24), "power of two of at least 8, got 24"),
        (10, struct.pack("<Q", 32), "a uint32, got a uint64"),
        (8, struct.pack("<Q2s", 2, b"32"), "a uint32, got a string"),
        (9, struct.pack("<IQI", 4, 1, 32), "a uint32, got a array"),
        (4, struct.pack("<I", 2**31), "data inside the file"),
    ],
)
def test_an_alignment_that_cannot_be_is_refused(parts, value_type, value, message):
    data = parts.assembled([parts.pair("general.alignment", value_type, value)], [parts.descriptor()], bytes(64))
    with pytest.raises(MalformedFile, match=message):
        GGUFModel.from_bytes(data)


def test_a_malformed_file_is_named(tmp_path):
    for content in (b"", b"not a model"):
        path = tmp_path / "broken.gguf"
        path.write_bytes(content)
        with pytest.raises(MalformedFile, match=r"broken\.gguf: byte 0 \(magic\)"):
            GGUFModel.from_path(path)


def test_a_missing_file_is_the_system_s_own_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        GGUFModel.from_path(tmp_path / "absent.gguf")
