import numpy as np
import pytest

from impl.errors import InvalidShape, UnsupportedOperation
from impl.ggml_types import F32, GGML_TYPES, Q4_K, Q6_K
from impl.gguf import GGUFModel, TensorInfo
from impl.layer import moe_ffn_forward_layer
from impl.loader import load_qwen3_moe_layer
from impl.synthetic import SourceTensor, gguf_bytes

ROLES = ("ffn_gate_inp", "ffn_gate_exps", "ffn_up_exps", "ffn_down_exps")
SHAPES = {
    "ffn_gate_inp": (F32, (4, 512)),
    "ffn_gate_exps": (Q4_K, (4, 256, 512)),
    "ffn_up_exps": (Q4_K, (4, 256, 512)),
    "ffn_down_exps": (Q6_K, (4, 512, 256)),
}
METADATA = {
    "general.architecture": (8, "qwen3moe"),
    "qwen3moe.expert_count": (4, 4),
    "qwen3moe.expert_used_count": (4, 2),
    "qwen3moe.embedding_length": (4, 512),
    "qwen3moe.expert_feed_forward_length": (4, 256),
}


def model(changes=None, metadata=None, layer=0):
    """A file with zero weights; ``changes`` replaces (type, shape) by role, None leaves the tensor out."""
    tensors = {}
    for role, described in (SHAPES | (changes or {})).items():
        if described is None:
            continue
        qtype, shape = described
        rows = int(np.prod(shape[:-1]))
        size = rows * GGML_TYPES[qtype].row_bytes(shape[-1])
        tensors[f"blk.{layer}.{role}.weight"] = SourceTensor(qtype, shape, bytes(size))
    entries = {key: value for key, value in (METADATA | (metadata or {})).items() if value is not None}
    return GGUFModel.from_bytes(gguf_bytes(entries, tensors))


def test_descriptors_point_into_the_file(peer_model):
    layer = load_qwen3_moe_layer(peer_model, 1)
    assert [layer.router.qtype, layer.gate_exps.qtype, layer.up_exps.qtype, layer.down_exps.qtype] == [
        0,
        14,
        14,
        12,
    ]
    assert layer.router.shape == (8, 256)
    assert layer.down_exps.shape == (8, 256, 256)
    assert layer.down_exps.num_elements == 8 * 256 * 256
    assert layer.down_exps.byte_size == 8 * 256 * 144
    assert layer.gate_exps.offset == peer_model.tensor("blk.1.ffn_gate_exps.weight").offset


@pytest.mark.parametrize("role", ROLES)
def test_a_missing_tensor_is_named(role):
    with pytest.raises(InvalidShape, match=rf"^Tensor 'blk\.0\.{role}\.weight' not found$"):
        load_qwen3_moe_layer(model({role: None}), 0)


def test_the_first_missing_tensor_is_named_in_the_order_of_the_lookup():
    with pytest.raises(InvalidShape, match="ffn_gate_exps"):
        load_qwen3_moe_layer(model({"ffn_gate_exps": None, "ffn_down_exps": None}), 0)


@pytest.mark.parametrize("layer", [1, -1, 10**6])
def test_a_layer_that_is_not_there_is_refused(layer):
    with pytest.raises(InvalidShape, match=f"Tensor 'blk.{layer}.ffn_gate_inp.weight' not found"):
        load_qwen3_moe_layer(model(), layer)


SIZES = dict.fromkeys(key for key in METADATA if key != "general.architecture")  # left out


@pytest.mark.parametrize("metadata", [{}, SIZES])
def test_a_sound_file_loads_with_and_without_its_sizes(metadata):
    assert load_qwen3_moe_layer(model(metadata=metadata), 0).gate_exps.shape == (4, 256, 512)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        (
            {"ffn_gate_exps": (2, (4, 256, 512))},
            UnsupportedOperation,
            r"ffn_gate_exps.weight has qtype 2 \(q4_0\)",
        ),
        (
            {"ffn_down_exps": (8, (4, 512, 256))},
            UnsupportedOperation,
            r"ffn_down_exps.weight has qtype 8 \(q8_0\)",
        ),
        (
            {"ffn_up_exps": (0, (4, 256, 512))},
            UnsupportedOperation,
            r"ffn_up_exps.weight has qtype 0 \(f32\)",
        ),
        ({"ffn_gate_inp": (1, (4, 512))}, UnsupportedOperation, r"ffn_gate_inp.weight has qtype 1 \(f16\)"),
        (
            {"ffn_gate_inp": (0, (4, 256))},
            InvalidShape,
            r"gate_exps.weight has shape \(4, 256, 512\), expected",
        ),
        ({"ffn_gate_inp": (0, (3, 512))}, InvalidShape, r"expected \(3, 256, 512\)"),
        (
            {"ffn_up_exps": (12, (4, 255, 512))},
            InvalidShape,
            r"ffn_up_exps.weight has shape \(4, 255, 512\), expected",
        ),
        (
            {"ffn_down_exps": (14, (4, 256, 512))},
            InvalidShape,
            r"has shape \(4, 256, 512\), expected \(4, 512, 256\)",
        ),
        ({"ffn_down_exps": (14, (3, 512, 256))}, InvalidShape, "ffn_down_exps"),
        ({"ffn_gate_inp": (0, (1, 4, 512))}, InvalidShape, "expected 2 dimensions"),
        ({"ffn_up_exps": (12, (1, 4, 256, 512))}, InvalidShape, "expected 3 dimensions"),
    ],
)
def test_what_could_not_be_computed_is_refused_at_load(changes, error, message):
    with pytest.raises(error, match=message) as caught:
        load_qwen3_moe_layer(model(changes), 0)
    assert "load refused: blk.0." in str(caught.value)


@pytest.mark.parametrize(
    ("metadata", "error", "message"),
    [
        ({"qwen3moe.expert_count": (4, 8)}, InvalidShape, r"\(4, 512\), but qwen3moe.expert_count = 8"),
        ({"qwen3moe.embedding_length": (10, 256)}, InvalidShape, "embedding_length = 256"),
        ({"qwen3moe.expert_feed_forward_length": (4, 768)}, InvalidShape, "expert_feed_forward_length = 768"),
        (
            {"qwen3moe.expert_used_count": (4, 0)},
            InvalidShape,
            "expert_used_count = 0 must be between 1 and 4",
        ),
        (
            {"qwen3moe.expert_used_count": (4, 5)},
            InvalidShape,
            "expert_used_count = 5 must be between 1 and 4",
        ),
        ({"qwen3moe.expert_count": (8, "4")}, InvalidShape, "expert_count must be an integer, got '4'"),
        ({"qwen3moe.expert_count": (7, True)}, InvalidShape, "expert_count must be an integer, got True"),
        (
            {"qwen3moe.expert_count": (9, (4, [4]))},
            InvalidShape,
            "expert_count must be an integer, got an array",
        ),
        (
            {"general.architecture": (8, "llama")},
            UnsupportedOperation,
            "architecture is 'llama', expected qwen3moe",
        ),
        ({"general.architecture": (4, 3)}, UnsupportedOperation, "architecture is 3"),
        ({"general.architecture": None}, UnsupportedOperation, "general.architecture is missing"),
        (
            {"general.architecture": (8, "qwen3_5_moe")},  # an alias of the names, not of the layer
            UnsupportedOperation,
            "architecture is 'qwen3_5_moe', expected qwen3moe or qwen3_moe",
        ),
    ],
)
def test_metadata_that_contradicts_the_tensors_is_refused(metadata, error, message):
    with pytest.raises(error, match=message) as caught:
        load_qwen3_moe_layer(model(metadata=metadata), 0)
    assert "load refused:" in str(caught.value)


def test_a_tensor_without_bytes_is_refused():
    sound = model()
    tensors = dict(sound.tensors)
    name = "blk.0.ffn_up_exps.weight"
    tensors[name] = TensorInfo(name, tensors[name].ggml_dims, Q4_K, tensors[name].offset, 0)
    hollow = GGUFModel(sound.version, sound.alignment, sound.metadata, tensors, sound.data)
    with pytest.raises(InvalidShape, match=f"load refused: {name} has 0 bytes"):
        load_qwen3_moe_layer(hollow, 0)


def test_outermost_ones_that_ggml_does_not_write_are_understood():
    one = {
        "ffn_gate_inp": (F32, (256,)),
        "ffn_gate_exps": (Q4_K, (256, 256)),
        "ffn_up_exps": (Q4_K, (256, 256)),
        "ffn_down_exps": (Q6_K, (256, 256)),
    }
    layer = load_qwen3_moe_layer(model(one, SIZES), 0)
    assert layer.router.shape == (1, 256)
    assert layer.down_exps.shape == (1, 256, 256)


def test_a_loaded_layer_runs_on_the_mapped_file():
    sound = model()
    layer = load_qwen3_moe_layer(sound, 0)
    output = moe_ffn_forward_layer(np.ones(512, np.float32), layer, 4, 2, 256, 512, sound.data)
    np.testing.assert_array_equal(output, 0)
