"""Weights of files that an independent writer wrote, as inputs of a contract."""

from dataclasses import replace
from pathlib import Path

import gguf
import numpy as np
import pytest

from harness.findings import HandledError
from harness.language.evaluate import decode
from harness.language.single import Single
from harness.model_files.gguf import ModelFile
from harness.model_files.gguf import number as whole_number
from harness.model_files.weights import bind
from harness.program.collection import load
from tests.harness.numpy_types import TRUTH

ROOT = Path(__file__).parents[3]
MODEL = ROOT / "tests/data/peers/tiny_qwen3moe.gguf"
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


@pytest.mark.parametrize("dtype", ["f32", "bf16", "f16", "f64"])
def test_plain_weights_of_every_type_that_the_input_names(tmp_path, layer, dtype):
    """Against the gguf package's own reader and dequantiser."""
    stored = gguf.GGMLQuantizationType[dtype.upper()]

    def change(tensors, numbers):
        data, _ = tensors["blk.0.ffn_gate_inp.weight"]
        kept = data.astype(np.float64) if dtype == "f64" else gguf.quantize(data, stored)
        tensors["blk.0.ffn_gate_inp.weight"] = (kept, stored if dtype == "bf16" else None)

    path = write(tmp_path / "model.gguf", change)
    part = replace(layer.inputs["router"], plain=("f32", "bf16", "f16", "f64"))
    (only,) = bind(ModelFile(path), replace(layer, inputs={**layer.inputs, "router": part}))[1]
    theirs = next(tensor for tensor in gguf.GGUFReader(path).tensors if tensor.name == "blk.0.ffn_gate_inp.weight")
    router = only.inputs["router"]
    assert router.dtype == TRUTH[dtype] and router.shape == (EXPERTS, HIDDEN) and not router.flags.owndata
    expected = theirs.data if dtype == "f64" else gguf.dequantize(theirs.data, stored)
    assert np.array_equal(router.astype(np.float64), expected.astype(np.float64))


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
        (no_number, "metadata qwen3moe.expert_count is absent, expected a whole number"),
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


@pytest.fixture(scope="module")
def in_blocks():
    """A contract that says of its dimensions: so many blocks of 256."""
    programs = {program.id: program for program in load((str(ROOT / "contracts"),))}
    return programs["qwen3-moe-ffn-q8k"]


def test_dimensions_that_follow_from_the_files_are_fixed_too(in_blocks):
    fixed, _ = bind(ModelFile(MODEL), in_blocks)
    assert fixed["hidden"] == 256 and fixed["hidden_blocks"] == 1


def test_dimensions_of_another_form_are_refused(tmp_path, in_blocks):
    path = write(tmp_path / "model.gguf", number("embedding_length", 300))
    with pytest.raises(HandledError, match=r"embedding_length is 300, .* needs a hidden of the form"):
        bind(ModelFile(path), in_blocks)


def test_another_architecture_is_refused(tmp_path, layer):
    path = write(tmp_path / "model.gguf", architecture="llama")
    with pytest.raises(HandledError, match="architecture 'llama', but qwen3-moe-ffn is about qwen3moe"):
        bind(ModelFile(path), layer)


def test_a_file_without_an_architecture_is_refused(layer):
    file = ModelFile(MODEL)
    del file.metadata["general.architecture"]
    with pytest.raises(HandledError, match=r"no general\.architecture, but qwen3-moe-ffn is about qwen3moe"):
        bind(file, layer)


@pytest.mark.parametrize(
    "add", ["add_uint8", "add_int8", "add_uint16", "add_int16", "add_int32", "add_uint64", "add_int64"]
)
def test_a_count_of_any_width_is_read(tmp_path, add):
    path = tmp_path / "model.gguf"
    writer = gguf.GGUFWriter(path, "qwen3moe")
    getattr(writer, add)("qwen3moe.expert_count", 8)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    assert whole_number(ModelFile(path), "qwen3moe.expert_count") == 8
