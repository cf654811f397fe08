"""A layer of another function is refused when it is loaded, by the name of what makes it one."""

import pytest

from impl.errors import UnsupportedOperation
from impl.gguf import GGUFModel
from impl.loader import load_qwen3_moe_layer
from tests.moe_variants import HARMLESS, HARMLESS_TENSORS, KEYS, TENSORS, write


@pytest.mark.parametrize("tensor", TENSORS)
def test_a_tensor_that_changes_the_function_is_named(tmp_path, tensor):
    model = GGUFModel.from_path(write(tmp_path / "model.gguf", tensor=f"blk.0.{tensor}"))
    with pytest.raises(UnsupportedOperation, match=f"load refused: 'blk.0.{tensor}' changes what the layer computes"):
        load_qwen3_moe_layer(model, 0)


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in KEYS.items() for value in values])
def test_a_key_that_changes_the_function_is_named(tmp_path, key, value):
    model = GGUFModel.from_path(write(tmp_path / "model.gguf", key=key, value=value))
    with pytest.raises(UnsupportedOperation, match=f"load refused: 'qwen3moe.{key}' = .* changes the layer"):
        load_qwen3_moe_layer(model, 0)


@pytest.mark.parametrize(("key", "value"), HARMLESS)
def test_a_key_that_says_what_is_computed_anyway_is_none(tmp_path, key, value):
    load_qwen3_moe_layer(GGUFModel.from_path(write(tmp_path / "model.gguf", key=key, value=value)), 0)


@pytest.mark.parametrize("tensor", HARMLESS_TENSORS)
def test_other_tensors_do_not_matter(tmp_path, tensor):
    load_qwen3_moe_layer(GGUFModel.from_path(write(tmp_path / "model.gguf", tensor=tensor)), 0)


def test_a_key_of_another_architecture_says_nothing(tmp_path):
    data = write(tmp_path / "model.gguf", key="expert_weights_scale", value=2.5).read_bytes()
    key = b"qwen3moe.expert_weights_scale"
    assert data.count(key) == 1
    load_qwen3_moe_layer(GGUFModel.from_bytes(data.replace(key, b"qwen2moe.expert_weights_scale")), 0)
