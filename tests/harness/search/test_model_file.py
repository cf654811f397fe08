"""The harness's own GGUF reader: what an independent writer wrote, and damage of every kind."""

import itertools
import os
import struct
import time
import tracemalloc
from pathlib import Path

import gguf
import numpy as np
import pytest

from harness.contract.collection import load
from harness.findings import HandledError
from harness.language.evaluate import decode
from harness.language.single import Single
from harness.search.model_file import ModelFile, bind

ROOT = Path(__file__).parents[3]
MODEL = ROOT / "tests/data/peers/tiny_qwen3moe.gguf"


@pytest.fixture(scope="module")
def layer():
    programs = {program.id: program for program in load((str(ROOT / "contracts"),))}
    return programs["qwen3-moe-ffn"]


HIDDEN, INTERMEDIATE, EXPERTS = 256, 256, 4


def write(path, change=lambda tensors, numbers: None, architecture="qwen3moe"):
    """A small model by the gguf package, with one thing about it changed."""
    rng = np.random.default_rng(1)
    blocks = {name: rng.integers(0, 120, (EXPERTS, HIDDEN, 144), np.uint8) for name in ("gate", "up", "down")}
    for raw in blocks.values():
        raw[..., :4] = 0x2C  # scales of about 0.07
    tensors = {
        "blk.0.ffn_gate_inp.weight": (rng.standard_normal((EXPERTS, HIDDEN)).astype(np.float32), None),
        **{f"blk.0.ffn_{name}_exps.weight": (raw, gguf.GGMLQuantizationType.Q4_K) for name, raw in blocks.items()},
    }
    numbers = {"block_count": 1, "embedding_length": HIDDEN, "expert_feed_forward_length": INTERMEDIATE,
               "expert_count": EXPERTS, "expert_used_count": 2}  # fmt: skip
    change(tensors, numbers)
    writer = gguf.GGUFWriter(path, architecture)
    for name, value in numbers.items():
        writer.add_uint32(f"{architecture}.{name}", value)
    writer.add_array("tokenizer.ggml.tokens", ["a", "b", "long" * 50])
    writer.add_array("tokenizer.ggml.scores", [0.5, 1.5])
    writer.add_string("general.name", "grün")
    writer.add_bool("general.flag", True)
    for name, (data, qtype) in tensors.items():
        writer.add_tensor(name, data, raw_dtype=qtype)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_a_file_of_the_gguf_package_is_read(tmp_path, layer):
    path = write(tmp_path / "model.gguf")
    file = ModelFile(path)
    assert file.metadata["general.name"] == "grün" and file.metadata["general.flag"] is True
    fixed, layers = bind(file, layer)
    assert fixed == {"hidden": HIDDEN, "intermediate": INTERMEDIATE, "experts": EXPERTS, "k": 2}
    (only,) = layers
    theirs = {tensor.name: tensor for tensor in gguf.GGUFReader(path).tensors}
    for name, tensor in (("gate", "gate_exps"), ("up", "up_exps"), ("down", "down_exps")):
        expected = gguf.dequantize(theirs[f"blk.0.ffn_{tensor}.weight"].data, gguf.GGMLQuantizationType.Q4_K)
        ours = np.asarray(decode(only.inputs[name], Single()), np.float32)
        assert np.array_equal(ours, expected.reshape(ours.shape))
    assert np.array_equal(only.inputs["router"], theirs["blk.0.ffn_gate_inp.weight"].data)


def test_the_peers_file_is_read_like_the_gguf_package_reads_it():
    file = ModelFile(MODEL)
    theirs = gguf.GGUFReader(MODEL)
    assert set(file.tensors) == {tensor.name for tensor in theirs.tensors}
    for tensor in theirs.tensors:
        mine = file.tensors[tensor.name]
        assert mine.shape == tuple(reversed(tensor.shape.tolist()))
        assert mine.offset == tensor.data_offset
        assert mine.dtype == tensor.tensor_type.name.lower()


def test_weights_are_mapped_not_copied(layer):
    _, layers = bind(ModelFile(MODEL), layer)
    router = layers[0].inputs["router"]
    assert not router.flags.owndata and not router.flags.writeable


def renamed(tensors, numbers):
    tensors["blk.0.ffn_gate_exp.weight"] = tensors.pop("blk.0.ffn_gate_exps.weight")


def other_shape(tensors, numbers):
    tensors["blk.0.ffn_gate_inp.weight"] = (np.zeros((EXPERTS + 1, HIDDEN), np.float32), None)


def other_type(tensors, numbers):
    data = np.zeros((EXPERTS, HIDDEN, 34 * 8), np.uint8)
    tensors["blk.0.ffn_up_exps.weight"] = (data, gguf.GGMLQuantizationType.Q8_0)


def half_router(tensors, numbers):
    tensors["blk.0.ffn_gate_inp.weight"] = (np.zeros((EXPERTS, HIDDEN), np.float16), None)


def number(name, value):
    def change(tensors, numbers):
        numbers[name] = value

    return change


def no_number(tensors, numbers):
    del numbers["expert_count"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (renamed, "no tensor 'blk.0.ffn_gate_exps.weight' for gate; did you mean 'blk.0.ffn_gate_exp.weight'?"),
        (other_shape, r"ffn_gate_inp.weight has shape \(5, 256\), qwen3-moe-ffn expects \(4, 256\)"),
        (other_type, "ffn_up_exps.weight is q8_0, qwen3-moe-ffn reads q4_k or q6_k"),
        (half_router, "ffn_gate_inp.weight is f16, qwen3-moe-ffn reads f32"),
        (no_number, "metadata qwen3moe.expert_count is None, expected a whole number"),
        (number("expert_used_count", 5), "expert_used_count is 5, qwen3-moe-ffn needs a k of at most 4"),
        (number("expert_used_count", 0), "expert_used_count is 0, qwen3-moe-ffn needs a k of at least 1"),
        (number("embedding_length", 0), "needs a hidden of at least 1"),
        (number("block_count", 0), "block_count is 0: no layer to run"),
        (number("block_count", 2), "no tensor 'blk.1.ffn_gate_inp.weight'"),
    ],
)
def test_what_does_not_fit_the_contract_is_refused(tmp_path, layer, change, told):
    with pytest.raises(HandledError, match=told):
        bind(ModelFile(write(tmp_path / "model.gguf", change)), layer)


def test_another_architecture_is_refused(tmp_path, layer):
    path = write(tmp_path / "model.gguf", architecture="llama")
    with pytest.raises(HandledError, match="architecture 'llama', but qwen3-moe-ffn is about qwen3moe"):
        bind(ModelFile(path), layer)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "cannot be read as a model file"),
        (b"GGUF", "ends in the middle of its header"),
        (b"GGML" + bytes(60), "starts with b'GGML', expected b'GGUF'"),
        (b"GGUF" + struct.pack("<IQQ", 1, 0, 0), "version 1, expected 2 or 3"),
        (b"GGUF" + struct.pack(">IQQ", 3, 0, 0), "version 50331648, expected 2 or 3"),
        (b"GGUF" + struct.pack("<IQQ", 3, 2**63, 0), "entries announced, room for"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 2**63), "entries announced, room for"),
        (b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 2**62) + bytes(20), "a name of 4611686018427387904 bytes"),
        (b"GGUF" + struct.pack("<IQQQ1sIIQ", 3, 0, 1, 1, b"a", 9, 9, 2**60) + bytes(20), "entries announced"),
        (
            b"GGUF" + struct.pack("<IQQQ1s", 3, 0, 1, 1, b"a") + struct.pack("<I", 9) + struct.pack("<IQ", 9, 1) * 9,
            "too deeply",
        ),
        (b"GGUF" + struct.pack("<IQQQ1sI", 3, 0, 1, 1, b"\xff", 4) + bytes(20), "a name that is not UTF-8"),
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
    slowest = 0.0
    refused = 0
    tracemalloc.start()
    for place in range(end):
        damaged[place] ^= 0xFF
        started = time.perf_counter()
        refused += harmless_or_refused(damaged, layer)
        slowest = max(slowest, time.perf_counter() - started)
        damaged[place] ^= 0xFF
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert slowest < 0.1 and peak < 1 << 24
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
